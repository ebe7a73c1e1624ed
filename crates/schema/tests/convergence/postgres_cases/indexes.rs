use crate::case::Case;

const FILLED: &str = "INSERT INTO t (a, b) VALUES (1, 'x')";
const KEPT: &str = "SELECT a || b FROM t";

pub(super) const CASES: &[Case] = &[
    Case::new("index comes", "CREATE TABLE t (a int, b text)", "CREATE TABLE t (a int, b text); CREATE INDEX t_b_idx ON t (b)")
        .keeps(FILLED, KEPT)
        .by(&["CREATE INDEX t_b_idx ON t (b)"]),
    Case::new(
        "indexes with all they can say come and go",
        "CREATE TABLE t (a int, b text, c text[], d point, e jsonb);
         CREATE INDEX one ON t (a DESC, b NULLS FIRST, a DESC NULLS LAST); CREATE INDEX two ON t USING hash (b);
         CREATE UNIQUE INDEX three ON t (b COLLATE \"C\" text_pattern_ops) INCLUDE (a) NULLS NOT DISTINCT WITH (fillfactor = 60) WHERE a > 1",
        "CREATE TABLE t (a int, b text, c text[], d point, e jsonb);
         CREATE INDEX four ON t USING gin (c) WITH (fastupdate = off); CREATE INDEX five ON t USING gist (d);
         CREATE INDEX six ON t USING gin (e jsonb_path_ops); CREATE INDEX seven ON t USING brin (a) WITH (pages_per_range = 8);
         CREATE INDEX eight ON t ((b || 'x'), lower(b), (a + 1) DESC); CREATE INDEX nine ON t (((e ->> 'x')) text_pattern_ops);
         CREATE INDEX ten ON t (b) WHERE b IN ('x', 'y') AND a BETWEEN 1 AND 5",
    )
    .keeps(FILLED, KEPT),
    Case::new("index is renamed", "CREATE TABLE t (a int, b text); CREATE INDEX one ON t (b)", "CREATE TABLE t (a int, b text); CREATE INDEX \"Two\" ON t (b)")
        .keeps(FILLED, KEPT)
        .by(&["ALTER INDEX one RENAME TO \"Two\""]),
    Case::new("index changes", "CREATE TABLE t (a int, b text); CREATE INDEX one ON t (b)", "CREATE TABLE t (a int, b text); CREATE INDEX one ON t (b, a DESC)")
        .keeps(FILLED, KEPT),
    Case::new(
        "storage and comment of an index change in place",
        "CREATE TABLE t (a int, b text); CREATE INDEX one ON t (b) WITH (fillfactor = 50); CREATE INDEX two ON t (a); COMMENT ON INDEX two IS 'x'",
        "CREATE TABLE t (a int, b text); CREATE INDEX one ON t (b) WITH (deduplicate_items = off); CREATE INDEX two ON t (a) WITH (fillfactor = 90); COMMENT ON INDEX one IS 'it''s'",
    )
    .keeps(FILLED, KEPT)
    .never_by(&["DROP INDEX"]),
    Case::new("unique index loses uniqueness", "CREATE TABLE t (a int, b text); CREATE UNIQUE INDEX one ON t (b)", "CREATE TABLE t (a int, b text); CREATE INDEX one ON t (b)")
        .keeps(FILLED, KEPT),
    Case::new(
        "operator class of an extension, with options",
        "CREATE TABLE t (a int, b text)",
        "CREATE EXTENSION pg_trgm; CREATE TABLE t (a int, b text); CREATE INDEX one ON t USING gin (b gin_trgm_ops); CREATE INDEX two ON t USING gist (b gist_trgm_ops (siglen = 32))",
    )
    .keeps(FILLED, KEPT),
    Case::new(
        "extension goes with its type",
        "CREATE EXTENSION citext; CREATE TABLE t (a int, b citext DEFAULT 'x' UNIQUE)",
        "CREATE TABLE t (a int, b text DEFAULT 'x' UNIQUE)",
    )
    .keeps(FILLED, KEPT),
    Case::new(
        "index on an expression of a function that changes its result",
        "CREATE FUNCTION f(x int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT x + 1'; CREATE TABLE t (a int, b text); CREATE INDEX one ON t (f(a))",
        "CREATE FUNCTION f(x int) RETURNS bigint IMMUTABLE LANGUAGE sql AS 'SELECT x::bigint'; CREATE TABLE t (a int, b text); CREATE INDEX one ON t (f(a))",
    )
    .keeps(FILLED, KEPT),
    Case::new(
        "names are exchanged",
        "CREATE TABLE t (a int, b text); CREATE INDEX one ON t (a); CREATE INDEX two ON t (b)",
        "CREATE TABLE t (a int, b text); CREATE INDEX two ON t (a); CREATE INDEX one ON t (b)",
    )
    .keeps(FILLED, KEPT),
    Case::new(
        "statistics of expressions come and change",
        "CREATE TABLE t (a int); CREATE INDEX i ON t (a, (a + 1)); CREATE INDEX j ON t ((a * 2)); ALTER INDEX j ALTER COLUMN 1 SET STATISTICS 200;",
        "CREATE TABLE t (a int); CREATE INDEX i ON t (a, (a + 1)); ALTER INDEX i ALTER COLUMN 2 SET STATISTICS 500; CREATE INDEX j ON t ((a * 2)); ALTER INDEX j ALTER COLUMN 1 SET STATISTICS 300;",
    ),
    Case::new(
        "statistics of expressions go",
        "CREATE TABLE t (a int); CREATE INDEX i ON t (a, (a + 1)); ALTER INDEX i ALTER COLUMN 2 SET STATISTICS 500;",
        "CREATE TABLE t (a int); CREATE INDEX i ON t (a, (a + 1));",
    ),
    Case::new(
        "statistics of an expression of an index that is made anew",
        "CREATE TABLE t (a int); CREATE INDEX i ON t (a, (a + 1)); ALTER INDEX i ALTER COLUMN 2 SET STATISTICS 500;",
        "CREATE TABLE t (a int); CREATE INDEX i ON t ((a + 2)); ALTER INDEX i ALTER COLUMN 1 SET STATISTICS 500; CREATE INDEX k ON t ((a + 9)); ALTER INDEX k ALTER COLUMN 1 SET STATISTICS 0;",
    ),
    Case::new(
        "statistics of an expression over a column that changes its type",
        "CREATE TABLE t (a int); CREATE INDEX i ON t (a, (a + 1)); ALTER INDEX i ALTER COLUMN 2 SET STATISTICS 500;",
        "CREATE TABLE t (a bigint); CREATE INDEX i ON t (a, (a + 1)); ALTER INDEX i ALTER COLUMN 2 SET STATISTICS 500;",
    ),
];

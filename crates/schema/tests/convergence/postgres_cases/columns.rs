use crate::case::Case;

const ROWS: &str = "INSERT INTO t (a) VALUES (1), (2)";
const KEPT: &str = "SELECT string_agg(a::text, ',' ORDER BY a) FROM t";

pub(super) const CASES: &[Case] = &[
    Case::new("add nullable column", "CREATE TABLE t (a INT)", "CREATE TABLE t (a INT, b INT)")
        .keeps(ROWS, KEPT)
        .by(&["ADD COLUMN b integer"]),
    Case::new(
        "add required column with default",
        "CREATE TABLE t (a int)",
        "CREATE TABLE t (a int, b text NOT NULL DEFAULT 'it''s \\ so')",
    )
    .keeps(ROWS, KEPT),
    Case::new(
        "add columns before others",
        "CREATE TABLE t (a int, z int)",
        "CREATE TABLE t (x uuid, a int, y timestamptz(3) DEFAULT now(), z int)",
    )
    .keeps(ROWS, KEPT),
    Case::new(
        "drop column with all that stands on it",
        "CREATE TABLE t (a int, b int UNIQUE CHECK (b > 0), c int GENERATED ALWAYS AS (b * 2) STORED);
         CREATE INDEX t_b ON t (b, a); CREATE INDEX t_c ON t (c)",
        "CREATE TABLE t (a int)",
    )
    .keeps(ROWS, KEPT)
    .loses(),
    Case::new("set required", "CREATE TABLE t (a int)", "CREATE TABLE t (a int NOT NULL)")
        .keeps(ROWS, KEPT)
        .by(&["ALTER COLUMN a SET NOT NULL"]),
    Case::new(
        "unset required, with default",
        "CREATE TABLE t (a int NOT NULL DEFAULT 1)",
        "CREATE TABLE t (a int)",
    )
    .keeps(ROWS, KEPT)
    .by(&["DROP DEFAULT", "DROP NOT NULL"]),
    Case::new(
        "defaults of many kinds come",
        "CREATE TABLE t (a int, b text, c jsonb, d timestamptz, e boolean, f numeric(5,2), g text[], h date, i interval, j bytea, k uuid)",
        "CREATE TABLE t (a int DEFAULT -1, b text DEFAULT E'tab\\there', c jsonb DEFAULT '{\"a\": [1]}',
           d timestamptz DEFAULT CURRENT_TIMESTAMP, e boolean DEFAULT 't', f numeric(5,2) DEFAULT '5',
           g text[] DEFAULT ARRAY['x', 'y']::text[], h date DEFAULT CURRENT_DATE, i interval DEFAULT '1 day 2 hours',
           j bytea DEFAULT '\\x00ff', k uuid DEFAULT gen_random_uuid())",
    )
    .keeps("INSERT INTO t (a) VALUES (1), (2)", KEPT),
    Case::new(
        "defaults change",
        "CREATE TABLE t (a int DEFAULT 1, b text DEFAULT 'a', c varchar(9) DEFAULT 'x', d timestamp DEFAULT now())",
        "CREATE TABLE t (a int DEFAULT 2, b text DEFAULT 'a' || 'b', c varchar(9), d timestamp DEFAULT timezone('utc', now()))",
    )
    .keeps(ROWS, KEPT),
    Case::new(
        "generated column comes",
        "CREATE TABLE t (a int)",
        "CREATE TABLE t (b int GENERATED ALWAYS AS (a * 2) STORED NOT NULL, a int)",
    )
    .keeps(ROWS, KEPT),
    Case::new(
        "generated expression changes, with index and comment",
        "CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a * 2) STORED, CONSTRAINT b_small CHECK (b < 100));
         CREATE INDEX t_b ON t (b) WHERE b > 1; COMMENT ON COLUMN t.b IS 'twice'; CREATE VIEW v AS SELECT b FROM t",
        "CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a * 3) STORED, CONSTRAINT b_small CHECK (b < 100));
         CREATE INDEX t_b ON t (b) WHERE b > 1; COMMENT ON COLUMN t.b IS 'twice'; CREATE VIEW v AS SELECT b FROM t",
    )
    .keeps(ROWS, KEPT),
    Case::new(
        "generated column becomes plain",
        "CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a * 2) STORED)",
        "CREATE TABLE t (a int, b int DEFAULT 4)",
    )
    .keeps(ROWS, "SELECT string_agg(a || ':' || b, ',' ORDER BY a) FROM t")
    .by(&["DROP EXPRESSION"]),
    Case::new(
        "plain column becomes generated",
        "CREATE TABLE t (a int, b int)",
        "CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a * 2) STORED)",
    )
    .keeps(ROWS, KEPT)
    .loses(),
    Case::new(
        "type changes under a generated column",
        "CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a * 2) STORED)",
        "CREATE TABLE t (a bigint, b bigint GENERATED ALWAYS AS (a * 2) STORED)",
    )
    .keeps(ROWS, "SELECT string_agg(a || ':' || b, ',' ORDER BY a) FROM t"),
    Case::new(
        "column under a generated one goes, which then stands on another",
        "CREATE TABLE t (a int, b int, c int GENERATED ALWAYS AS (b + 1) STORED)",
        "CREATE TABLE t (a int, c int GENERATED ALWAYS AS (a + 1) STORED)",
    )
    .keeps(ROWS, KEPT)
    .loses(),
    Case::new(
        "column that another is computed from becomes computed itself",
        "CREATE TABLE t (a int, b int, c int GENERATED ALWAYS AS (b * 2) STORED)",
        "CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a * 2) STORED, c int GENERATED ALWAYS AS (a * 3) STORED)",
    )
    .keeps(ROWS, KEPT)
    .loses(),
    Case::new(
        "collation changes",
        "CREATE TABLE t (a int, b text, c text COLLATE \"C\" DEFAULT 'x')",
        "CREATE TABLE t (a int, b text COLLATE \"C\", c text DEFAULT 'x')",
    )
    .keeps(ROWS, KEPT)
    .by(&["COLLATE \"C\""]),
    Case::new(
        "storage, compression, statistics and options change",
        "CREATE TABLE t (a int, b text, c text); ALTER TABLE t ALTER c SET STORAGE EXTERNAL, ALTER c SET STATISTICS 50;
         ALTER TABLE t ALTER a SET (n_distinct = 5)",
        "CREATE TABLE t (a int, b text COMPRESSION pglz, c text, d text); ALTER TABLE t ALTER b SET STORAGE MAIN;
         ALTER TABLE t ALTER b SET STATISTICS 10; ALTER TABLE t ALTER d SET STORAGE EXTERNAL;
         ALTER TABLE t ALTER a SET (n_distinct_inherited = -0.5)",
    )
    .keeps(ROWS, KEPT),
    Case::new(
        "several changes of one column at once",
        "CREATE TABLE t (a int, b varchar(10) DEFAULT 'x')",
        "CREATE TABLE t (a int, b text COLLATE \"C\" NOT NULL DEFAULT 'y'); COMMENT ON COLUMN t.b IS 'why'",
    )
    .keeps(ROWS, "SELECT string_agg(a || b, ',' ORDER BY a) FROM t"),
    Case::new(
        "column between others comes last, which is said",
        "CREATE TABLE t (a int, c int)",
        "CREATE TABLE t (a int, b int, c int)",
    )
    .by(&["-- the column comes last"]),
    Case::new("order alone is no difference", "CREATE TABLE t (a int, b int)", "CREATE TABLE t (b int, a int)")
        .keeps(ROWS, KEPT),
    Case::new(
        "computed column keeps its values where what it was computed from changes or goes",
        "CREATE TABLE t (a int, b int, g int GENERATED ALWAYS AS (a * 2) STORED CHECK (g > 0), h text GENERATED ALWAYS AS (b::text || 'x') STORED)",
        "CREATE TABLE t (a numeric, g int DEFAULT 7 CHECK (g > 0), h text DEFAULT 'y')",
    )
    .filled("INSERT INTO t (a, b) VALUES (1, 2)")
    .by(&["ALTER COLUMN g DROP EXPRESSION", "ALTER COLUMN h DROP EXPRESSION"])
    .never_by(&["DROP COLUMN g", "DROP COLUMN h"])
    .loses(),
];

use crate::case::Case;

const FILLED: &str = "INSERT INTO p VALUES (1, 2), (3, 4); INSERT INTO t VALUES (1, 2), (3, 4)";
const KEPT: &str = "SELECT string_agg(a || ':' || b, ',' ORDER BY a) FROM t";

pub(super) const CASES: &[Case] = &[
    Case::new(
        "index comes and goes while the table is written to",
        "CREATE TABLE t (a int, b int); CREATE INDEX gone ON t (b, a); COMMENT ON INDEX gone IS 'x'",
        "CREATE TABLE t (a int, b int); CREATE INDEX here ON t (b) WHERE a > 1; CREATE UNIQUE INDEX there ON t ((a + 1)); COMMENT ON INDEX here IS 'y'",
    )
    .keeps("INSERT INTO t VALUES (1, 2), (3, 4)", KEPT)
    .by(&["CREATE INDEX CONCURRENTLY here", "CREATE UNIQUE INDEX CONCURRENTLY there", "DROP INDEX CONCURRENTLY gone"]),
    Case::new(
        "constraints are validated afterwards",
        "CREATE TABLE p (a int PRIMARY KEY, b int); CREATE TABLE t (a int, b int)",
        "CREATE TABLE p (a int PRIMARY KEY, b int); CREATE TABLE t (a int REFERENCES p, b int CHECK (b > 0))",
    )
    .keeps(FILLED, KEPT)
    .by(&["NOT VALID", "VALIDATE CONSTRAINT t_a_fkey", "VALIDATE CONSTRAINT t_b_check"]),
    Case::new("column becomes required by a validated check", "CREATE TABLE t (a int, b int)", "CREATE TABLE t (a int NOT NULL, b int)")
        .keeps("INSERT INTO t VALUES (1, 2), (3, 4)", KEPT)
        .by(&["CHECK (a IS NOT NULL) NOT VALID", "VALIDATE CONSTRAINT t_a_not_null", "SET NOT NULL", "DROP CONSTRAINT t_a_not_null"]),
    Case::new(
        "unique constraint takes over an index",
        "CREATE TABLE t (a int, b int)",
        "CREATE TABLE t (a int, b int, CONSTRAINT u UNIQUE NULLS NOT DISTINCT (b) INCLUDE (a) WITH (fillfactor = 60) DEFERRABLE)",
    )
    .keeps("INSERT INTO t VALUES (1, 2), (3, 4)", KEPT)
    .by(&["CREATE UNIQUE INDEX CONCURRENTLY u", "UNIQUE USING INDEX u"]),
    Case::new(
        "key that a new foreign key needs comes at once",
        "CREATE TABLE p (a int, b int); CREATE TABLE t (a int, b int)",
        "CREATE TABLE p (a int UNIQUE, b int); CREATE TABLE t (a int REFERENCES p (a), b int)",
    )
    .keeps(FILLED, KEPT)
    .by(&["VALIDATE CONSTRAINT t_a_fkey"]),
    Case::new(
        "renamed and changed at once",
        "CREATE TABLE old (a int, b int); CREATE INDEX i ON old (b)",
        "CREATE TABLE t ( -- @renamed from=old\n x int NOT NULL, -- @renamed from=a\n b int UNIQUE CHECK (b > 1)); CREATE INDEX j ON t (x)",
    )
    .filled("INSERT INTO old VALUES (1, 2), (3, 4)")
    .by(&["RENAME TO t", "CONCURRENTLY j"]),
    Case::new(
        "unique constraint under a foreign key becomes an index of its name",
        "CREATE TABLE p (a int, b int, CONSTRAINT u UNIQUE (a)); CREATE TABLE t (a int REFERENCES p (a), b int)",
        "CREATE TABLE p (a int, b int); CREATE UNIQUE INDEX u ON p (a); CREATE TABLE t (a int REFERENCES p (a), b int)",
    )
    .keeps(FILLED, KEPT)
    .never_by(&["CONCURRENTLY"]),
    Case::new(
        "unique index under a foreign key becomes a constraint of its name",
        "CREATE TABLE p (a int, b int); CREATE UNIQUE INDEX u ON p (a); CREATE TABLE t (a int REFERENCES p (a), b int)",
        "CREATE TABLE p (a int, b int, CONSTRAINT u UNIQUE (a)); CREATE TABLE t (a int REFERENCES p (a), b int)",
    )
    .keeps(FILLED, KEPT),
    Case::new(
        "unique index under a foreign key carries another column",
        "CREATE TABLE p (a int, b int); CREATE UNIQUE INDEX u ON p (a); CREATE TABLE t (a int REFERENCES p (a), b int)",
        "CREATE TABLE p (a int, b int); CREATE UNIQUE INDEX u ON p (a) INCLUDE (b); CREATE TABLE t (a int REFERENCES p (a), b int)",
    )
    .keeps(FILLED, KEPT),
    Case::new(
        "unique index becomes a constraint of its name, and the other way round",
        "CREATE TABLE t (a int, b int, CONSTRAINT v UNIQUE (b)); CREATE UNIQUE INDEX u ON t (a)",
        "CREATE TABLE t (a int, b int, CONSTRAINT u UNIQUE (a)); CREATE UNIQUE INDEX v ON t (b)",
    )
    .never_by(&["DROP INDEX CONCURRENTLY"])
    .keeps("INSERT INTO t VALUES (1, 2), (3, 4)", KEPT),
    Case::new(
        "constraints that are there are validated",
        "CREATE TABLE p (a int PRIMARY KEY, b int); CREATE TABLE t (a int, b int); ALTER TABLE t ADD CONSTRAINT c CHECK (b > 0) NOT VALID; ALTER TABLE t ADD CONSTRAINT k FOREIGN KEY (a) REFERENCES p NOT VALID; COMMENT ON CONSTRAINT c ON t IS 'x'",
        "CREATE TABLE p (a int PRIMARY KEY, b int); CREATE TABLE t (a int, b int, CONSTRAINT c CHECK (b > 0), CONSTRAINT k FOREIGN KEY (a) REFERENCES p DEFERRABLE); COMMENT ON CONSTRAINT c ON t IS 'x'",
    )
    .keeps(FILLED, KEPT)
    .by(&["VALIDATE CONSTRAINT c", "VALIDATE CONSTRAINT k"])
    .never_by(&["NOT VALID"]),
    Case::new(
        "column becomes required beside another default and a comment",
        "CREATE TABLE t (a int, b int)",
        "CREATE TABLE t (a int NOT NULL DEFAULT 7, b int); COMMENT ON COLUMN t.a IS 'x'",
    )
    .keeps("INSERT INTO t VALUES (1, 2), (3, 4)", KEPT)
    .by(&["SET DEFAULT 7", "VALIDATE CONSTRAINT t_a_not_null"]),
];

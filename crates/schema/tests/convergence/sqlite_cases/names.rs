use crate::case::Case;

const fn change(name: &'static str, from: &'static str, to: &'static str) -> Case {
    Case::new(name, from, to)
}

pub(super) const CASES: &[Case] = &[
    change(
        "reserved words",
        "CREATE TABLE \"order\" (\"select\" INT, \"group\" INT); CREATE INDEX \"index\" ON \"order\" (\"select\")",
        "CREATE TABLE \"order\" (\"select\" INT NOT NULL, \"group\" INT, \"check\" INT); CREATE INDEX \"index\" ON \"order\" (\"select\", \"group\")",
    )
    .keeps("INSERT INTO \"order\" VALUES (1, 2)", "SELECT \"select\" || \"group\" FROM \"order\""),
    change(
        "reserved words in place",
        "CREATE TABLE \"table\" (a INT, \"drop\" INT)",
        "CREATE TABLE \"table\" (a INT, \"add\" TEXT DEFAULT 'add')",
    )
    .by(&["ALTER TABLE \"table\" ADD COLUMN \"add\"", "DROP COLUMN \"drop\""])
    .loses(),
    change(
        "spaces and quotes",
        "CREATE TABLE \"it's \"\"a\"\" table\" (\"a \"\"b\"\"\" INT, [c'd] INT)",
        "CREATE TABLE \"it's \"\"a\"\" table\" (\"a \"\"b\"\"\" INT NOT NULL, [c'd] INT, `e``f` INT)",
    )
    .keeps(
        "INSERT INTO \"it's \"\"a\"\" table\" VALUES (1, 2)",
        "SELECT \"a \"\"b\"\"\" || [c'd] FROM \"it's \"\"a\"\" table\"",
    ),
    change(
        "names with semicolons and comments",
        "CREATE TABLE \"a; -- b\" (\"x; /* y\" INT)",
        "CREATE TABLE \"a; -- b\" (\"x; /* y\" INT NOT NULL)",
    )
    .keeps("INSERT INTO \"a; -- b\" VALUES (1)", "SELECT \"x; /* y\" || '' FROM \"a; -- b\""),
    change(
        "line ends in names",
        "CREATE TABLE \"a\nb\" (x INT)",
        "CREATE TABLE \"a\nb\" (x INT NOT NULL)",
    )
    .by(&["-- fails while a b.x is NULL in a row"]),
    change(
        "other alphabets",
        "CREATE TABLE größe (maß INT, 名前 TEXT)",
        "CREATE TABLE größe (maß INT NOT NULL, 名前 TEXT, \"emoji 🎉\" INT)",
    )
    .keeps("INSERT INTO größe VALUES (1, 'ü')", "SELECT maß || 名前 FROM größe"),
    change(
        "other alphabets renamed",
        "CREATE TABLE größe (maß INT)",
        "-- @renamed from=größe\nCREATE TABLE länge (maße INT -- @renamed from=maß\n)",
    )
    .filled("INSERT INTO größe VALUES (1)"),
    change(
        "mixed case",
        "CREATE TABLE Users (UserId INTEGER PRIMARY KEY, FullName TEXT)",
        "CREATE TABLE Users (UserId INTEGER PRIMARY KEY, FullName TEXT NOT NULL CHECK (fullname <> ''))",
    )
    .keeps("INSERT INTO users VALUES (1, 'x')", "SELECT FullName FROM Users"),
    change(
        "case of names in keys",
        "CREATE TABLE Users (Id INT, PRIMARY KEY (ID), UNIQUE (iD)); CREATE TABLE c (u REFERENCES users (id))",
        "CREATE TABLE Users (Id INT PRIMARY KEY); CREATE TABLE c (u REFERENCES USERS)",
    )
    .never_by(&["_migrate_old_"]),
    change(
        "names in the quotes of others",
        "CREATE TABLE [t] (`a` INT, [b] INT, 'c' INT)",
        "CREATE TABLE t (a INT NOT NULL, b INT, c INT)",
    )
    .keeps("INSERT INTO t VALUES (1, 2, 3)", "SELECT a || b || c FROM t"),
    change(
        "names in the quotes of others, in place",
        "CREATE TABLE [t t] (`a` INT, [b] INT)",
        "CREATE TABLE [t t] (`a` INT, [c c] INT)",
    )
    .loses(),
    change(
        "a column named like its table and type",
        "CREATE TABLE text (text TEXT, int INT)",
        "CREATE TABLE text (text TEXT NOT NULL, int INT DEFAULT 1)",
    )
    .keeps("INSERT INTO text VALUES ('text', 1)", "SELECT text || int FROM text"),
    change(
        "long names",
        "CREATE TABLE a123456789012345678901234567890123456789012345678901234567890123456789 (b123456789012345678901234567890123456789012345678901234567890123456789 INT)",
        "CREATE TABLE a123456789012345678901234567890123456789012345678901234567890123456789 (b123456789012345678901234567890123456789012345678901234567890123456789 INT NOT NULL)",
    ),
    change(
        "quotes and backslashes in defaults",
        "CREATE TABLE t (a TEXT DEFAULT 'it''s \\n')",
        "CREATE TABLE t (a TEXT DEFAULT 'it''s \\\\n \"x\" ''', b TEXT NOT NULL DEFAULT '\\''')",
    ),
    change(
        "a double-quoted default",
        "CREATE TABLE t (a INT)",
        "CREATE TABLE t (a INT, b TEXT NOT NULL DEFAULT \"x y\")",
    )
    .by(&["ADD COLUMN"]),
    change(
        "names that begin like bookkeeping",
        "CREATE TABLE _migrated (a INT)",
        "CREATE TABLE _migrated (a INT NOT NULL); CREATE TABLE alembic_versions (a)",
    )
    .by(&["_migrate_old__migrated"]),
    change(
        "bookkeeping is left alone",
        "CREATE TABLE t (a INT); CREATE TABLE alembic_version (version_num VARCHAR(32)); CREATE TABLE _sqlx_migrations (version BIGINT)",
        "CREATE TABLE t (a INT NOT NULL)",
    )
    .never_by(&["DROP TABLE alembic_version"]),
];

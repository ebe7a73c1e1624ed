use crate::case::Case;

const REBUILD: &[&str] = &["_migrate_old_t"];

const fn change(name: &'static str, from: &'static str, to: &'static str) -> Case {
    Case::new(name, from, to)
        .keeps("INSERT INTO t (a) VALUES (1), (2)", "SELECT a || '' FROM t ORDER BY a")
}

pub(super) const CASES: &[Case] = &[
    change("add a check", "CREATE TABLE t (a INT)", "CREATE TABLE t (a INT CHECK (a > 0))")
    .by(REBUILD),
    change(
        "add a named check",
        "CREATE TABLE t (a INT)",
        "CREATE TABLE t (a INT, CONSTRAINT \"is positive\" CHECK (a > 0))",
    )
    .by(REBUILD),
    change(
        "drop a check",
        "CREATE TABLE t (a INT CHECK (a > 0), CHECK (a < 9))",
        "CREATE TABLE t (a INT CHECK (a > 0))",
    )
    .by(REBUILD),
    change(
        "change a check",
        "CREATE TABLE t (a INT CHECK (a > 0))",
        "CREATE TABLE t (a INT CHECK (a >= 0))",
    )
    .by(REBUILD),
    change(
        "change a text in a check",
        "CREATE TABLE t (a INT CHECK (a <> 'x'))",
        "CREATE TABLE t (a INT CHECK (a <> 'X'))",
    )
    .by(REBUILD),
    change(
        "name a check",
        "CREATE TABLE t (a INT CHECK (a > 0))",
        "CREATE TABLE t (a INT CONSTRAINT c CHECK (a > 0))",
    )
    .by(REBUILD),
    change(
        "rename a check",
        "CREATE TABLE t (a INT CONSTRAINT b CHECK (a > 0))",
        "CREATE TABLE t (a INT CONSTRAINT c CHECK (a > 0))",
    )
    .by(REBUILD),
    change(
        "place and layout of a check",
        "CREATE TABLE t (a INT CHECK (a > 0 AND a<>5), b)",
        "CREATE TABLE t (a INT, b, CHECK (((A>0) = 1 or 1) is not null), CHECK(a  >0 and\n[a] != 5))",
    )
    .by(REBUILD),
    change(
        "place of a check alone",
        "CREATE TABLE t (a INT CHECK (a > 0 AND a<>5), b)",
        "CREATE TABLE t (a INT, b, CHECK(a  >0 and\n[a] != 5))",
    )
    .never_by(REBUILD),
    change(
        "keywords in lower case",
        "CREATE TABLE t (a INT CHECK (a IS NOT NULL AND a NOT IN (7, 8) AND CASE WHEN a THEN 1 END))",
        "CREATE TABLE t (a INT CHECK (a is not null and a not in(7,8) and case when a then 1 end))",
    )
    .never_by(REBUILD),
    change(
        "list in a check",
        "CREATE TABLE t (a INT, s TEXT CHECK (s IN ('a', 'b')))",
        "CREATE TABLE t (a INT, s TEXT CHECK (s IN ('a', 'b', 'c, d')))",
    )
    .by(REBUILD),
    change(
        "quotes and backslashes in a check",
        "CREATE TABLE t (a INT, s TEXT CHECK (s <> 'it''s \\ (\"'))",
        "CREATE TABLE t (a INT, s TEXT CHECK (s <> 'it''s \\\\ (\"'))",
    )
    .by(REBUILD),
    change(
        "comments in a check",
        "CREATE TABLE t (a INT CHECK (a > 0 /* is, (positive */))",
        "CREATE TABLE t (a INT CHECK (a > 0 -- is ' positive\n))",
    )
    .never_by(REBUILD),
    change(
        "check of several columns",
        "CREATE TABLE t (a INT, b INT)",
        "CREATE TABLE t (a INT, b INT, CHECK (a < b OR b IS NULL))",
    )
    .by(REBUILD),
    change(
        "a column comes with a check of the table",
        "CREATE TABLE t (a INT)",
        "CREATE TABLE t (a INT, b INT, CHECK (a < b OR b IS NULL))",
    )
    .by(REBUILD),
];

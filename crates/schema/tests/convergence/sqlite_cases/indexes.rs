use crate::case::Case;

const T: &str = "CREATE TABLE t (a INT, b TEXT);";

macro_rules! indexes {
    ($name:literal, $from:literal, $to:literal $(,)?) => {
        Case::new(
            $name,
            concat!("CREATE TABLE t (a INT, b TEXT);", $from),
            concat!("CREATE TABLE t (a INT, b TEXT);", $to),
        )
        .keeps("INSERT INTO t VALUES (1, 'x'), (2, 'y')", "SELECT a || b FROM t ORDER BY a")
        .never_by(&["_migrate_old_"])
    };
}

pub(super) const CASES: &[Case] = &[
    indexes!("add an index", "", "CREATE INDEX i ON t (a)").by(&["CREATE INDEX i ON t (a)"]),
    indexes!("drop an index", "CREATE UNIQUE INDEX i ON t (a, b)", "").by(&["DROP INDEX i"]),
    indexes!("columns of an index", "CREATE INDEX i ON t (a)", "CREATE INDEX i ON t (a, b)")
    .by(&["DROP INDEX i", "CREATE INDEX i"]),
    indexes!("order of columns", "CREATE INDEX i ON t (a, b)", "CREATE INDEX i ON t (b, a)")
    .by(&["CREATE INDEX i"]),
    indexes!("unique from now on", "CREATE INDEX i ON t (a)", "CREATE UNIQUE INDEX i ON t (a)")
    .by(&["CREATE UNIQUE INDEX i"]),
    indexes!("direction", "CREATE INDEX i ON t (a)", "CREATE INDEX i ON t (a DESC)").by(&["DESC"]),
    indexes!("collation", "CREATE INDEX i ON t (b)", "CREATE INDEX i ON t (b COLLATE NOCASE)")
    .by(&["NOCASE"]),
    indexes!(
        "condition",
        "CREATE INDEX i ON t (a)",
        "CREATE INDEX i ON t (a) WHERE b IS NOT NULL",
    )
    .by(&["WHERE"]),
    indexes!(
        "another condition",
        "CREATE INDEX i ON t (a) WHERE a > 1",
        "CREATE INDEX i ON t (a) WHERE a > 2",
    )
    .by(&["> 2"]),
    indexes!(
        "expression",
        "CREATE INDEX i ON t (b)",
        "CREATE INDEX i ON t (lower(b), a + 1 DESC)",
    )
    .by(&["lower(b)"]),
    indexes!(
        "another expression",
        "CREATE INDEX i ON t (lower(b))",
        "CREATE INDEX i ON t (upper(b))",
    )
    .by(&["upper"]),
    indexes!("rename an index", "CREATE INDEX i ON t (a)", "CREATE INDEX j ON t (a)")
    .by(&["DROP INDEX i", "CREATE INDEX j"]),
    indexes!(
        "layout of an index",
        "CREATE INDEX i ON t (a, lower(b)) WHERE a > 1",
        "create index [i] on \"t\"( A asc , LOWER( \"b\" )) where (a>1)",
    )
    .never_by(&["INDEX"]),
    Case::new(
        "an index moves to another table",
        "CREATE TABLE t (a); CREATE TABLE u (a); CREATE INDEX i ON t (a)",
        "CREATE TABLE t (a); CREATE TABLE u (a); CREATE INDEX i ON u (a)",
    )
    .by(&["DROP INDEX i", "CREATE INDEX i ON u"]),
    Case::new(
        "an index moves between rebuilt tables",
        "CREATE TABLE t (a); CREATE TABLE u (a); CREATE INDEX i ON t (a); CREATE INDEX j ON u (a)",
        "CREATE TABLE t (a NOT NULL); CREATE TABLE u (a NOT NULL); CREATE INDEX i ON u (a); CREATE INDEX j ON t (a)",
    )
    .by(&["_migrate_old_t", "_migrate_old_u"]),
    Case::new(
        "indexes come again with a rebuilt table",
        "CREATE TABLE t (a INT, b TEXT); CREATE INDEX \"my index\" ON t (a /* first */ , b); CREATE UNIQUE INDEX j ON t (lower(b)) WHERE a > 0; CREATE INDEX k ON t (b)",
        "CREATE TABLE t (a INT NOT NULL, b TEXT); CREATE INDEX \"my index\" ON t (a, b); CREATE UNIQUE INDEX j ON t (lower(b)) WHERE a > 0; CREATE INDEX l ON t (b)",
    )
    .keeps("INSERT INTO t VALUES (1, 'x')", "SELECT a || b FROM t"),
    Case::new(
        "an index of a made and a dropped table",
        "CREATE TABLE t (a); CREATE INDEX i ON t (a)",
        "CREATE TABLE u (a); CREATE INDEX i ON u (a)",
    )
    .loses(),
    Case::new(
        "a unique index becomes a constraint",
        "CREATE TABLE t (a); CREATE UNIQUE INDEX i ON t (a)",
        "CREATE TABLE t (a UNIQUE)",
    )
    .by(&["_migrate_old_t"]),
    Case::new("nothing", T, T),
];

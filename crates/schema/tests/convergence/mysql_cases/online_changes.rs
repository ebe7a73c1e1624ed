use artisan_schema::ddl::Style;
use artisan_testkit::{Engine, TestDatabase};

use crate::case::Case;
use crate::{all_in, run};

const ONLINE: Style = Style { online: true };

const CASES: &[Case] = &[
    Case::new(
        "columns and indexes",
        "CREATE TABLE t (id INT PRIMARY KEY, a INT, v VARCHAR(10))",
        "CREATE TABLE t (id INT PRIMARY KEY, a INT, v VARCHAR(20), b INT NOT NULL DEFAULT 5, KEY k (a), UNIQUE KEY u (v))",
    )
    .keeps("INSERT INTO t VALUES (1, 2, 'x')", "SELECT v FROM t")
    .by(&["LOCK = NONE"]),
    Case::new(
        "table that is new",
        "CREATE TABLE p (id INT PRIMARY KEY)",
        "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE t (a INT, CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id))",
    )
    .never_by(&["LOCK"]),
];

const LOCKING: Case =
    Case::new("another type", "CREATE TABLE t (a INT)", "CREATE TABLE t (a BIGINT)");

pub(crate) async fn run(engine: Engine) {
    all_in(engine, CASES, ONLINE).await;
}

/// The server says so itself, also of tables without rows, so that a proof finds it.
pub(crate) async fn refuse(engine: Engine) {
    let (here, there) = (TestDatabase::create(engine).await, TestDatabase::create(engine).await);
    let refused = run::run(&LOCKING, &here, &there, ONLINE).await;
    let said = refused.expect_err("a change that locks");
    assert!(said.contains("LOCK=NONE is not supported"), "{said}");
}

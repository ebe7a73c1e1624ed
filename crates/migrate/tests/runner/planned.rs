//! What a plan says, and whether the servers agree with it.

use artisan_migrate::{Access, Engine as Kind, History, Phases, PlanReport, Source, Target};
use artisan_testkit::{Engine, TestDatabase};

use super::database::{Files, count, options, runner, tables, upgrade};

artisan_testkit::on_every_engine! {
    plan_tells_what_upgrade_would_run,
    plan_writes_nothing,
    plan_of_a_downgrade_is_newest_first,
}
artisan_testkit::on_engine!(mariadb_resumes, MariaDb, plan_tells_where_a_run_goes_on);
artisan_testkit::on_engine!(mysql_resumes, MySql, plan_tells_where_a_run_goes_on);

const MADE: [(&str, &str); 2] = [
    (
        "1_a.up.sql",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER);\nINSERT INTO t VALUES (1, 1);\n",
    ),
    ("1_a.down.sql", "DROP TABLE t;\n"),
];

pub(super) async fn plan(database: &TestDatabase, files: &Files) -> PlanReport {
    let mut runner = runner(database, files, Access::Read, options()).await.unwrap();
    let report = runner.plan(&Target::Head, Phases::Auto).await.unwrap();
    runner.close().await;
    report
}

fn more() -> Files {
    let mut files = MADE.to_vec();
    files.push(("2_b.up.sql", "-- a comment\n\nALTER TABLE t ADD COLUMN b INTEGER;\nCREATE TABLE u (id INTEGER PRIMARY KEY);\n"));
    files.push(("2_b.down.sql", "DROP TABLE u;\nALTER TABLE t DROP COLUMN b;\n"));
    files.push(("3_c.up.sql", "-- phase: contract\nDROP TABLE t;\n"));
    files
}

async fn plan_tells_what_upgrade_would_run(database: TestDatabase) {
    upgrade(&database, &MADE, "head").await.unwrap();
    let report = plan(&database, &more()).await;
    let versions: Vec<&str> = report.revisions.iter().map(|r| r.version.as_str()).collect();
    assert_eq!(versions, ["2"]);
    assert_eq!(report.held_back.iter().map(|r| r.version.as_str()).collect::<Vec<_>>(), ["3"]);
    let revision = &report.revisions[0];
    let is_mysql = matches!(database.engine(), Engine::MariaDb | Engine::MySql);
    assert_eq!(revision.layout, if is_mysql { "step-by-step" } else { "one-transaction" });
    let lines: Vec<usize> = revision.statements.iter().map(|s| s.line).collect();
    assert_eq!(lines, [3, 4]);
    let lock = match database.engine() {
        Engine::Sqlite => "RESERVED",
        Engine::MariaDb | Engine::MySql => "LOCK=NONE",
        Engine::Postgres => "ACCESS EXCLUSIVE",
    };
    assert_eq!(revision.statements[0].lock, Some(lock));
    assert_eq!(revision.statements[1].lock, None, "nobody uses a table that is not there yet");
    let size = &report.tables[0];
    assert_eq!((report.tables.len(), size.table.as_str()), (1, "t"));
    let knows_bytes = database.engine() != Engine::Sqlite;
    assert!(!knows_bytes || size.bytes.unwrap() > 0, "{size:?}");
    assert!(size.rows.is_none_or(|rows| (0..=1).contains(&rows)), "{size:?}");
}

async fn plan_writes_nothing(database: TestDatabase) {
    let report = plan(&database, &more()).await;
    assert_eq!(report.revisions.len(), 3, "an empty database takes all phases");
    if database.engine() == Engine::Sqlite {
        let path = database.url().trim_start_matches("sqlite://").trim_start_matches("sqlite:");
        let path = path.split('?').next().unwrap();
        assert!(!std::path::Path::new(path).exists(), "a plan makes no file");
    } else {
        assert_eq!(tables(&database).await, 0);
    }
    let engine = match database.engine() {
        Engine::Sqlite => Kind::Sqlite,
        Engine::MariaDb => Kind::MariaDb,
        Engine::MySql => Kind::MySql,
        Engine::Postgres => Kind::Postgres,
    };
    // Without a database the same is told, but for the server's version.
    let history = History::build(Source::embedded(more())).unwrap();
    let told = PlanReport::of_empty(engine, &history, &Target::Head, Phases::Auto).unwrap();
    assert_eq!(told.revisions, report.revisions);
    upgrade(&database, &MADE, "head").await.unwrap();
    let before = count(&database, "_sqlx_migrations").await;
    plan(&database, &more()).await;
    assert_eq!(count(&database, "_sqlx_migrations").await, before);
}

async fn plan_of_a_downgrade_is_newest_first(database: TestDatabase) {
    let files: Files = more().into_iter().take(4).collect();
    upgrade(&database, &files, "head").await.unwrap();
    let mut runner = runner(&database, &files, Access::Read, options()).await.unwrap();
    let report = runner.plan_down(&Target::Base).await.unwrap();
    runner.close().await;
    let files: Vec<&str> = report.revisions.iter().map(|r| r.file.as_str()).collect();
    assert_eq!(files, ["2_b.down.sql", "1_a.down.sql"]);
    assert_eq!(report.direction, "down");
}

async fn plan_tells_where_a_run_goes_on(database: TestDatabase) {
    let text = "CREATE TABLE a (id INTEGER PRIMARY KEY);\nCREATE TABLE b (id NO_SUCH_TYPE);\n";
    let files = [("1_a.up.sql", text)];
    upgrade(&database, &files, "head").await.unwrap_err();
    let report = plan(&database, &files.to_vec()).await;
    let revision = &report.revisions[0];
    assert_eq!((revision.layout, revision.done), ("step-by-step", 1));
    let done: Vec<bool> = revision.statements.iter().map(|s| s.done).collect();
    assert_eq!(done, [true, false]);
}

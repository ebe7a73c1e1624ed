//! How an import ends that cannot be done, and what it leaves alone.

use artisan_testkit::{Engine, TestDatabase};

use super::Target;
use crate::platform::run_command;
use crate::predecessor::{self, Rows, id};

artisan_testkit::on_every_engine! {
    the_predecessors_database_is_never_written,
    a_source_without_the_tables_is_told,
    a_dry_run_writes_nothing,
}

fn one_user(engine: Engine) -> Rows {
    let rows = Rows::on(engine).user(&id(1), "a@example.com", "Segredo-1-Xy", None);
    rows.buyer(&id(1), "A")
}

async fn the_predecessors_database_is_never_written(database: TestDatabase) {
    let source = predecessor::with(database.engine(), one_user(database.engine())).await;
    let ended = Target::at(source.url()).import(&source, &[]).await;
    assert_eq!(ended.code, Some(2), "{}", ended.stderr);
    assert!(ended.stderr.contains("the predecessor's is only read"), "{}", ended.stderr);
    // Nothing was migrated there: its own table can still be made.
    source.execute("CREATE TABLE _sqlx_migrations (version INTEGER)").await;
}

async fn a_source_without_the_tables_is_told(database: TestDatabase) {
    database.execute("CREATE TABLE users (id INTEGER)").await;
    let target = Target::file();
    let ended = target.import(&database, &["--output", "json"]).await;
    assert_eq!(ended.code, Some(2), "{}", ended.stderr);
    assert!(ended.stderr.contains("users, artisans, buyers and addresses"), "{}", ended.stderr);
    let told: serde_json::Value = serde_json::from_str(&ended.stdout).expect("JSON");
    assert_eq!(told["error"]["exit"], 2, "{told}");
}

async fn a_dry_run_writes_nothing(database: TestDatabase) {
    let source = predecessor::with(Engine::Sqlite, one_user(Engine::Sqlite)).await;
    let target = Target::at(database.url());
    let report = target.report(&source, 0, &["--dry-run"]).await;
    assert_eq!(report["dry_run"], true, "{report}");
    assert_eq!(report["planned"]["new"], 1, "{report}");
    assert_eq!(report["imported"], serde_json::json!(null), "{report}");
    // Nothing was migrated.
    database.execute("CREATE TABLE users (id INTEGER)").await;
    assert_eq!(std::fs::read_dir(target.path()).expect("a folder").count(), 1, "but the log");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_way_to_fail_has_its_exit_code_and_shows_no_secret() {
    let source = predecessor::with(Engine::Sqlite, one_user(Engine::Sqlite)).await;
    let postgres = TestDatabase::create(Engine::Postgres).await;
    let refused = format!("{}_no", postgres.url());
    let target = Target::file();
    std::fs::write(target.path().join("bad.json"), "{\"format\": 1, \"u\": \"hunter2\"}")
        .expect("a file");
    let unknown = "{\"format\": 1, \"users\": {\"nobody\": {\"decision\": \"skip\"}}}";
    std::fs::write(target.path().join("unknown.json"), unknown).expect("a file");
    let good = source.url();
    for (url, arguments, code, text) in [
        ("", &[][..], 2, "IMPORT_FROM_URL"),
        ("mysql://u:hunter2@127.0.0.1:1/d", &[], 3, "does not answer"),
        ("oracle://u:hunter2@h/d", &[], 2, "the source cannot be used"),
        (&refused, &[], 2, "the source refuses the connection"),
        ("sqlite://nowhere.db", &[], 2, "there is no file nowhere.db: look whether the path"),
        (good, &["--decisions", "bad.json"], 2, "bad.json cannot be used"),
        (good, &["--decisions", "unknown.json"], 2, "nobody"),
        (good, &["--verify-passwords", "some"], 2, "verify-passwords"),
    ] {
        let variables = [("IMPORT_FROM_URL", url)];
        let variables = if url.is_empty() { &[][..] } else { &variables };
        let ended = run_command(target.path(), variables, &[&["import"], arguments].concat()).await;
        let told = format!("{}{}", ended.stdout, ended.stderr);
        assert_eq!(ended.code, Some(code), "{url} {arguments:?}: {told}");
        assert!(told.contains(text), "{url} {arguments:?}: {told}");
        assert!(!told.contains("hunter2") && !told.contains("panicked"), "{told}");
    }
    let on_line = ["import", "--from-url", "mysql://u:hunter2@127.0.0.1:1/d"];
    let ended = run_command(target.path(), &[], &on_line).await;
    assert!(ended.stderr.contains("IMPORT_FROM_URL_FILE"), "{}", ended.stderr);
    assert!(!ended.stderr.contains("hunter2"), "{}", ended.stderr);
}

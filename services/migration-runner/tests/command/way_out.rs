//! Of whatever stops a run on a server, the message names the way out, and that way is one.

use artisan_testkit::{Engine, TestDatabase};

use super::folder::{Ended, Folder, count, migrate, run, texts};

artisan_testkit::on_every_engine! {
    newer_database_is_gone_back_from_as_advised,
    scratch_of_another_engine_is_a_matter_of_configuration,
    late_revision_that_says_what_it_builds_upon_is_rebased_as_advised,
    lost_row_is_recorded_as_advised_and_nothing_runs_twice,
}
artisan_testkit::on_engine!(
    on_mariadb,
    MariaDb,
    half_applied_file_is_gone_back_from_as_advised,
    half_undone_target_that_is_gone_is_told,
    step_that_failed_is_the_same_step_when_it_is_said_again,
    parameter_that_nobody_reads_is_told,
    statement_is_named_when_its_session_ends
);
artisan_testkit::on_engine!(
    on_mysql,
    MySql,
    half_applied_file_is_gone_back_from_as_advised,
    half_undone_target_that_is_gone_is_told,
    step_that_failed_is_the_same_step_when_it_is_said_again,
    parameter_that_nobody_reads_is_told,
    statement_is_named_when_its_session_ends
);
artisan_testkit::on_engine!(
    on_postgres,
    Postgres,
    statement_is_named_when_its_session_ends,
    encryption_that_the_server_lacks_is_no_matter_of_the_password
);

fn at(database: &TestDatabase, folder: &Folder, code: i32, arguments: &[&str]) -> Ended {
    let dir = folder.path().to_str().unwrap();
    let all = [arguments, &["--dir", dir, "--output", "json"]].concat();
    run(migrate(database, &all)).expect(code)
}

fn next(ended: &Ended) -> String {
    ended.json()["error"]["next"].as_str().unwrap_or_default().to_owned()
}

async fn newer_database_is_gone_back_from_as_advised(database: TestDatabase) {
    let old =
        [("1_a.up.sql", "CREATE TABLE a (i INTEGER);\n"), ("1_a.down.sql", "DROP TABLE a;\n")];
    let new = [
        ("2_b.up.sql", "-- phase: contract\nCREATE TABLE b (i INTEGER);\n"),
        ("2_b.down.sql", "DROP TABLE b;\n"),
    ];
    let (older, newer) = (Folder::new(&old), Folder::new(&[old, new].concat()));
    at(&database, &newer, 0, &["upgrade", "--phase", "all"]);
    for command in ["upgrade", "check", "plan"] {
        let refused = at(&database, &older, 8, &[command]);
        let told = next(&refused);
        assert!(told.contains("`migrate downgrade 1 --from-database"), "{command}: {told}");
    }
    let refused = at(&database, &older, 7, &["downgrade", "base"]);
    assert!(next(&refused).contains("--from-database"), "{}", next(&refused));
    at(&database, &older, 0, &["downgrade", "1", "--from-database"]);
    at(&database, &older, 0, &["upgrade"]);
    // Where no script was kept, there is no such way.
    at(&database, &newer, 0, &["upgrade", "--phase", "all"]);
    database.execute("UPDATE _migrate_revisions SET down_file = NULL, down_script = NULL").await;
    let refused =
        [at(&database, &older, 8, &["upgrade"]), at(&database, &older, 7, &["downgrade", "base"])];
    assert!(!refused.iter().any(|refused| next(refused).contains("--from-database")));
}

async fn scratch_of_another_engine_is_a_matter_of_configuration(database: TestDatabase) {
    let folder = Folder::new(&[("1_a.sql", "CREATE TABLE a (i INTEGER);\n")]);
    at(&database, &folder, 0, &["upgrade"]);
    let scratch = match database.engine() {
        Engine::Sqlite => "mysql://nobody@127.0.0.1:1/none",
        Engine::MariaDb | Engine::MySql | Engine::Postgres => "sqlite:scr.db",
    };
    let dir = folder.path().to_str().unwrap();
    let mut command = migrate(&database, &["verify", "--dir", dir, "--output", "json"]);
    command.env("SCRATCH_DATABASE_URL", scratch);
    let error = run(command).expect(2).json();
    assert_eq!(error["error"]["reason"], "OTHER_ENGINE", "{error}");
    assert!(error["error"]["message"].as_str().unwrap().contains("SCRATCH_DATABASE_URL"));
}

async fn late_revision_that_says_what_it_builds_upon_is_rebased_as_advised(database: TestDatabase) {
    let folder = Folder::new(&[("1_a.sql", "SELECT 1;\n"), ("3_c.sql", "SELECT 3;\n")]);
    at(&database, &folder, 0, &["upgrade"]);
    let late = folder.path().join("2_b.sql");
    std::fs::write(&late, "-- revises: 1\nSELECT 2;\n").unwrap();
    let told = next(&at(&database, &folder, 7, &["upgrade"]));
    assert!(told.contains("`migrate rebase 2") && !told.contains("-- revises:"), "{told}");
    assert!(told.contains("--onto"), "{told}");
    at(&database, &folder, 0, &["rebase", "2"]);
    at(&database, &folder, 0, &["upgrade"]);
    // Where the applied file itself names it, no other version helps.
    let folder = Folder::new(&[
        ("1_a.sql", "SELECT 1;\n"),
        ("2_b.sql", "SELECT 2;\n"),
        ("3_c.sql", "-- revises: 2\nSELECT 3;\n"),
    ]);
    at(&database, &folder, 0, &["stamp", "3", "--purge"]);
    database.execute("DELETE FROM _sqlx_migrations WHERE version = 2").await;
    let told = next(&at(&database, &folder, 7, &["upgrade"]));
    assert!(told.contains("`migrate stamp 3 --dir") && !told.contains("rebase"), "{told}");
    at(&database, &folder, 0, &["stamp", "3"]);
    at(&database, &folder, 0, &["upgrade"]);
}

/// A stamp takes out what it does not name: with less than all heads, `upgrade` would insert again.
async fn lost_row_is_recorded_as_advised_and_nothing_runs_twice(database: TestDatabase) {
    let folder = Folder::new(&[
        ("1_a.sql", "CREATE TABLE a (i INTEGER);\n"),
        ("2_b.sql", "SELECT 2;\n"),
        ("3_c.sql", "-- revises: 2\nSELECT 3;\n"),
        ("4_d.sql", "INSERT INTO a VALUES (4);\n"),
        ("5_e.sql", "-- revises: 1\nINSERT INTO a VALUES (5);\n"),
    ]);
    at(&database, &folder, 0, &["upgrade", "heads"]);
    database.execute("DELETE FROM _sqlx_migrations WHERE version = 2").await;
    let told = next(&at(&database, &folder, 7, &["upgrade", "heads"]));
    assert!(told.contains("what 2 makes, run `migrate stamp 4 5 --dir"), "{told}");
    let found = at(&database, &folder, 0, &["repair"]).json();
    let stamp = format!("migrate stamp 4 5 --dir {}", folder.path().display());
    assert_eq!(found["findings"][0]["commands"][0], stamp, "{found}");
    at(&database, &folder, 0, &["stamp", "4", "5"]);
    at(&database, &folder, 0, &["upgrade", "heads"]);
    assert_eq!(count(&database, "a").await, 2);
}

/// DDL commits by itself, so that a file which fails behind it is half-applied.
async fn half_applied_file_is_gone_back_from_as_advised(database: TestDatabase) {
    let folder = Folder::new(&[
        ("1_a.sql", "CREATE TABLE a (i INTEGER);\n"),
        ("2_b.up.sql", "CREATE TABLE b (i INTEGER);\nNONSENSE;\nCREATE TABLE c (i INTEGER);\n"),
        ("2_b.down.sql", "DROP TABLE IF EXISTS c;\nDROP TABLE b;\n"),
    ]);
    at(&database, &folder, 6, &["upgrade"]);
    // What the target leaves as it is must not be recorded as less than its file.
    let kept = next(&at(&database, &folder, 6, &["downgrade", "2"]));
    assert!(kept.contains("mend 2_b.up.sql") && !kept.contains("to go back"), "{kept}");
    let down = folder.path().join("2_b.down.sql");
    let text = std::fs::read_to_string(&down).unwrap();
    std::fs::remove_file(&down).unwrap();
    let refused = at(&database, &folder, 7, &["downgrade", "1"]).json();
    assert_eq!(refused["error"]["reason"], "IRREVERSIBLE", "{refused}");
    std::fs::write(&down, text).unwrap();
    let refused = at(&database, &folder, 6, &["downgrade", "1"]);
    let message = refused.json()["error"]["message"].as_str().unwrap().to_owned();
    assert!(message.contains("finished before anything is undone"), "{message}");
    let told = next(&refused);
    assert!(told.contains("to go back, take out of 2_b.up.sql"), "{told}");
    std::fs::write(folder.path().join("2_b.up.sql"), "CREATE TABLE b (i INTEGER);\n").unwrap();
    let undone = at(&database, &folder, 0, &["downgrade", "1"]).json();
    assert_eq!(undone["reverted"][0]["version"], "2");
    assert_eq!(count(&database, "_sqlx_migrations").await, 1);
    let tables = "information_schema.tables WHERE table_schema = DATABASE() AND table_name = 'b'";
    assert_eq!(count(&database, tables).await, 0);
}

/// A downgrade to the revision that is half undone ends below it.
async fn half_undone_target_that_is_gone_is_told(database: TestDatabase) {
    let folder = Folder::new(&[
        ("1_a.sql", "CREATE TABLE a (i INTEGER);\n"),
        ("2_b.up.sql", "CREATE TABLE b (i INTEGER);\nCREATE TABLE c (i INTEGER);\n"),
        ("2_b.down.sql", "DROP TABLE c;\nDROP TABLE nosuch;\nDROP TABLE b;\n"),
    ]);
    for (target, is_told) in [("2", true), ("1", false), ("current", false)] {
        std::fs::write(
            folder.path().join("2_b.down.sql"),
            "DROP TABLE c;\nDROP TABLE nosuch;\nDROP TABLE b;\n",
        )
        .unwrap();
        at(&database, &folder, 0, &["upgrade"]);
        at(&database, &folder, 6, &["downgrade", "1"]);
        let mended = "DROP TABLE c;\nDROP TABLE b;\n";
        std::fs::write(folder.path().join("2_b.down.sql"), mended).unwrap();
        let told = at(&database, &folder, 0, &["downgrade", target]).stderr;
        let message = "2 was half undone, and that is finished before anything else: the database does not \
                       have it any more, though `2` keeps it; `migrate upgrade 2` applies it again";
        assert_eq!(told.contains(message), is_told, "{target}: {told}");
    }
}

async fn step_that_failed_is_the_same_step_when_it_is_said_again(database: TestDatabase) {
    const TWO: &str = "CREATE TABLE b (i INTEGER);\nCREATE TABLE c (i INTEGER);\n";
    let folder = Folder::new(&[
        ("1_a.up.sql", "CREATE TABLE a (i INTEGER);\n"),
        ("1_a.down.sql", "DROP TABLE a;\n"),
        ("2_b.up.sql", TWO),
        ("2_b.down.sql", "DROP TABLE c;\nNONSENSE;\n"),
        ("3_c.up.sql", "DROP TABLE c;\n"),
    ]);
    let write = |file: &str, text: &str| std::fs::write(folder.path().join(file), text).unwrap();
    at(&database, &folder, 0, &["upgrade", "2"]);
    at(&database, &folder, 6, &["downgrade", "-1"]);
    write("2_b.down.sql", "DROP TABLE c;\nDROP TABLE b;\n");
    let found = at(&database, &folder, 0, &["repair"]).json();
    let explanation = found["findings"][0]["explanation"].as_str().unwrap();
    assert!(explanation.starts_with("1 of 2 statements of 2_b.down.sql"), "{found}");
    let finish = format!("migrate downgrade current --dir {}", folder.path().display());
    assert_eq!(found["findings"][0]["commands"][0], finish);
    let ended = at(&database, &folder, 0, &["downgrade", "-1"]).json();
    let reverted = ended["reverted"].as_array().unwrap();
    assert_eq!(reverted.len(), 1, "{ended}");
    assert_eq!(texts(&database, "SELECT CAST(version AS CHAR) FROM _sqlx_migrations").await, ["1"]);
    write("2_b.up.sql", "CREATE TABLE b (i INTEGER);\nNONSENSE;\n");
    at(&database, &folder, 6, &["upgrade", "+1"]);
    write("2_b.up.sql", TWO);
    let planned = at(&database, &folder, 0, &["plan", "+1"]).json();
    assert_eq!(planned["revisions"].as_array().unwrap().len(), 1, "{planned}");
    let ended = at(&database, &folder, 0, &["upgrade", "+1"]).json();
    assert_eq!(ended["applied"].as_array().unwrap().len(), 1, "{ended}");
    assert_eq!(count(&database, "_sqlx_migrations").await, 2);
}

async fn parameter_that_nobody_reads_is_told(database: TestDatabase) {
    let mut command = super::folder::bare(&["current"]);
    command.env(
        "DATABASE_URL",
        format!("{}?ssl_ca=/ca.pem&connect=1&charset=utf8mb4", database.url()),
    );
    let told = run(command).expect(0).stderr;
    assert!(told.contains("write `ssl-ca`") && told.contains("connect"), "{told}");
    assert!(!told.contains("charset") && !told.contains("/ca.pem"), "{told}");
}

async fn encryption_that_the_server_lacks_is_no_matter_of_the_password(database: TestDatabase) {
    let mut command = super::folder::bare(&["current"]);
    command.env("DATABASE_URL", format!("{}?sslmode=require", database.url()));
    let told = run(command).expect(2).stderr;
    assert!(told.contains("`sslmode`") && !told.contains("check the user"), "{told}");
}

async fn statement_is_named_when_its_session_ends(database: TestDatabase) {
    let (sleep, running, end) = match database.engine() {
        Engine::Postgres => (
            "SELECT pg_sleep(60)",
            "SELECT pid::text FROM pg_stat_activity WHERE datname = current_database() \
             AND query LIKE 'SELECT pg_sleep%'",
            "SELECT pg_terminate_backend",
        ),
        Engine::Sqlite | Engine::MariaDb | Engine::MySql => (
            "DO SLEEP(60)",
            "SELECT CAST(id AS CHAR(20)) FROM information_schema.processlist \
             WHERE db = DATABASE() AND info LIKE 'DO SLEEP%'",
            "KILL",
        ),
    };
    let text = format!("CREATE TABLE a (i INTEGER);\n\n{sleep};\n");
    let folder = Folder::new(&[("1_a.sql", &text)]);
    let dir = folder.path().to_str().unwrap();
    let mut child = migrate(&database, &["upgrade", "--dir", dir]).spawn().unwrap();
    let session = loop {
        if let Some(session) = texts(&database, running).await.pop() {
            break session;
        }
        if child.try_wait().unwrap().is_some() {
            let ended: Ended = child.wait_with_output().unwrap().into();
            panic!("it ended before its statement was seen: {}", ended.stderr);
        }
    };
    let end = if end == "KILL" { format!("KILL {session}") } else { format!("{end}({session})") };
    database.execute(&end).await;
    let ended: Ended = child.wait_with_output().unwrap().into();
    let told = ended.expect(3).stderr;
    let told_statement = told.contains("1_a.sql:3") && told.contains("SLEEP(60)")
        || told.contains("1_a.sql:3") && told.contains("pg_sleep(60)");
    assert!(told_statement, "{told}");
}

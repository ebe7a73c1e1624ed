//! What a server that answers does not let in.

use std::time::{Duration, Instant};

use artisan_testkit::{Engine, TestDatabase};

use super::folder::{Folder, bare, migrate, run};
use super::read_only::Reader;

artisan_testkit::on_engine!(
    mariadb,
    MariaDb,
    unknown_database_is_refused_at_once,
    missing_right_is_a_matter_of_configuration,
    refused_statement_is_told_with_its_file_and_line,
    file_that_lets_itself_only_read_is_told
);
artisan_testkit::on_engine!(
    mysql,
    MySql,
    unknown_database_is_refused_at_once,
    missing_right_is_a_matter_of_configuration,
    refused_statement_is_told_with_its_file_and_line,
    file_that_lets_itself_only_read_is_told
);
artisan_testkit::on_engine!(
    postgres,
    Postgres,
    unknown_database_is_refused_at_once,
    missing_right_is_a_matter_of_configuration,
    database_that_only_answers_is_a_matter_of_configuration,
    statement_that_the_server_ends_is_told_with_the_limit,
    file_that_lets_itself_only_read_is_told
);
artisan_testkit::on_engine!(sqlite, Sqlite, file_that_lets_itself_only_read_is_told);

async fn missing_right_is_a_matter_of_configuration(database: TestDatabase) {
    run(migrate(&database, &["upgrade"])).expect(0);
    let reader = Reader::new(&database).await;
    let mut command = bare(&["downgrade", "base", "--output", "json"]);
    command.env("DATABASE_URL", reader.url());
    let ended = run(command);
    let mut blind = bare(&["current", "--output", "json"]);
    blind.env("DATABASE_URL", reader.url());
    let name = database.url().rsplit_once('/').unwrap().1;
    let revoke = match database.engine() {
        Engine::Postgres => format!("REVOKE SELECT ON _sqlx_migrations FROM r_{name}"),
        // All of what it has, table by table, cannot be taken back from a right on the database.
        _ => format!(
            "REVOKE SELECT ON {name}.* FROM r_{name}; GRANT SELECT ON {name}.users TO r_{name}"
        ),
    };
    database.execute(&revoke).await;
    let blind = run(blind);
    let mut waiting = bare(&["wait", "--timeout", "300ms"]);
    waiting.env("DATABASE_URL", reader.url());
    let waiting = run(waiting);
    reader.drop_user(&database).await;
    if matches!(database.engine(), Engine::MySql | Engine::MariaDb) {
        // The runner notes first what it is about to do, and may not.
        let error = ended.expect(2).json();
        assert_eq!(error["error"]["reason"], "NOT_ALLOWED", "{error}");
    } else {
        // Whatever a statement of a file is refused for is exit code 6, but no file is to be mended.
        let error = ended.expect(6).json();
        let next = error["error"]["next"].as_str().unwrap();
        assert!(next.contains("MIGRATION_DATABASE_URL") && !next.contains("mend"), "{next}");
    }
    assert!(waiting.expect(4).stderr.contains("lacks a right"), "the right may come later");
    let error = blind.expect(2).json();
    assert_eq!(error["error"]["reason"], "NOT_ALLOWED", "{error}");
    assert!(error["error"]["message"].as_str().unwrap().contains("MIGRATION_DATABASE_URL"));
}

async fn unknown_database_is_refused_at_once(database: TestDatabase) {
    let (server, _) = database.url().rsplit_once('/').unwrap();
    let started = Instant::now();
    let mut command = bare(&["upgrade"]);
    command.env("DATABASE_URL", format!("{server}/no_such_database"));
    let ended = run(command).expect(2);
    assert!(ended.stderr.contains("no_such_database"), "{}", ended.stderr);
    assert!(started.elapsed() < Duration::from_secs(20));
}

async fn refused_statement_is_told_with_its_file_and_line(database: TestDatabase) {
    let folder = Folder::new(&[("1_a.sql", "SET @a = 1;\nUSE no_such_database;\n")]);
    let mut command = migrate(&database, &["upgrade"]);
    command.env("MIGRATIONS_DIR", folder.path());
    let ended = run(command).expect(6);
    assert!(ended.stderr.contains("1_a.sql:2: "), "{}", ended.stderr);
}

/// No change of the file mends it.
async fn statement_that_the_server_ends_is_told_with_the_limit(database: TestDatabase) {
    let name = database.url().rsplit_once('/').unwrap().1;
    let sql = format!("ALTER DATABASE \"{name}\" SET statement_timeout = '300ms'");
    database.execute(&sql).await;
    let folder = Folder::new(&[("1_a.sql", "SELECT pg_sleep(5);\n")]);
    let mut command = migrate(&database, &["upgrade", "--output", "json"]);
    command.env("MIGRATIONS_DIR", folder.path());
    let error = &run(command).expect(6).json()["error"];
    let next = error["next"].as_str().unwrap();
    assert!(next.contains("statement_timeout") && !next.contains("mend"), "{error}");
}

/// The file is to blame, and not the server.
async fn file_that_lets_itself_only_read_is_told(database: TestDatabase) {
    let only_read = match database.engine() {
        Engine::Sqlite => "PRAGMA query_only = 1",
        Engine::Postgres => "SET TRANSACTION READ ONLY",
        Engine::MySql | Engine::MariaDb => "SET SESSION TRANSACTION READ ONLY",
    };
    let text = format!("CREATE TABLE a (b INT);\n{only_read};\nINSERT INTO a VALUES (1);\n");
    let folder = Folder::new(&[("1_a.sql", &text)]);
    let mut command = migrate(&database, &["upgrade"]);
    command.env("MIGRATIONS_DIR", folder.path());
    let ended = run(command).expect(6);
    assert!(ended.stderr.contains("1_a.sql:3: "), "{}", ended.stderr);
    assert!(!ended.stderr.contains("primary"), "{}", ended.stderr);
}

async fn database_that_only_answers_is_a_matter_of_configuration(database: TestDatabase) {
    let name = database.url().rsplit_once('/').unwrap().1;
    let sql = format!("ALTER DATABASE \"{name}\" SET default_transaction_read_only = on");
    database.execute(&sql).await;
    let ended = run(migrate(&database, &["upgrade", "--output", "json"])).expect(2);
    assert_eq!(ended.json()["error"]["reason"], "DATABASE_READ_ONLY");
}

//! What a server that answers does not let in.

use std::time::{Duration, Instant};

use artisan_testkit::TestDatabase;

use super::folder::{Folder, bare, migrate, run};

artisan_testkit::on_engine!(
    mariadb,
    MariaDb,
    unknown_database_is_refused_at_once,
    refused_statement_is_told_with_its_file_and_line
);
artisan_testkit::on_engine!(
    mysql,
    MySql,
    unknown_database_is_refused_at_once,
    refused_statement_is_told_with_its_file_and_line
);
artisan_testkit::on_engine!(
    postgres,
    Postgres,
    unknown_database_is_refused_at_once,
    database_that_only_answers_is_a_matter_of_configuration
);

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

async fn database_that_only_answers_is_a_matter_of_configuration(database: TestDatabase) {
    let name = database.url().rsplit_once('/').unwrap().1;
    let sql = format!("ALTER DATABASE \"{name}\" SET default_transaction_read_only = on");
    database.execute(&sql).await;
    let ended = run(migrate(&database, &["upgrade", "--output", "json"])).expect(2);
    assert_eq!(ended.json()["error"]["reason"], "DATABASE_READ_ONLY");
}

//! What a server that answers does not let in.

use std::time::{Duration, Instant};

use artisan_testkit::TestDatabase;

use super::folder::{bare, run};

artisan_testkit::on_engine!(mariadb, MariaDb, unknown_database_is_refused_at_once);
artisan_testkit::on_engine!(mysql, MySql, unknown_database_is_refused_at_once);
artisan_testkit::on_engine!(postgres, Postgres, unknown_database_is_refused_at_once);

async fn unknown_database_is_refused_at_once(database: TestDatabase) {
    let (server, _) = database.url().rsplit_once('/').unwrap();
    let started = Instant::now();
    let mut command = bare(&["upgrade"]);
    command.env("DATABASE_URL", format!("{server}/no_such_database"));
    let ended = run(command).expect(2);
    assert!(ended.stderr.contains("no_such_database"), "{}", ended.stderr);
    assert!(started.elapsed() < Duration::from_secs(20));
}

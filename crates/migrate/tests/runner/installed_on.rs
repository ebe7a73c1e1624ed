//! When a revision was applied is told where it can be, and stops nobody where it cannot.

use artisan_migrate::Access;
use artisan_testkit::{Engine, TestDatabase};

use super::database::{FILES, options, runner, upgrade};

artisan_testkit::on_every_engine! {
    whole_second_is_told,
    what_is_no_time_stops_nobody,
}

/// What is told of the oldest revision once the column holds this.
async fn told(database: &TestDatabase, value: &str) -> Option<String> {
    let sql = format!("UPDATE _sqlx_migrations SET installed_on = {value}");
    database.execute(&sql).await;
    let mut runner = runner(database, &FILES, Access::Read, options()).await.unwrap();
    let history = runner.history_report(None).await.unwrap();
    runner.close().await;
    history.revisions.iter().find(|one| one.applied).unwrap().installed_on.clone()
}

async fn whole_second_is_told(database: TestDatabase) {
    upgrade(&database, &FILES, "head").await.unwrap();
    let zone = if database.engine() == Engine::Postgres { "+00" } else { "" };
    for second in ["2026-12-01 13:50:00", "2026-12-01 13:50:00.4"] {
        let told = told(&database, &format!("'{second}{zone}'")).await;
        assert_eq!(told.as_deref(), Some("2026-12-01T13:50:00Z"), "{second}");
    }
}

async fn what_is_no_time_stops_nobody(database: TestDatabase) {
    upgrade(&database, &FILES, "head").await.unwrap();
    let values: &[&str] = match database.engine() {
        Engine::Postgres => &["'infinity'", "'-infinity'", "'0044-03-15 BC'", "'12026-01-01'"],
        Engine::MySql | Engine::MariaDb => return,
        Engine::Sqlite => &["'yesterday'", "''", "2461376.5", "x'ff'"],
    };
    for value in values {
        assert_eq!(told(&database, value).await, None, "{value}");
    }
}

//! How far a long statement is, as far as the server tells.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use artisan_migrate::{Access, Event, Observer, Options, Phases, Stopper, Target};
use artisan_testkit::{Engine, TestDatabase};
use sqlx::{Connection, Executor, PgConnection};

use super::database::{options, runner};

artisan_testkit::on_engine!(mariadb, MariaDb, server_tells_how_far_a_statement_is);
artisan_testkit::on_engine!(mysql, MySql, server_tells_how_far_a_statement_is);
artisan_testkit::on_engine!(postgres, Postgres, server_tells_how_far_a_statement_is);

async fn server_tells_how_far_a_statement_is(database: TestDatabase) {
    database.execute("CREATE TABLE a (i INTEGER)").await;
    let (text, expected) = match database.engine() {
        // Whatever waits behind a transaction, and for whom.
        Engine::Postgres => (
            "-- no-transaction\nCREATE INDEX CONCURRENTLY a_i ON a (i);\n",
            "waits for the server process ",
        ),
        _ => ("INSERT INTO a VALUES (1);\nSELECT SLEEP(60);\n", "User sleep"),
    };
    let holder = match database.engine() {
        Engine::Postgres => {
            let mut holder = PgConnection::connect(database.url()).await.unwrap();
            holder.execute("BEGIN; INSERT INTO a VALUES (1)").await.unwrap();
            Some(holder)
        }
        _ => None,
    };
    let told: Arc<Mutex<Option<(usize, String)>>> = Arc::default();
    let (ear, (stopper, stop)) = (told.clone(), Stopper::new());
    let observer = Observer::new(move |event| {
        if let Event::Progress { line, told, .. } = event {
            *ear.lock().unwrap() = Some((*line, told.clone()));
            stopper.stop();
        }
    });
    let options = Options { asks_progress: true, observer, stop, ..options() };
    let mut asking = runner(&database, &[("1_a.sql", text)], Access::Write, options).await.unwrap();
    let upgrade = asking.upgrade(&Target::Head, Phases::Auto);
    let ended = tokio::time::timeout(Duration::from_secs(40), upgrade).await.unwrap();
    assert_eq!(ended.unwrap_err().exit_code(), 143);
    asking.close().await;
    let (line, words) = told.lock().unwrap().clone().unwrap();
    assert_eq!(line, 2);
    assert!(words.starts_with(expected), "{words}");
    drop(holder);
}

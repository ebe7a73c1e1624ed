use std::sync::{Arc, Mutex};

use artisan_migrate::{Access, Event, Observer, Options, Target};
use artisan_testkit::TestDatabase;

use super::database::{FILES, count, downgrade, options, runner, upgrade};

artisan_testkit::on_every_engine! {
    kept_script_undoes_what_no_file_knows,
    nothing_is_undone_unless_every_script_is_at_hand,
    failed_downgrade_can_be_repeated,
}

async fn kept_script_undoes_what_no_file_knows(database: TestDatabase) {
    upgrade(&database, &FILES, "head").await.unwrap();
    let older = &FILES[..4];
    let error = downgrade(&database, older, "add_age", false).await.unwrap_err();
    assert_eq!((error.exit_code(), error.reason()), (7, "UNKNOWN_VERSION"));
    let told = Arc::new(Mutex::new(Vec::new()));
    let ear = Arc::clone(&told);
    let observer = Observer::new(move |event| {
        if let Event::StoredScript { text, .. } = event {
            ear.lock().unwrap().push(text.clone());
        }
    });
    let options = Options { observer, ..options() };
    let mut runner = runner(&database, older, Access::Write, options).await.unwrap();
    let target = Target::Revision("add_age".to_owned());
    let report = runner.downgrade(&target, true).await.unwrap();
    runner.close().await;
    assert_eq!(report.reverted[0].name, "make_posts");
    assert_eq!(told.lock().unwrap()[0], "DROP TABLE posts;\n");
    assert_eq!(count(&database, "_sqlx_migrations").await, 2);
}

async fn nothing_is_undone_unless_every_script_is_at_hand(database: TestDatabase) {
    let mut files = FILES.to_vec();
    files.remove(1);
    upgrade(&database, &files, "head").await.unwrap();
    let error = downgrade(&database, &files, "base", false).await.unwrap_err();
    assert_eq!((error.exit_code(), error.reason()), (7, "IRREVERSIBLE"));
    assert_eq!(count(&database, "_sqlx_migrations").await, 3);
}

async fn failed_downgrade_can_be_repeated(database: TestDatabase) {
    upgrade(&database, &FILES, "head").await.unwrap();
    let mut broken = FILES.to_vec();
    broken[5].1 = "DROP INDEX_of_nothing;\n";
    let error = downgrade(&database, &broken, "-1", false).await.unwrap_err();
    assert_eq!(error.exit_code(), 6, "{error}");
    let applied = "_sqlx_migrations WHERE success = (1 = 1)";
    assert_eq!(count(&database, applied).await, 3);
    downgrade(&database, &FILES, "-1", false).await.unwrap();
    assert_eq!(count(&database, applied).await, 2);
}

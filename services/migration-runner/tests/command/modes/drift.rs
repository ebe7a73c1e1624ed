use artisan_testkit::{TestDatabase, on_engine};

use super::super::folder::{Folder, migrate, run};
use super::TABLE;

on_engine!(
    mariadb,
    MariaDb,
    trigger_made_by_hand_under_another_mode_is_drift,
    mode_that_the_files_say_is_compared_word_by_word,
    strictness_that_is_the_servers_is_no_drift,
    event_of_another_time_zone_is_drift,
    state_that_files_make_under_another_mode_is_not_adopted,
    drift_of_a_mode_can_be_taken_over,
    what_sqlx_made_has_no_drift,
);
on_engine!(
    mysql,
    MySql,
    trigger_made_by_hand_under_another_mode_is_drift,
    mode_that_the_files_say_is_compared_word_by_word,
    strictness_that_is_the_servers_is_no_drift,
    event_of_another_time_zone_is_drift,
    state_that_files_make_under_another_mode_is_not_adopted,
    drift_of_a_mode_can_be_taken_over,
    what_sqlx_made_has_no_drift,
);

const TRIGGER: &str =
    "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.f = NEW.a || NEW.b;\n";

/// A database and the files that made it.
fn upgraded(database: &TestDatabase, text: &str) -> Folder {
    let folder = Folder::new(&[("1_a.sql", &format!("{TABLE}{text}"))]);
    run(migrate(database, &["upgrade", "--dir", folder.path().to_str().unwrap()])).expect(0);
    told(database, &folder, 0);
    folder
}

/// The objects that `verify` tells.
fn told(database: &TestDatabase, folder: &Folder, code: i32) -> Vec<String> {
    let dir = folder.path().to_str().unwrap();
    let command = migrate(database, &["verify", "--output", "json", "--dir", dir]);
    let document = run(command).expect(code).json();
    let differences = document["differences"].as_array().unwrap().iter();
    differences.map(|found| found["object"].as_str().unwrap().to_owned()).collect()
}

async fn made_again(database: &TestDatabase, mode: &str) {
    database.execute(&format!("SET sql_mode = {mode}; DROP TRIGGER tr; {TRIGGER}")).await;
}

async fn trigger_made_by_hand_under_another_mode_is_drift(database: TestDatabase) {
    let folder = upgraded(&database, TRIGGER);
    for mode in ["DEFAULT", "''", "CONCAT(@@sql_mode, ',HIGH_NOT_PRECEDENCE')"] {
        made_again(&database, mode).await;
        assert_eq!(told(&database, &folder, 9), ["sql_mode of trigger tr"], "{mode}");
    }
    let dir = folder.path().to_str().unwrap();
    let words = run(migrate(&database, &["verify", "--dir", dir])).expect(9).stdout;
    assert!(words.contains("changed: sql_mode of trigger tr\n  - SET sql_mode = '"), "{words}");
    made_again(&database, "@@sql_mode").await;
    assert!(told(&database, &folder, 0).is_empty());
}

async fn mode_that_the_files_say_is_compared_word_by_word(database: TestDatabase) {
    let folder = upgraded(&database, &format!("SET sql_mode = 'STRICT_TRANS_TABLES';\n{TRIGGER}"));
    made_again(&database, "''").await;
    assert_eq!(told(&database, &folder, 9), ["sql_mode of trigger tr"]);
    made_again(&database, "'STRICT_TRANS_TABLES'").await;
    assert!(told(&database, &folder, 0).is_empty());
}

/// As after an upgrade of the server that changed its global mode.
async fn strictness_that_is_the_servers_is_no_drift(database: TestDatabase) {
    let folder = upgraded(&database, TRIGGER);
    made_again(&database, "REPLACE(@@sql_mode, 'STRICT_TRANS_TABLES', 'NO_ZERO_DATE')").await;
    assert!(told(&database, &folder, 0).is_empty());
}

async fn event_of_another_time_zone_is_drift(database: TestDatabase) {
    let event = "CREATE EVENT ev ON SCHEDULE AT '2035-01-01 00:00:00' DO SET @a = 1;\n";
    let folder = upgraded(&database, event);
    let again = format!("SET time_zone = '+05:00'; DROP EVENT ev; {event}");
    database.execute(&again).await;
    assert_eq!(told(&database, &folder, 9), ["time_zone of event ev"]);
}

async fn state_that_files_make_under_another_mode_is_not_adopted(database: TestDatabase) {
    let text = format!("{TABLE}{TRIGGER}");
    database.execute(&format!("SET sql_mode = DEFAULT; {text}")).await;
    let folder = Folder::new(&[("1_a.sql", &text)]);
    let dir = folder.path().to_str().unwrap();
    let refused = run(migrate(&database, &["adopt", "--output", "json", "--dir", dir])).expect(2);
    assert_eq!(refused.json()["error"]["reason"], "NO_SUCH_STATE");
}

async fn drift_of_a_mode_can_be_taken_over(database: TestDatabase) {
    let folder = upgraded(&database, TRIGGER);
    made_again(&database, "DEFAULT").await;
    assert_eq!(told(&database, &folder, 9).len(), 1);
    let dir = folder.path().to_str().unwrap();
    run(migrate(&database, &["verify", "--adopt", "--dir", dir])).expect(0);
    assert!(told(&database, &folder, 0).is_empty());
}

/// `MySQL` keeps the semicolon behind the body, as sqlx sends it, and not behind that of a single statement.
async fn what_sqlx_made_has_no_drift(database: TestDatabase) {
    let text = format!("{TABLE}{TRIGGER}CREATE FUNCTION f() RETURNS INT DETERMINISTIC RETURN 1;\n");
    database.execute(&text).await;
    let folder = Folder::new(&[("1_a.sql", &text)]);
    run(migrate(&database, &["stamp", "head", "--dir", folder.path().to_str().unwrap()])).expect(0);
    assert!(told(&database, &folder, 0).is_empty());
}

use artisan_testkit::{TestDatabase, on_every_engine};

use super::folder::{Folder, count, migrate, run, texts};

on_every_engine!(
    unmanaged_database_gets_a_proven_baseline_and_keeps_its_rows,
    dry_run_writes_nothing,
    known_state_is_recorded_without_a_file,
    managed_database_is_refused,
);

async fn fill(database: &TestDatabase) {
    database
        .execute(
            "CREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR(20) NOT NULL);
             CREATE TABLE addresses (id INTEGER PRIMARY KEY, user_id INTEGER,
               CONSTRAINT owner FOREIGN KEY (user_id) REFERENCES users (id));
             INSERT INTO users VALUES (1, 'João'); INSERT INTO addresses VALUES (1, 1);
             CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY);
             INSERT INTO alembic_version VALUES ('1975ea83b712')",
        )
        .await;
}

fn files(folder: &Folder) -> usize {
    std::fs::read_dir(folder.path()).unwrap().count()
}

async fn unmanaged_database_gets_a_proven_baseline_and_keeps_its_rows(database: TestDatabase) {
    fill(&database).await;
    let folder = Folder::new(&[]);
    let dir = folder.path().to_str().unwrap();
    let adopted = run(migrate(&database, &["adopt", "--output", "json", "--dir", dir])).expect(0);
    assert_eq!(adopted.json()["alembic"][0], "1975ea83b712");
    assert_eq!(files(&folder), 1);
    run(migrate(&database, &["current", "--check-heads", "--dir", dir])).expect(0);
    run(migrate(&database, &["verify", "--dir", dir])).expect(0);
    assert_eq!(texts(&database, "SELECT name FROM users").await, ["João"]);
    assert_eq!(count(&database, "addresses").await, 1);
    assert_eq!(texts(&database, "SELECT version_num FROM alembic_version").await, ["1975ea83b712"]);
}

async fn dry_run_writes_nothing(database: TestDatabase) {
    fill(&database).await;
    let folder = Folder::new(&[]);
    let dir = folder.path().to_str().unwrap();
    let told = run(migrate(&database, &["adopt", "--dry-run", "--dir", dir])).expect(0);
    assert!(told.stdout.contains("CREATE TABLE"), "{}", told.stdout);
    assert_eq!(files(&folder), 0);
    run(migrate(&database, &["adopt", "--dir", dir])).expect(0);
}

async fn known_state_is_recorded_without_a_file(database: TestDatabase) {
    let one = ("1_a.up.sql", "CREATE TABLE a (id INTEGER PRIMARY KEY);");
    let two = ("2_b.up.sql", "CREATE TABLE b (id INTEGER PRIMARY KEY);");
    database.execute(one.1).await;
    let folder = Folder::new(&[one, two]);
    let dir = folder.path().to_str().unwrap();
    let adopted = run(migrate(&database, &["adopt", "--output", "json", "--dir", dir])).expect(0);
    assert_eq!(adopted.json()["revision"]["version"], "1");
    assert_eq!(files(&folder), 2);
    run(migrate(&database, &["upgrade", "head", "--dir", dir])).expect(0);
}

async fn managed_database_is_refused(database: TestDatabase) {
    let folder = Folder::new(&[("1_a.up.sql", "CREATE TABLE a (id INTEGER PRIMARY KEY);")]);
    let dir = folder.path().to_str().unwrap();
    run(migrate(&database, &["upgrade", "head", "--dir", dir])).expect(0);
    let refused = run(migrate(&database, &["adopt", "--output", "json", "--dir", dir])).expect(2);
    assert_eq!(refused.json()["error"]["reason"], "ALREADY_MANAGED");
}

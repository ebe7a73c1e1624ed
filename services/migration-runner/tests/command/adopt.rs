use artisan_testkit::{TestDatabase, on_engine, on_every_engine};

use super::folder::{Folder, count, migrate, run, texts};

on_every_engine!(
    unmanaged_database_gets_a_proven_baseline_and_keeps_its_rows,
    dry_run_writes_nothing,
    known_state_is_recorded_without_a_file,
    managed_database_is_refused,
);

on_engine!(mysql_server, MySql, database_of_enums_and_mixed_charsets_is_adopted_untouched);
on_engine!(sqlite_file, Sqlite, view_with_a_comment_behind_it_is_adopted);
on_engine!(postgres_server, Postgres, schema_that_cannot_be_made_anew_is_told);
on_engine!(mariadb_server, MariaDb, database_of_enums_and_mixed_charsets_is_adopted_untouched);

async fn fill(database: &TestDatabase) {
    database
        .execute(
            "CREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR(20) NOT NULL,
               kind VARCHAR(9) CHECK (kind IN ('maker', 'buyer')));
             CREATE TABLE addresses (id INTEGER PRIMARY KEY, user_id INTEGER,
               CONSTRAINT owner FOREIGN KEY (user_id) REFERENCES users (id));
             INSERT INTO users (id, name) VALUES (1, 'João'); INSERT INTO addresses VALUES (1, 1);
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
    run(migrate(&database, &["lint", "--dir", dir])).expect(0);
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

/// The advice is not to mend a file that was never written.
async fn schema_that_cannot_be_made_anew_is_told(database: TestDatabase) {
    database.execute("CREATE TYPE r AS RANGE (subtype = int); CREATE TABLE a (b r)").await;
    let folder = Folder::new(&[]);
    let dir = folder.path().to_str().unwrap();
    let ended = run(migrate(&database, &["adopt", "--dir", dir, "--output", "json"])).expect(2);
    let error = &ended.json()["error"];
    assert_eq!(error["reason"], "NOT_ADOPTABLE", "{error}");
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("CREATE TABLE public.a") && message.contains("stamp"), "{message}");
    assert_eq!(folder.path().read_dir().unwrap().count(), 0);
}

/// What was made by a statement without a semicolon keeps the comment behind it.
async fn view_with_a_comment_behind_it_is_adopted(database: TestDatabase) {
    database.execute("CREATE TABLE a (b INT); CREATE VIEW v AS SELECT b FROM a -- done").await;
    let folder = Folder::new(&[]);
    let dir = folder.path().to_str().unwrap();
    run(migrate(&database, &["adopt", "--dir", dir])).expect(0);
    run(migrate(&database, &["verify", "--dir", dir])).expect(0);
}

async fn managed_database_is_refused(database: TestDatabase) {
    let folder = Folder::new(&[("1_a.up.sql", "CREATE TABLE a (id INTEGER PRIMARY KEY);")]);
    let dir = folder.path().to_str().unwrap();
    run(migrate(&database, &["upgrade", "head", "--dir", dir])).expect(0);
    let refused = run(migrate(&database, &["adopt", "--output", "json", "--dir", dir])).expect(2);
    assert_eq!(refused.json()["error"]["reason"], "ALREADY_MANAGED");
}

async fn database_of_enums_and_mixed_charsets_is_adopted_untouched(database: TestDatabase) {
    database
        .execute(
            "CREATE TABLE users (id CHAR(36) CHARACTER SET latin1 PRIMARY KEY, email VARCHAR(255) NOT NULL UNIQUE,
               status ENUM('ACTIVE','INACTIVE','PENDING') NOT NULL, type ENUM('ARTISAN','BUYER') NOT NULL,
               created DATETIME DEFAULT CURRENT_TIMESTAMP) CHARACTER SET utf8mb4;
             CREATE TABLE addresses (id INT AUTO_INCREMENT PRIMARY KEY, user_id CHAR(36) CHARACTER SET latin1 NOT NULL UNIQUE,
               city VARCHAR(100) CHARACTER SET utf8mb4, country VARCHAR(100) DEFAULT 'Brasil',
               FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE) CHARACTER SET latin1;
             CREATE TABLE artisans (id CHAR(36) CHARACTER SET latin1 PRIMARY KEY, bio TEXT, status ENUM('ACTIVE','SUSPENDED'),
               FOREIGN KEY (id) REFERENCES users (id));
             CREATE TABLE buyers (id CHAR(36) CHARACTER SET latin1 PRIMARY KEY, full_name VARCHAR(255) NOT NULL,
               FOREIGN KEY (id) REFERENCES users (id));
             INSERT INTO users (id, email, status, type) VALUES ('a', 'é@x', 'ACTIVE', 'ARTISAN'), ('b', 'b@x', 'PENDING', 'BUYER');
             INSERT INTO addresses (user_id, city) VALUES ('a', 'São Paulo');
             INSERT INTO artisans VALUES ('a', 'çã', 'ACTIVE'); INSERT INTO buyers VALUES ('b', 'B');
             CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY);
             INSERT INTO alembic_version VALUES ('1975ea83b712')",
        )
        .await;
    let rows = "SELECT GROUP_CONCAT(line ORDER BY line) FROM (
        SELECT CONCAT_WS('|', 'u', HEX(id), HEX(email), status, type, created) AS line FROM users
        UNION ALL SELECT CONCAT_WS('|', 'a', id, HEX(user_id), HEX(city), country) FROM addresses
        UNION ALL SELECT CONCAT_WS('|', 'r', HEX(id), HEX(bio), status) FROM artisans
        UNION ALL SELECT CONCAT_WS('|', 'b', HEX(id), HEX(full_name)) FROM buyers
        UNION ALL SELECT version_num FROM alembic_version) AS everything";
    let before = texts(&database, rows).await;
    let folder = Folder::new(&[]);
    let dir = folder.path().to_str().unwrap();
    run(migrate(&database, &["adopt", "--dir", dir])).expect(0);
    run(migrate(&database, &["verify", "--dir", dir])).expect(0);
    assert_eq!(texts(&database, rows).await, before);
}

use artisan_testkit::TestDatabase;
use sqlx::{AssertSqlSafe, Connection, MySqlConnection};

use super::{Folder, kept, migrate, run};

/// Plays a text as the clients of `MySQL` and `MariaDB` do, which know of no bodies.
async fn play(database: &TestDatabase, text: &str) {
    let mut connection = MySqlConnection::connect(database.url()).await.unwrap();
    sqlx::raw_sql("SET sql_mode = DEFAULT").execute(&mut connection).await.unwrap();
    let (mut delimiter, mut statement) = (";", String::new());
    for line in text.lines().filter(|line| !line.starts_with("--")) {
        if let Some(word) = line.strip_prefix("DELIMITER ") {
            assert_eq!(statement.trim(), "");
            delimiter = word;
            continue;
        }
        let mut pieces = line.split(delimiter);
        statement.push_str(pieces.next().unwrap());
        for piece in pieces {
            let sql = AssertSqlSafe(std::mem::take(&mut statement));
            sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
            statement.push_str(piece);
        }
        statement.push('\n');
    }
    assert_eq!(statement.trim(), "");
    connection.close().await.unwrap();
}

pub(super) async fn schema_is_made_again_by_the_engines_client(database: TestDatabase) {
    let text = "CREATE TABLE t (id INT PRIMARY KEY, n INT);\n\
        CREATE FUNCTION f(a VARCHAR(9), b VARCHAR(9)) RETURNS VARCHAR(20) DETERMINISTIC RETURN a || b;\n\
        CREATE FUNCTION g() RETURNS DATE DETERMINISTIC RETURN CURDATE ();\n\
        CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW BEGIN\n  SET NEW.n = 1; -- first\n  SET NEW.n = 2;\n\
        END;\n\
        CREATE PROCEDURE p() BEGIN SELECT '//'; END;\n";
    let folder = Folder::new(&[("1_all.up.sql", text)]);
    let dir = folder.path().to_str().unwrap();
    run(migrate(&database, &["upgrade", "--dir", dir])).expect(0);
    let schema = run(migrate(&database, &["schema"])).expect(0).stdout;
    let client = TestDatabase::create(database.engine()).await;
    play(&client, &schema).await;
    let words = |kept: Vec<String>| {
        let words = kept.iter().map(|line| {
            let mut words: Vec<String> = line.split([' ', ',']).map(str::to_owned).collect();
            words.sort_unstable();
            words
        });
        words.collect::<Vec<_>>()
    };
    assert_eq!(words(kept(&client).await), words(kept(&database).await));
    std::fs::write(folder.path().join("schema.sql"), schema).unwrap();
    run(migrate(&database, &["check", "--dir", dir])).expect(0);
}

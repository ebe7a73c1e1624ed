//! What holds for the catalog of every engine alike.
#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

use artisan_schema::logical::{Conventions, LogicalSchema, LogicalType};
use artisan_schema::model::{Name, Schema};
use artisan_schema::{Error, Scope, read};
use artisan_testkit::{Engine, TestDatabase, on_every_engine};

on_every_engine!(
    bookkeeping_tables_are_left_out_unless_asked_for,
    order_of_creation_does_not_matter,
    each_change_makes_a_difference,
    logical_schema_is_the_same_everywhere,
);

async fn schema(database: &TestDatabase) -> Schema {
    read(database.url(), &Scope::application()).await.expect("a schema")
}

async fn bookkeeping_tables_are_left_out_unless_asked_for(database: TestDatabase) {
    database
        .execute(
            "CREATE TABLE _sqlx_migrations (version BIGINT PRIMARY KEY);
             CREATE TABLE _migrate_steps (version BIGINT PRIMARY KEY);
             CREATE TABLE migrations (version BIGINT PRIMARY KEY)",
        )
        .await;
    assert_eq!(
        schema(&database).await.tables.keys().collect::<Vec<_>>(),
        [&Name::local("migrations")]
    );
    let everything = read(database.url(), &Scope::everything()).await.expect("a schema");
    assert_eq!(everything.tables.len(), 3);
}

async fn order_of_creation_does_not_matter(database: TestDatabase) {
    let first = "CREATE TABLE a (x INT NOT NULL, y INT, z INT, CONSTRAINT a_one UNIQUE (x), \
                 CONSTRAINT a_two UNIQUE (y));
                 CREATE INDEX a_three ON a (z); CREATE INDEX a_four ON a (z, y);
                 CREATE TABLE b (x INT)";
    let second = "CREATE TABLE b (x INT);
                  CREATE TABLE a (x INT NOT NULL, y INT, z INT, CONSTRAINT a_two UNIQUE (y), \
                  CONSTRAINT a_one UNIQUE (x));
                  CREATE INDEX a_four ON a (z, y); CREATE INDEX a_three ON a (z)";
    database.execute(first).await;
    let before = schema(&database).await;
    database.execute("DROP TABLE a; DROP TABLE b").await;
    database.execute(second).await;
    assert_eq!(schema(&database).await, before);
}

async fn each_change_makes_a_difference(database: TestDatabase) {
    let mut seen = Vec::new();
    for table in [
        "x INT",
        "x INT NOT NULL",
        "x INT DEFAULT 1",
        "x BIGINT",
        "x INT, y INT",
        "y INT, x INT",
        "x INT, PRIMARY KEY (x)",
        "x INT, CONSTRAINT c UNIQUE (x)",
        "x INT, CONSTRAINT c CHECK (x > 0)",
        "x INT, CONSTRAINT c CHECK (x > 1)",
        "x INT, CONSTRAINT d CHECK (x > 1)",
        "x INT, CONSTRAINT c FOREIGN KEY (x) REFERENCES parents (id)",
        "x INT, CONSTRAINT c FOREIGN KEY (x) REFERENCES parents (id) ON DELETE CASCADE",
        "x VARCHAR(10)",
        "x VARCHAR(11)",
    ] {
        let parents = "CREATE TABLE parents (id INT PRIMARY KEY);";
        database.execute(&format!("{parents} CREATE TABLE t ({table})")).await;
        let now = schema(&database).await;
        assert!(!seen.contains(&now), "{table} looks like one before it");
        seen.push(now);
        database.execute("DROP TABLE t; DROP TABLE parents").await;
    }
}

async fn logical_schema_is_the_same_everywhere(database: TestDatabase) {
    let create = match database.engine() {
        Engine::Sqlite => {
            "CREATE TABLE owners (
                id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16)
            ) STRICT;
            CREATE TABLE t (
                id INTEGER PRIMARY KEY, title TEXT NOT NULL CHECK (length(title) <= 20),
                state TEXT NOT NULL CHECK (state IN ('A', 'B')), flag INTEGER CHECK (flag IN (0, 1)),
                data BLOB, price REAL DEFAULT 0, made_time INTEGER, about TEXT CHECK (json_valid(about)),
                owner BLOB CHECK (length(owner) = 16) REFERENCES owners (id) ON DELETE RESTRICT,
                UNIQUE (title, state)
            ) STRICT;
            CREATE INDEX t_owner ON t (owner)"
        }
        Engine::MySql | Engine::MariaDb => {
            "CREATE TABLE owners (id BINARY(16) PRIMARY KEY);
            CREATE TABLE t (
                id BIGINT AUTO_INCREMENT PRIMARY KEY, title VARCHAR(20) NOT NULL,
                state VARCHAR(9) NOT NULL CHECK (state IN ('A', 'B')), flag BOOLEAN,
                data VARBINARY(9), price DOUBLE DEFAULT 0, made_time DATETIME(6), about JSON,
                owner BINARY(16), CONSTRAINT t_owner FOREIGN KEY (owner) REFERENCES owners (id),
                UNIQUE (title, state), INDEX t_by_owner (owner)
            )"
        }
        Engine::Postgres => {
            "CREATE TABLE owners (id uuid PRIMARY KEY);
            CREATE TABLE t (
                id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, title varchar(20) NOT NULL,
                state text NOT NULL CHECK (state IN ('A', 'B')), flag boolean,
                data bytea, price double precision DEFAULT 0, made_time timestamptz, about jsonb,
                owner uuid REFERENCES owners (id)
            );
            CREATE UNIQUE INDEX t_title ON t (title, state);
            CREATE INDEX t_owner ON t (owner)"
        }
    };
    database.execute(create).await;
    let conventions = Conventions { time_suffix: Some("_time") };
    let logical = LogicalSchema::of(&schema(&database).await, conventions);
    let t = &logical.tables["t"];
    let kind = |name: &str| t.columns[name].logical_type.clone();
    assert_eq!(kind("id"), LogicalType::Integer);
    assert_eq!(kind("title"), LogicalType::Text(Some(20)));
    assert_eq!(kind("state"), LogicalType::Choice(["A".to_owned(), "B".to_owned()].into()));
    assert_eq!(kind("flag"), LogicalType::Boolean);
    assert_eq!(kind("data"), LogicalType::Bytes);
    assert_eq!(kind("price"), LogicalType::Float);
    assert_eq!(kind("made_time"), LogicalType::Timestamp);
    assert_eq!(kind("about"), LogicalType::Json);
    assert_eq!(kind("owner"), LogicalType::Uuid);
    assert!(!t.columns["id"].nullable && t.columns["id"].has_default);
    assert!(t.columns["price"].has_default && !t.columns["title"].has_default);
    assert_eq!(t.primary_key, ["id"]);
    assert_eq!(t.uniques, [vec!["title".to_owned(), "state".to_owned()]].into());
    assert_eq!(t.indexes, [vec!["owner".to_owned()]].into());
    let key = t.foreign_keys.first().expect("the foreign key");
    assert_eq!((&*key.referenced_table, &*key.referenced_columns), ("owners", &["id".into()][..]));
}

#[tokio::test]
async fn unknown_scheme_is_refused() {
    let error = read("oracle://host/db", &Scope::default()).await.expect_err("another engine");
    assert!(matches!(error, Error::UnknownEngine), "{error:?}");
}

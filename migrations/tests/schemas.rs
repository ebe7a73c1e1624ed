//! All engines end in the same logical schema, `schema.sql` says the same as the migrations, and each
//! down file takes back exactly what its up file did.
#![expect(clippy::expect_used, reason = "tests fail by panicking")]

use artisan_migrations::{
    File, MYSQL, MYSQL_SCHEMA, POSTGRES, POSTGRES_SCHEMA, SQLITE, SQLITE_SCHEMA,
};
use artisan_schema::logical::{Conventions, LogicalSchema, LogicalType};
use artisan_schema::model::Schema;
use artisan_schema::{Scope, read};
use artisan_testkit::{Engine, TestDatabase, on_every_engine};

on_every_engine!(
    migrations_end_in_the_logical_schema_of_the_embedded_engine,
    migrations_end_in_the_schema_file,
    each_down_file_takes_back_its_up_file,
);

fn files(engine: Engine) -> &'static [File] {
    match engine {
        Engine::Sqlite => SQLITE,
        Engine::MariaDb | Engine::MySql => MYSQL,
        Engine::Postgres => POSTGRES,
    }
}

fn schema_file(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => SQLITE_SCHEMA,
        Engine::MariaDb | Engine::MySql => MYSQL_SCHEMA,
        Engine::Postgres => POSTGRES_SCHEMA,
    }
}

fn named(engine: Engine, ending: &str) -> Vec<File> {
    files(engine).iter().filter(|file| file.name.ends_with(ending)).copied().collect()
}

async fn schema(database: &TestDatabase) -> Schema {
    read(database.url(), &Scope::application()).await.expect("a schema")
}

async fn migrated(database: &TestDatabase) -> Schema {
    for file in named(database.engine(), ".up.sql") {
        database.execute(file.text).await;
    }
    schema(database).await
}

async fn migrations_end_in_the_logical_schema_of_the_embedded_engine(database: TestDatabase) {
    let conventions = Conventions { time_suffix: Some("_time") };
    let embedded = TestDatabase::create(Engine::Sqlite).await;
    let expected = LogicalSchema::of(&migrated(&embedded).await, conventions);
    let found = LogicalSchema::of(&migrated(&database).await, conventions);
    assert!(found.tables.contains_key("users"), "nothing was migrated");
    for (name, table) in &found.tables {
        // Table by table: a difference in one says which.
        assert_eq!(Some(table), expected.tables.get(name), "table {name}");
        for (column, facts) in &table.columns {
            let is_known = !matches!(facts.logical_type, LogicalType::Other(_));
            assert!(is_known, "{name}.{column} has a type of its own: {facts:?}");
        }
    }
    assert_eq!(found, expected);
}

async fn migrations_end_in_the_schema_file(database: TestDatabase) {
    let by_file = TestDatabase::create(database.engine()).await;
    by_file.execute(schema_file(database.engine())).await;
    assert_eq!(migrated(&database).await, schema(&by_file).await);
}

async fn each_down_file_takes_back_its_up_file(database: TestDatabase) {
    let engine = database.engine();
    // Makes the file on SQLite: reading never does.
    database.execute("SELECT 1").await;
    let mut states = vec![schema(&database).await];
    for file in named(engine, ".up.sql") {
        database.execute(file.text).await;
        states.push(schema(&database).await);
    }
    let head = states.pop().expect("the last state");
    for file in named(engine, ".down.sql").into_iter().rev() {
        database.execute(file.text).await;
        assert_eq!(Some(schema(&database).await), states.pop(), "after {}", file.name);
    }
    assert!(schema(&database).await.tables.is_empty(), "the down files left something");
    assert_eq!(states, [], "an up file has no down file");
    assert_eq!(migrated(&database).await, head);
}

use artisan_testkit::{Engine, TestDatabase, on_every_engine};

use super::folder::{Folder, migrate, run};

on_every_engine!(
    schema_makes_an_equal_schema_in_an_empty_database,
    schema_is_a_migration_that_the_runner_can_apply,
    tables_of_migration_runners_are_left_out,
    schema_names_each_object,
);

/// Names that sort against their dependencies, quotes, semicolons in bodies, and circles of references.
fn rich(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => include_str!("schema/sqlite.sql"),
        Engine::MySql => include_str!("schema/mysql.sql"),
        Engine::MariaDb => {
            concat!(include_str!("schema/mysql.sql"), include_str!("schema/mariadb.sql"))
        }
        Engine::Postgres => include_str!("schema/postgres.sql"),
    }
}

fn schema(database: &TestDatabase) -> String {
    run(migrate(database, &["schema"])).expect(0).stdout
}

async fn schema_makes_an_equal_schema_in_an_empty_database(database: TestDatabase) {
    database.execute(rich(database.engine())).await;
    let first = schema(&database);
    assert!(first.contains("CREATE"), "{first}");
    let other = TestDatabase::create(database.engine()).await;
    let document = run(migrate(&database, &["schema", "--output", "json"])).expect(0).json();
    other.execute(document["sql"].as_str().unwrap()).await;
    assert_eq!(schema(&other), without_notes(&first));
}

async fn schema_is_a_migration_that_the_runner_can_apply(database: TestDatabase) {
    database.execute(rich(database.engine())).await;
    let first = schema(&database);
    let folder = Folder::new(&[("1_all.up.sql", &first)]);
    let other = TestDatabase::create(database.engine()).await;
    let dir = folder.path().to_str().unwrap();
    run(migrate(&other, &["upgrade", "head", "--dir", dir])).expect(0);
    assert_eq!(schema(&other), without_notes(&first));
}

/// What the text leaves out is not in a database that was made from it.
fn without_notes(text: &str) -> String {
    let mut lines: Vec<&str> =
        text.lines().filter(|line| !line.starts_with("-- not in this text: grants")).collect();
    while lines.first().is_some_and(|line| line.is_empty()) {
        lines.remove(0);
    }
    lines.join("\n") + "\n"
}

async fn tables_of_migration_runners_are_left_out(database: TestDatabase) {
    let folder = Folder::new(&[("1_a.up.sql", "CREATE TABLE a (b INT);")]);
    run(migrate(&database, &["upgrade", "head", "--dir", folder.path().to_str().unwrap()]))
        .expect(0);
    database.execute("CREATE TABLE alembic_version (version_num VARCHAR(32))").await;
    let document = run(migrate(&database, &["schema", "--output", "json"])).expect(0).json();
    assert_eq!(document["objects"].as_array().unwrap().len(), 1, "{document}");
    assert_eq!(document["objects"][0]["kind"], "table");
}

async fn schema_names_each_object(database: TestDatabase) {
    database.execute("CREATE TABLE a (b INT); CREATE VIEW v AS SELECT b FROM a").await;
    let document = run(migrate(&database, &["schema", "--output", "json"])).expect(0).json();
    let kinds: Vec<&str> = document["objects"]
        .as_array()
        .unwrap()
        .iter()
        .map(|object| object["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["table", "view"]);
    assert_eq!(document["command"], "schema");
    assert!(document["objects"][1]["sql"].as_str().unwrap().contains("VIEW"));
}

//! sqlx's own configuration file.

use artisan_testkit::{Engine, TestDatabase};

use super::folder::{Folder, bare, count, migrate, run};

artisan_testkit::on_every_engine! {
    table_folder_variable_and_ignored_characters_are_sqlxs,
    projects_with_a_table_each_share_a_database,
}

async fn table_folder_variable_and_ignored_characters_are_sqlxs(database: TestDatabase) {
    let schema = if database.engine() == Engine::Postgres { "audit." } else { "" };
    let schemas = if schema.is_empty() { "" } else { "create-schemas = [\"audit\"]\n" };
    let toml = format!(
        "[common]\ndatabase-url-var = \"SHOP_URL\"\n[migrate]\ntable-name = \"{schema}applied\"\n\
         migrations-dir = \"db\"\n{schemas}ignored-chars = [\"\\r\"]\n"
    );
    let place = Folder::new(&[("sqlx.toml", &toml)]);
    let db = place.path().join("db");
    std::fs::create_dir(&db).unwrap();
    std::fs::write(db.join("1_a.up.sql"), "CREATE TABLE a (i INTEGER);\n").unwrap();
    std::fs::write(db.join("1_a.down.sql"), "DROP TABLE a;\n").unwrap();
    let at = |code: i32, arguments: &[&str]| {
        let mut command = bare(arguments);
        command.current_dir(place.path()).env("SHOP_URL", database.url());
        run(command).expect(code).stdout
    };
    at(0, &["upgrade"]);
    assert_eq!(count(&database, &format!("{schema}applied")).await, 1);
    std::fs::write(db.join("1_a.up.sql"), "CREATE TABLE a (i INTEGER);\r\n").unwrap();
    assert_eq!(at(0, &["upgrade"]), "nothing to do\n");
    assert_eq!(at(0, &["current"]), "1 a (head)\n");
    at(0, &["downgrade", "base"]);
    // Another variable is another database's.
    let mut command = bare(&["upgrade"]);
    command.current_dir(place.path()).env("DATABASE_URL", database.url());
    let refused = run(command).expect(2).stderr;
    assert!(refused.contains("SHOP_URL: not set"), "{refused}");
    std::fs::write(place.path().join("sqlx.toml"), "[migrate]\ntable = \"x\"\n").unwrap();
    at(2, &["current"]);
}

/// What the runner keeps beside sqlx's table is of one project: its down scripts, its floor, its journal.
async fn projects_with_a_table_each_share_a_database(database: TestDatabase) {
    let project = |name: &str, phase: &str| {
        let toml = format!("[migrate]\ntable-name = \"{name}_applied\"\n");
        let (up, down) =
            (format!("CREATE TABLE {name} (i INTEGER);\n"), format!("DROP TABLE {name};\n"));
        let last = format!("-- phase: {phase}\nSELECT 1;\n");
        Folder::new(&[
            ("sqlx.toml", &toml),
            ("1_a.up.sql", &up),
            ("1_a.down.sql", &down),
            ("2_b.up.sql", &last),
            ("2_b.down.sql", "SELECT 1;\n"),
        ])
    };
    let (shop, blog) = (project("shop", "expand"), project("blog", "contract"));
    let at = |folder: &Folder, arguments: &[&str]| {
        let mut command = migrate(&database, arguments);
        command.args(["--dir", "."]).current_dir(folder.path());
        run(command).expect(0).stdout
    };
    let remove = |names: &[&str]| {
        for name in names {
            std::fs::remove_file(shop.path().join(name)).unwrap();
        }
    };
    at(&shop, &["upgrade"]);
    at(&blog, &["upgrade"]);
    remove(&["2_b.up.sql", "2_b.down.sql"]);
    // The other one's contract revision says nothing about these files.
    at(&shop, &["wait"]);
    remove(&["1_a.up.sql", "1_a.down.sql"]);
    std::fs::write(shop.path().join(".gitkeep"), "").unwrap();
    let undone = at(&shop, &["downgrade", "base", "--from-database"]);
    assert!(undone.contains("1 a"), "{undone}");
    assert_eq!(count(&database, "blog").await, 0, "the other project's table is gone");
    assert_eq!(at(&shop, &["current"]), "nothing is applied\n");
    database.execute("CREATE TABLE shop (i INTEGER)").await;
    assert!(at(&blog, &["current"]).starts_with("2 b"));
    at(&blog, &["downgrade", "base"]);
}

artisan_testkit::on_engine!(postgres_schemas, Postgres, ledger_beyond_the_search_path_is_told_of);

/// Tenants may each have one on purpose; whoever has not is to know why all files run again.
async fn ledger_beyond_the_search_path_is_told_of(database: TestDatabase) {
    let folder = Folder::new(&[("1_a.sql", "SELECT 1;\n")]);
    let upgrade = || {
        let mut command = bare(&["upgrade"]);
        command.env("DATABASE_URL", database.url()).env("MIGRATIONS_DIR", folder.path());
        run(command).expect(0).stderr
    };
    assert!(!upgrade().contains("_sqlx_migrations"));
    let name = database.url().rsplit_once('/').unwrap().1;
    let moved = format!("CREATE SCHEMA app; ALTER DATABASE \"{name}\" SET search_path = app");
    database.execute(&moved).await;
    let told = upgrade();
    assert!(told.contains("schema public has a _sqlx_migrations of its own"), "{told}");
    assert!(!upgrade().contains("_sqlx_migrations"), "said once");
}

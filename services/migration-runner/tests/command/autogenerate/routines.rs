use artisan_testkit::{TestDatabase, on_engine};

use super::{call, fs, generate, project, written};

on_engine!(mysql, MySql, function_under_a_view_gets_other_arguments);
on_engine!(mariadb, MariaDb, function_under_a_view_gets_other_arguments);

/// `MySQL` looks at the old text of a view that is replaced, in a session that has called its function.
async fn function_under_a_view_gets_other_arguments(database: TestDatabase) {
    let schema = |parameters: &str, arguments: &str| {
        format!(
            "CREATE TABLE a (id INTEGER PRIMARY KEY, b VARCHAR(9) NOT NULL);\n\
             CREATE FUNCTION f({parameters}) RETURNS INT DETERMINISTIC RETURN x;\n\
             CREATE VIEW v AS SELECT id, f({arguments}) AS y FROM a;\n\
             CREATE VIEW w AS SELECT id FROM v;\n"
        )
    };
    let folder = project(&database, &schema("x INT", "id"));
    generate(&database, &folder, &["--rev-id", "1000"]).expect(0);
    call(&database, &folder, &["upgrade"]).expect(0);
    fs::write(folder.path().join("schema.sql"), schema("x INT, y INT", "id, 1")).unwrap();
    generate(&database, &folder, &["--rev-id", "2000"]).expect(0);
    fs::remove_file(folder.path().join("1000_change_it.up.sql")).unwrap();
    let made = written(folder.path(), ".up.sql");
    assert!(made.contains("DROP VIEW `v`") && !made.contains("VIEW `w`"), "{made}");
}

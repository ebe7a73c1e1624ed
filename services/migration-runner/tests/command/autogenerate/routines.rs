use artisan_testkit::{TestDatabase, on_engine};

use super::{call, fs, generate, project, written};

on_engine!(
    mysql,
    MySql,
    function_under_a_view_gets_other_arguments,
    what_the_server_does_not_do_online_is_advised_without,
);
on_engine!(
    mariadb,
    MariaDb,
    function_under_a_view_gets_other_arguments,
    what_the_server_does_not_do_online_is_advised_without,
);

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

async fn what_the_server_does_not_do_online_is_advised_without(database: TestDatabase) {
    let folder = project(&database, "CREATE TABLE a (id INTEGER PRIMARY KEY, b INT NOT NULL);\n");
    let told = generate(&database, &folder, &["--online"]).expect(11).json();
    let next = told["error"]["next"].as_str().unwrap();
    assert!(next.contains("without --online"), "{told}");
    generate(&database, &folder, &[]).expect(0);
}

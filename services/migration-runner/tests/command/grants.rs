//! A role with what `grants` prints can serve, and cannot touch the runner's tables.

use artisan_testkit::{Engine, TestDatabase};

use super::folder::{Folder, bare, migrate, refuses_at, run, texts};

artisan_testkit::on_engine!(
    mariadb,
    MariaDb,
    role_that_may_only_look_is_told_of_a_begun_file,
    ledger_of_another_database_is_granted,
    granted_role_serves_and_cannot_touch_the_ledger,
    right_that_the_runner_lacks_is_not_the_files_fault
);
artisan_testkit::on_engine!(
    mysql,
    MySql,
    role_that_may_only_look_is_told_of_a_begun_file,
    ledger_of_another_database_is_granted,
    granted_role_serves_and_cannot_touch_the_ledger,
    right_that_the_runner_lacks_is_not_the_files_fault
);
artisan_testkit::on_engine!(
    postgres,
    Postgres,
    role_that_may_only_look_is_told_of_a_begun_file,
    granted_role_serves_and_cannot_touch_the_ledger,
    role_that_was_granted_first_cannot_touch_the_ledger,
    right_that_the_runner_lacks_is_not_the_files_fault,
    empty_database_grants_what_will_be_made
);

/// What makes a role that may log in, and what takes it away.
fn made(engine: Engine, role: &str) -> (String, String) {
    match engine {
        Engine::Postgres => (
            format!("CREATE ROLE {role} LOGIN PASSWORD 'pw'"),
            format!("DROP OWNED BY {role}; DROP ROLE {role}"),
        ),
        _ => (format!("CREATE USER {role} IDENTIFIED BY 'pw'"), format!("DROP USER {role}")),
    }
}

fn url_of(role: &str, server: &str, name: &str) -> String {
    let (scheme, rest) = server.split_once("://").unwrap();
    let host = rest.rsplit_once('@').unwrap().1;
    format!("{scheme}://{role}:pw@{host}/{name}")
}

/// Who may change the schema and not record it: a mistake in what is granted, and in no migration.
async fn right_that_the_runner_lacks_is_not_the_files_fault(database: TestDatabase) {
    let folder = Folder::new(&[("1_a.sql", "CREATE TABLE a (i INTEGER);\n")]);
    let dir = folder.path().to_str().unwrap();
    run(migrate(&database, &["ensure-version", "--dir", dir])).expect(0);
    let (server, name) = database.url().rsplit_once('/').unwrap();
    let role = format!("lacks_{}", name.rsplit('_').take(2).collect::<Vec<_>>().join("_"));
    let (create, drop) = made(database.engine(), &role);
    database.execute(&create).await;
    let tables = ["_sqlx_migrations", "_migrate_revisions", "_migrate_journal"];
    let read = match database.engine() {
        Engine::Postgres => {
            tables.map(|table| format!("GRANT SELECT ON {table} TO {role}")).join(";")
        }
        _ => format!("GRANT SELECT, CREATE ON {name}.* TO {role}"),
    };
    database.execute(&read).await;
    if database.engine() == Engine::Postgres {
        database.execute(&format!("GRANT CREATE ON SCHEMA public TO {role}")).await;
    }
    let mut command = bare(&["upgrade", "--output", "json", "--dir", dir]);
    command.env("DATABASE_URL", url_of(&role, server, name));
    let ended = run(command);
    database.execute(&drop).await;
    let error = &ended.expect(2).json()["error"];
    assert_eq!(error["reason"], "NOT_ALLOWED", "{error}");
    assert!(!error["message"].to_string().contains("CREATE TABLE a"), "{error}");
}

async fn empty_database_grants_what_will_be_made(database: TestDatabase) {
    let grants = run(migrate(&database, &["grants", "app"])).expect(0).stdout;
    assert!(grants.contains("GRANT USAGE ON SCHEMA \"public\" TO \"app\";"), "{grants}");
    assert!(grants.contains("ALTER DEFAULT PRIVILEGES IN SCHEMA \"public\""), "{grants}");
}

async fn granted_role_serves_and_cannot_touch_the_ledger(database: TestDatabase) {
    run(migrate(&database, &["upgrade"])).expect(0);
    if database.engine() != Engine::Postgres {
        database.execute("CREATE PROCEDURE one() SELECT 1").await;
    }
    let (server, name) = database.url().rsplit_once('/').unwrap();
    let role = format!("app_{}", name.rsplit('_').take(2).collect::<Vec<_>>().join("_"));
    let (create, drop) = made(database.engine(), &role);
    database.execute(&create).await;
    let grants = run(migrate(&database, &["grants", &role])).expect(0).stdout;
    database.execute(&grants).await;
    let url = url_of(&role, server, name);
    let as_role = |arguments: &[&str]| {
        let mut command = bare(arguments);
        command.env("DATABASE_URL", &url);
        run(command)
    };
    let waited = as_role(&["wait", "--timeout", "5s"]).code;
    let current = as_role(&["current", "--check-heads"]).code;
    let mut refused = Vec::new();
    for sql in [
        "UPDATE _sqlx_migrations SET success = FALSE",
        "DELETE FROM _migrate_revisions",
        "INSERT INTO _migrate_journal (version) VALUES (1)",
        "DROP TABLE users",
        "CREATE TABLE mine (i INTEGER)",
    ] {
        refused.push(refuses_at(database.engine(), &url, sql).await);
    }
    let mut calls = vec!["DELETE FROM sessions WHERE 1 = 0"];
    calls.extend((database.engine() != Engine::Postgres).then_some("CALL one()"));
    let mut can_serve = true;
    for sql in calls {
        can_serve &= !refuses_at(database.engine(), &url, sql).await;
    }
    database.execute(&drop).await;
    assert_eq!((waited, current, can_serve), (Some(0), Some(0), true));
    assert!(refused.iter().all(|refused| *refused), "{refused:?}");
}

/// Whoever grants before the first upgrade gives the role what later tables will have, and those of
/// the runner are not among them.
async fn role_that_was_granted_first_cannot_touch_the_ledger(database: TestDatabase) {
    let name = database.url().rsplit('/').next().unwrap();
    let role = format!("first_{}", name.rsplit('_').take(2).collect::<Vec<_>>().join("_"));
    database.execute("CREATE TABLE theirs (i INTEGER)").await;
    database.execute(&format!("CREATE ROLE {role}")).await;
    let grants = run(migrate(&database, &["grants", &role])).expect(0).stdout;
    database.execute(&grants).await;
    let upgraded = run(migrate(&database, &["upgrade"])).code;
    let may = |right: &str, table: &str| {
        format!("SELECT has_table_privilege('{role}', '{table}', '{right}')::text")
    };
    let mut rights = Vec::new();
    for table in ["_sqlx_migrations", "_migrate_revisions", "_migrate_journal"] {
        for right in ["INSERT", "UPDATE", "DELETE", "TRUNCATE"] {
            rights.extend(texts(&database, &may(right, table)).await);
        }
    }
    let serves = texts(&database, &may("DELETE", "sessions")).await;
    database.execute(&format!("DROP OWNED BY {role}; DROP ROLE {role}")).await;
    assert_eq!(upgraded, Some(0));
    assert_eq!((rights, serves), (vec!["false".to_owned(); 12], vec!["true".to_owned()]));
}

async fn ledger_of_another_database_is_granted(database: TestDatabase) {
    let (_, name) = database.url().rsplit_once('/').unwrap();
    let other = format!("{name}_kept");
    let toml =
        format!("[migrate]\ntable-name = \"{other}.hist\"\ncreate-schemas = [\"{other}\"]\n");
    let place = Folder::new(&[("sqlx.toml", &toml)]);
    let at = |arguments: &[&str]| {
        let mut command = migrate(&database, arguments);
        command.current_dir(place.path());
        run(command).expect(0).stdout
    };
    at(&["ensure-version"]);
    let grants = at(&["grants", "app"]);
    database.execute(&format!("DROP DATABASE {other}")).await;
    assert!(
        grants.contains(&format!("GRANT SELECT ON `{other}`.`hist` TO 'app'@'%';")),
        "{grants}"
    );
}

/// With what is granted, and without the right to see how far a file came.
async fn role_that_may_only_look_is_told_of_a_begun_file(database: TestDatabase) {
    let text = "-- no-transaction\nCREATE TABLE a (i INTEGER);\nCREATE TABLE a (i INTEGER);\n";
    let folder = Folder::new(&[("1_a.sql", text)]);
    let dir = folder.path().to_str().unwrap();
    run(migrate(&database, &["upgrade", "--dir", dir])).expect(6);
    let (server, name) = database.url().rsplit_once('/').unwrap();
    let role = format!("looks_{}", name.rsplit('_').take(2).collect::<Vec<_>>().join("_"));
    let (create, drop) = made(database.engine(), &role);
    database.execute(&create).await;
    let grants = run(migrate(&database, &["grants", &role, "--dir", dir])).expect(0).stdout;
    database.execute(&grants).await;
    let url = url_of(&role, server, name);
    let ask = |command: &str| {
        let mut command = bare(&[command, "--dir", dir]);
        command.env("DATABASE_URL", &url);
        run(command)
    };
    let seen = ["plan", "repair"].map(ask);
    let revoke = format!("REVOKE SELECT ON _migrate_journal FROM {role}");
    database.execute(&revoke).await;
    let hidden = ["plan", "repair"].map(ask);
    database.execute(&drop).await;
    let [plan, repair] = seen.map(|ended| ended.expect(0).stdout);
    assert!(plan.contains("(done)"), "{plan}");
    assert!(repair.contains("1 of 2 statements of 1_a.sql are known to be done"), "{repair}");
    for ended in hidden {
        let ended = ended.expect(2);
        assert!(ended.stderr.contains("_migrate_journal"), "{}", ended.stderr);
        assert!(!ended.stderr.contains("another program"), "{}", ended.stderr);
    }
}

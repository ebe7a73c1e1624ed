//! A password appears in no output, whatever happens and however it was given.

use artisan_testkit::{Engine, TestDatabase};

use super::folder::{Folder, bare, run};

artisan_testkit::on_engine!(mariadb, MariaDb, password_is_told_nowhere);
artisan_testkit::on_engine!(mysql, MySql, password_is_told_nowhere);
artisan_testkit::on_engine!(postgres, Postgres, password_is_told_nowhere);

const PASSWORD: &str = "s3cr%23t";
/// As it is given, and as the server is told.
const SHAPES: [&str; 2] = [PASSWORD, "s3cr#t"];

async fn password_is_told_nowhere(database: TestDatabase) {
    let (server, name) = database.url().rsplit_once('/').unwrap();
    let (scheme, rest) = server.split_once("://").unwrap();
    let host = rest.rsplit_once('@').unwrap().1;
    let role = format!("s_{}", name.rsplit('_').take(2).collect::<Vec<_>>().join("_"));
    let (create, drop) = match database.engine() {
        Engine::Postgres => (
            format!("CREATE ROLE {role} SUPERUSER LOGIN PASSWORD 's3cr#t'"),
            format!(
                "REASSIGN OWNED BY {role} TO CURRENT_USER; DROP OWNED BY {role}; DROP ROLE {role}"
            ),
        ),
        _ => (
            format!("CREATE USER {role} IDENTIFIED BY 's3cr#t'; GRANT ALL ON {name}.* TO {role}"),
            format!("DROP USER {role}"),
        ),
    };
    database.execute(&create).await;
    let place = Folder::new(&[
        ("1_a.up.sql", "CREATE TABLE a (i INTEGER);"),
        ("1_a.down.sql", "DROP TABLE a;"),
        ("2_b.sql", "INSERT INTO missing VALUES (1);"),
        ("log", ""),
    ]);
    let good = format!("{scheme}://{role}:{PASSWORD}@{host}/{name}");
    let urls = [
        good.clone(),
        format!("{scheme}://nobody:{PASSWORD}@{host}/{name}"),
        format!("{scheme}://{role}:{PASSWORD}@{host}/no_such_database"),
        format!("{scheme}://{role}:{PASSWORD}@127.0.0.1:1/{name}"),
        format!("{scheme}://{role}:{PASSWORD}@{host}:x/{name}"),
        format!("{scheme}://{host}/{name}?password={PASSWORD}"),
    ];
    let commands: [&[&str]; 9] = [
        &["current", "-v"],
        &["upgrade"],
        &["check"],
        &["wait", "--timeout", "100ms"],
        &["history", "-v"],
        &["repair"],
        &["schema"],
        &["stamp", "1", "--output", "json"],
        &["downgrade", "base"],
    ];
    let dir = place.path().to_str().unwrap();
    let log = place.path().join("log");
    let mut leaks = Vec::new();
    for url in &urls {
        for arguments in commands {
            let mut command = bare(arguments);
            command.args(["--dir", dir, "--connect-timeout", "200ms"]);
            command.env("DATABASE_URL", url).env("RUST_LOG", "trace").env("TERMINATION_LOG", &log);
            let ended = run(command);
            let told = ended.stdout + &ended.stderr + &std::fs::read_to_string(&log).unwrap();
            if SHAPES.iter().any(|shape| told.contains(shape)) {
                leaks.push(format!("{arguments:?} with {url}: {told}"));
            }
        }
    }
    let mut command = bare(&["current", "-v", "--dir", dir, "--database-url", &good]);
    command.env("RUST_LOG", "trace");
    let ended = run(command).expect(0);
    database.execute(&drop).await;
    assert!(ended.stderr.contains("warning"), "{}", ended.stderr);
    assert!(!SHAPES.iter().any(|shape| ended.stderr.contains(shape)), "{}", ended.stderr);
    assert!(leaks.is_empty(), "{}", leaks.join("\n"));
}

//! Whatever goes wrong on the way: clear words, and nothing left behind.

use std::process::Command;
use std::time::Duration;

use artisan_testkit::{Engine, TestDatabase, on_engine, on_every_engine};

use super::super::read_only::Reader;
use super::{A, DESIRED, Ended, Folder, call, count, fs, generate, migrate, project, run, texts};

on_every_engine!(
    several_heads_are_refused_with_the_command_that_joins_them,
    two_at_once_leave_a_history_that_holds,
    command_that_hangs_ends_with_the_program,
    text_that_is_not_whole_drops_nothing,
    text_that_makes_nothing_drops_nothing,
);

on_engine!(
    mysql_only,
    MySql,
    missing_right_names_another_server,
    server_that_ends_the_session_leaves_nothing_behind,
    request_to_end_leaves_nothing_behind,
);
on_engine!(
    mariadb_only,
    MariaDb,
    missing_right_names_another_server,
    server_that_ends_the_session_leaves_nothing_behind,
    request_to_end_leaves_nothing_behind,
);
on_engine!(
    postgres_only,
    Postgres,
    missing_right_names_another_server,
    server_that_ends_the_session_leaves_nothing_behind,
    request_to_end_leaves_nothing_behind,
);

async fn several_heads_are_refused_with_the_command_that_joins_them(database: TestDatabase) {
    let forked = "-- revises: 1\nSELECT 1;\n";
    let folder = Folder::new(&[("1_a.up.sql", A), ("2_b.up.sql", forked), ("3_c.up.sql", forked)]);
    fs::write(folder.path().join("schema.sql"), DESIRED).unwrap();
    call(&database, &folder, &["upgrade", "heads"]).expect(0);
    let told = generate(&database, &folder, &[]).expect(7).json();
    assert!(told["error"].to_string().contains("migrate merge"), "{told}");
    assert_eq!(count(&folder), 4, "a file was written");
}

async fn text_that_makes_nothing_drops_nothing(database: TestDatabase) {
    let folder = Folder::new(&[("1_a.up.sql", A)]);
    call(&database, &folder, &["upgrade"]).expect(0);
    let schema = folder.path().join("schema.sql");
    fs::write(&schema, "SELECT 1;\n").unwrap();
    for options in [&[][..], &["--desired-cmd", "echo 'SELECT 1;'"]] {
        let told = generate(&database, &folder, options).expect(2).json();
        assert_eq!(told["error"]["reason"], "NO_DESIRED_SCHEMA");
        assert!(told["error"].to_string().contains("would drop everything"), "{told}");
    }
    assert_eq!(count(&folder), 2, "a file was written");
    fs::write(&schema, "-- nothing is to be left\n").unwrap();
    generate(&database, &folder, &[]).expect(0);
}

async fn text_that_is_not_whole_drops_nothing(database: TestDatabase) {
    let begun = format!("BEGIN;\n{A}");
    let broken = [
        format!("/* all\n{A}"),
        format!("-- none\n-- all\r{A}"),
        format!("{begun}ROLLBACK; -- due to errors\n"),
        begun.clone(),
    ];
    for (text, line) in broken.iter().zip([1, 2, 3, 1]) {
        // There a carriage return ends the comment.
        if text.contains('\r') && database.engine() == Engine::Postgres {
            continue;
        }
        let folder = project(&database, text);
        let told = call(&database, &folder, &["check", "--output", "json"]).expect(2).json();
        assert_eq!(told["error"]["reason"], "DESIRED_SCHEMA_INVALID", "{told}");
        let message = told["error"]["message"].as_str().unwrap();
        assert!(message.contains(&format!("schema.sql:{line}: ")), "{message}");
    }
    let folder = project(&database, &format!("{begun}COMMIT;\n"));
    call(&database, &folder, &["check"]).expect(0);
}

async fn missing_right_names_another_server(database: TestDatabase) {
    let folder = project(&database, DESIRED);
    let reader = Reader::new(&database).await;
    let asked = |scratch: Option<&str>| {
        let arguments = ["revision", "--autogenerate", "-m", "x", "--output", "json", "--dir"];
        let mut command = migrate(&database, &arguments);
        command.arg(folder.path()).env("DATABASE_URL", reader.url());
        command.envs(scratch.map(|url| ("SCRATCH_DATABASE_URL", url)));
        run(command)
    };
    let (refused, made) = (asked(None), asked(Some(database.url())));
    reader.drop_user(&database).await;
    let told = refused.expect(2).json();
    assert_eq!(told["error"]["reason"], "SCRATCH_REQUIRED", "{told}");
    assert!(told["error"]["message"].as_str().unwrap().contains("SCRATCH_DATABASE_URL"), "{told}");
    made.expect(0);
}

async fn two_at_once_leave_a_history_that_holds(database: TestDatabase) {
    let folder = project(&database, DESIRED);
    let children = ["one", "another"].map(|message| {
        let arguments = ["revision", "--autogenerate", "-m", message, "--dir"];
        migrate(&database, &arguments).arg(folder.path()).spawn().unwrap()
    });
    let ended = children.map(|child| Ended::from(child.wait_with_output().unwrap()));
    assert!(ended.iter().any(|one| one.code == Some(0)), "{} {}", ended[0].stderr, ended[1].stderr);
    for one in ended.iter().filter(|one| one.code != Some(0)) {
        assert!(one.stderr.contains("version"), "{}", one.stderr);
    }
    call(&database, &folder, &["history"]).expect(0);
}

async fn command_that_hangs_ends_with_the_program(database: TestDatabase) {
    let folder = project(&database, A);
    let arguments = [
        "revision",
        "--autogenerate",
        "-m",
        "x",
        "--desired-cmd",
        "echo ready >&2; exec sleep 600",
    ];
    let mut command = migrate(&database, &arguments);
    let mut child = command.arg("--dir").arg(folder.path()).spawn().unwrap();
    let mut heard = [0; 5];
    std::io::Read::read_exact(child.stderr.as_mut().unwrap(), &mut heard).unwrap();
    end(&child, "INT");
    Ended::from(child.wait_with_output().unwrap()).expect(143);
}

fn end(child: &std::process::Child, signal: &str) {
    let id = child.id().to_string();
    assert!(Command::new("kill").args([&format!("-{signal}"), &id]).status().unwrap().success());
}

/// A desired schema that takes long, and the program that waits for it.
#[expect(clippy::zombie_processes, reason = "whoever asks for it waits for it")]
async fn waiting(database: &TestDatabase) -> (Folder, std::process::Child, String) {
    let sleep = match database.engine() {
        Engine::Postgres => "SELECT pg_sleep(600);\n",
        _ => "DO SLEEP(600);\n",
    };
    let folder = project(database, &format!("{DESIRED}{sleep}"));
    let mut command =
        migrate(database, &["revision", "--autogenerate", "-m", "x", "--output", "json"]);
    let child = command.arg("--dir").arg(folder.path()).spawn().unwrap();
    let sessions = match database.engine() {
        Engine::Postgres => format!(
            "SELECT pid::text FROM pg_stat_activity WHERE datname LIKE '%scratch%\\_{:x}' AND query LIKE '%pg_sleep%'",
            child.id()
        ),
        // Its list of processes cannot show binary values (error 3854), and other tests send some.
        Engine::MySql => format!(
            "SELECT CAST(processlist_id AS CHAR(20)) FROM performance_schema.threads \
             WHERE processlist_db LIKE '%scratch%\\_{:x}' AND processlist_info LIKE '%SLEEP%'",
            child.id()
        ),
        _ => format!(
            "SELECT CAST(id AS CHAR(20)) FROM information_schema.processlist WHERE db LIKE '%scratch%\\_{:x}' AND \
             info LIKE '%SLEEP%'",
            child.id()
        ),
    };
    loop {
        if let Some(session) = texts(database, &sessions).await.into_iter().next() {
            return (folder, child, session);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn nothing_is_left(database: &TestDatabase, folder: &Folder, id: u32) {
    assert_eq!(count(folder), 3, "a file was written");
    let list = match database.engine() {
        Engine::Postgres => "SELECT datname::text FROM pg_database",
        _ => "SELECT CAST(schema_name AS CHAR(255)) FROM information_schema.schemata",
    };
    let left = texts(database, list).await;
    let ending = format!("_{id:x}");
    assert!(!left.iter().any(|name| name.contains("scratch") && name.ends_with(&ending)));
}

async fn server_that_ends_the_session_leaves_nothing_behind(database: TestDatabase) {
    let (folder, child, session) = waiting(&database).await;
    let id = child.id();
    match database.engine() {
        Engine::Postgres => {
            database.execute(&format!("SELECT pg_terminate_backend({session})")).await;
        }
        _ => database.execute(&format!("KILL {session}")).await,
    }
    let ended = Ended::from(child.wait_with_output().unwrap()).expect(3);
    let told = ended.json();
    let message = told["error"]["message"].as_str().unwrap();
    assert!(message.contains("the desired schema was made"), "{message}");
    nothing_is_left(&database, &folder, id).await;
}

async fn request_to_end_leaves_nothing_behind(database: TestDatabase) {
    for signal in ["INT", "TERM"] {
        let (folder, child, _) = waiting(&database).await;
        let id = child.id();
        end(&child, signal);
        let ended = Ended::from(child.wait_with_output().unwrap()).expect(143);
        assert_eq!(ended.json()["error"]["reason"], "STOPPED");
        nothing_is_left(&database, &folder, id).await;
        call(&database, &folder, &["downgrade", "base"]).expect(0);
    }
}

//! Comments that look like directives and are read by nobody.

use artisan_testkit::{Engine, TestDatabase};

use super::folder::{Folder, bare, count, migrate, refuses, run};

artisan_testkit::on_every_engine! {
    misspelt_phase_does_not_run_before_the_rollout,
    misspelt_directive_of_an_applied_file_hinders_nobody,
}
artisan_testkit::on_engine!(
    transaction_postgres,
    Postgres,
    late_no_transaction_is_told_as_sqlx_reads_it
);
artisan_testkit::on_engine!(
    transaction_sqlite,
    Sqlite,
    late_no_transaction_is_told_as_sqlx_reads_it
);

const FIRST: (&str, &str) = ("1_a.sql", "CREATE TABLE a (i INTEGER);\n");

async fn misspelt_phase_does_not_run_before_the_rollout(database: TestDatabase) {
    for (line, at) in [
        ("-- Phase: contract", 1),
        ("-- phase contract", 1),
        ("-- made by me\n-- phsae: contract", 2),
        ("-- phase: contrct", 1),
        ("/* made by me */\n-- phase: contract", 2),
    ] {
        let text = format!("{line}\nDROP TABLE a;\n");
        let folder = Folder::new(&[FIRST, ("2_b.sql", &text)]);
        let dir = folder.path().to_str().unwrap();
        run(migrate(&database, &["upgrade", "1", "--dir", dir])).expect(7);
        let only = Folder::new(&[FIRST]);
        let only = only.path().to_str().unwrap();
        run(migrate(&database, &["upgrade", "--dir", only])).expect(0);
        for command in ["upgrade", "plan", "check"] {
            let ended = run(migrate(&database, &[command, "--dir", dir])).expect(7);
            assert!(ended.stderr.contains(&format!("2_b.sql:{at}: ")), "{}", ended.stderr);
        }
        assert_eq!(count(&database, "a").await, 0, "the table is still there");
    }
}

async fn misspelt_directive_of_an_applied_file_hinders_nobody(database: TestDatabase) {
    let good = Folder::new(&[FIRST, ("2_b.sql", "-- Phase: contract\nDROP TABLE a;\n")]);
    let dir = good.path().to_str().unwrap();
    run(migrate(&database, &["ensure-version", "--dir", dir])).expect(0);
    run(migrate(&database, &["stamp", "head", "--dir", dir])).expect(0);
    run(migrate(&database, &["upgrade", "--dir", dir])).expect(0);
    for command in ["current", "history"] {
        let ended = run(migrate(&database, &[command, "--dir", dir])).expect(0);
        assert!(
            ended.stderr.contains("warning: 2_b.sql:1: `-- Phase: contract`"),
            "{}",
            ended.stderr
        );
    }
    run(migrate(&database, &["verify", "--dir", dir])).expect(0);
    assert!(refuses(&database, "SELECT * FROM a").await, "nothing has run");
}

#[test]
fn what_is_meant_as_a_comment_is_said_to_be_one() {
    let text = "-- Branch: shop\nCREATE TABLE b (i INTEGER);\n";
    let folder = Folder::new(&[FIRST, ("2_b.sql", text)]);
    let upgrade = |code: i32| {
        let mut command = bare(&["upgrade", "--dir", "."]);
        command.current_dir(folder.path()).env("DATABASE_URL", "sqlite:a.db");
        run(command).expect(code)
    };
    let told = upgrade(7).stderr;
    assert!(told.contains("`-- branch: shop`") && told.contains("`-- lint:allow MG010"), "{told}");
    let waived = format!("-- lint:allow MG010 the team that wrote it\n{text}");
    std::fs::write(folder.path().join("2_b.sql"), waived).unwrap();
    upgrade(0);
    let mut lint = bare(&["lint", "2", "--engine", "sqlite", "--dir", "."]);
    lint.current_dir(folder.path());
    let told = run(lint).stdout;
    assert!(!told.contains("MG010") && !told.contains("MG017"), "the waiver is used: {told}");
}

async fn late_no_transaction_is_told_as_sqlx_reads_it(database: TestDatabase) {
    for head in ["\n", "-- made by me\n", "\u{feff}"] {
        let harmless = format!("{head}-- no-transaction\nCREATE TABLE b (i INTEGER);\n");
        // SQLite takes the mark for a blank; PostgreSQL does not, with sqlx either.
        if head == "\u{feff}" && database.engine() == Engine::Postgres {
            continue;
        }
        let folder = Folder::new(&[("1_b.sql", &harmless)]);
        let dir = folder.path().to_str().unwrap();
        let ended = run(migrate(&database, &["upgrade", "--dir", dir])).expect(0);
        let line = if head == "\u{feff}" { 1 } else { 2 };
        let told = format!("warning: 1_b.sql:{line}: `-- no-transaction` is not read");
        assert!(ended.stderr.contains(&told), "{}", ended.stderr);
        run(migrate(&database, &["stamp", "base", "--dir", dir])).expect(0);
        database.execute("DROP TABLE b").await;
        let folder = Folder::new(&[("1_b.sql", &format!("{head}-- no-transaction\nVACUUM;\n"))]);
        let dir = folder.path().to_str().unwrap();
        let ended = run(migrate(&database, &["upgrade", "--dir", dir])).expect(6);
        assert!(ended.stderr.contains("very first bytes"), "{}", ended.stderr);
        let good = Folder::new(&[("1_b.sql", "-- no-transaction\nVACUUM;\n")]);
        let dir = good.path().to_str().unwrap();
        let ended = run(migrate(&database, &["upgrade", "--dir", dir])).expect(0);
        assert_eq!(ended.stderr, "");
        run(migrate(&database, &["stamp", "base", "--dir", dir])).expect(0);
    }
}

//! Texts that say nothing, or say it in a way that nobody reads; names that nothing has.

use artisan_testkit::{TestDatabase, on_engine, on_every_engine};

use super::dumps::empty;
use super::{
    A, DESIRED, Ended, Folder, OTHER_COLUMN, call, count, fs, generate, kinds, project, written,
};

on_every_engine!(
    text_that_is_empty_drops_nothing,
    text_that_is_no_utf8_is_named_with_its_line,
    marks_and_line_ends_of_editors_do_no_harm,
    rows_are_told_with_their_line,
    command_that_prints_no_schema_is_told,
    confirmed_drop_of_nothing_is_refused,
    pattern_that_ignores_nothing_is_told,
    message_in_any_script_names_a_revision,
);

on_engine!(
    postgres_only,
    Postgres,
    search_path_of_the_url_holds_in_the_scratch,
    search_path_of_a_file_is_obeyed,
);

fn reason(ended: &Ended) -> String {
    ended.json()["error"]["reason"].as_str().unwrap_or_default().to_owned()
}

async fn text_that_is_empty_drops_nothing(database: TestDatabase) {
    let folder = project(&database, "");
    for text in ["", "\n \n", "INSERT INTO a VALUES (1, 'x');\n"] {
        fs::write(folder.path().join("schema.sql"), text).unwrap();
        let told = generate(&database, &folder, &[]).expect(2);
        assert_eq!(reason(&told), "NO_DESIRED_SCHEMA", "{}", told.stdout);
        call(&database, &folder, &["check"]).expect(2);
    }
    let none = folder.path().join("none");
    fs::create_dir(&none).unwrap();
    let told = generate(&database, &folder, &["--desired", none.to_str().unwrap()]).expect(2);
    assert_eq!(reason(&told), "NO_DESIRED_SCHEMA");
    fs::write(folder.path().join("schema.sql"), "-- nothing is to be left\n").unwrap();
    let document = generate(&database, &folder, &[]).expect(0).json();
    assert_eq!(kinds(&document), ["drop table"]);
}

async fn text_that_is_no_utf8_is_named_with_its_line(database: TestDatabase) {
    let folder = project(&database, A);
    for (text, word) in
        [(&b"SELECT 1;\n-- caf\xe9\n"[..], "UTF-8"), (b"SELECT 1;\nSELECT '\0';\n", "NUL")]
    {
        fs::write(folder.path().join("schema.sql"), text).unwrap();
        let told = generate(&database, &folder, &[]).expect(2).stdout;
        assert!(told.contains("schema.sql:2: ") && told.contains(word), "{told}");
    }
}

async fn marks_and_line_ends_of_editors_do_no_harm(database: TestDatabase) {
    let text = format!("\u{feff}{DESIRED}").replace('\n', "\r\n");
    let folder = project(&database, &text);
    generate(&database, &folder, &[]).expect(0);
    call(&database, &folder, &["upgrade"]).expect(0);
    call(&database, &folder, &["check"]).expect(0);
    let renamed = "CREATE TABLE a (\r\nid INTEGER PRIMARY KEY,\r\nc VARCHAR(9) NOT NULL -- @renamed from=b\r\n);\r\n";
    let folder = Folder::new(&super::FILES);
    fs::write(folder.path().join("schema.sql"), renamed).unwrap();
    let other = TestDatabase::create(database.engine()).await;
    call(&other, &folder, &["upgrade"]).expect(0);
    let document = generate(&other, &folder, &[]).expect(0).json();
    assert_eq!(document["losses"], serde_json::json!([]), "{document}");
}

async fn rows_are_told_with_their_line(database: TestDatabase) {
    let text = format!("{A}INSERT INTO a VALUES (1, 'x');\nUPDATE a SET b = 'y';\n");
    let folder = project(&database, &text);
    for command in [&["check"][..], &["revision", "--autogenerate", "-m", "x"]] {
        let told = call(&database, &folder, command).expect(0).stderr;
        assert!(told.contains("schema.sql:2: `INSERT INTO a VALUES"), "{told}");
        assert!(told.contains("rows") && told.contains("1 more"), "{told}");
    }
}

async fn command_that_prints_no_schema_is_told(database: TestDatabase) {
    let folder = project(&database, A);
    let asked = |command: &str| generate(&database, &folder, &["--desired-cmd", command]);
    for (command, word) in [
        ("true", "printed nothing"),
        ("echo oops >&2; exit 3", "exit status: 3"),
        ("printf '\\377'", "no UTF-8"),
        ("yes 'SELECT 1;'", "printed more than 64 MiB"),
        ("no-such-command-here", "exit status: 127"),
    ] {
        let told = asked(command).expect(2);
        assert_eq!(reason(&told), "DESIRED_COMMAND_FAILED", "{command}");
        assert!(told.stdout.contains(word), "{command}: {}", told.stdout);
    }
    // It is not asked for input, and what it complains of is heard.
    let told = asked(&format!("cat; echo careful >&2; echo '{}'", A.trim())).expect(0);
    assert!(told.stderr.contains("careful"), "{}", told.stderr);
    assert_eq!(count(&folder), 3);
}

async fn confirmed_drop_of_nothing_is_refused(database: TestDatabase) {
    let folder = project(&database, OTHER_COLUMN);
    for name in ["b", "a.x", "z"] {
        let told = generate(&database, &folder, &["--confirm-drop", name]).expect(2);
        assert_eq!(reason(&told), "NOT_DROPPED", "{}", told.stdout);
        assert!(told.stdout.contains("these are dropped: a.b"), "{}", told.stdout);
    }
    let told = generate(&database, &folder, &["--confirm-rename", "a.b=a.x"]).expect(2);
    assert_eq!(reason(&told), "NOT_RENAMED");
    let document = generate(&database, &folder, &["--confirm-rename", "a.b=a.c"]).expect(0).json();
    assert_eq!(document["losses"], serde_json::json!([]), "{document}");
    assert!(written(folder.path(), ".up.sql").to_uppercase().contains("RENAME"));
}

async fn pattern_that_ignores_nothing_is_told(database: TestDatabase) {
    let folder = project(&database, A);
    let told = call(&database, &folder, &["check", "--ignore", "legacy_*", "--ignore", "a*"]);
    let told = told.expect(0).stderr;
    assert!(told.contains("nothing is named like `legacy_*`") && !told.contains("`a*`"), "{told}");
}

async fn message_in_any_script_names_a_revision(database: TestDatabase) {
    let long = "x".repeat(400);
    for message in ["añade teléfono", "加电话 📞", "../../etc", long.as_str()] {
        let folder = project(&database, DESIRED);
        let arguments = ["revision", "--autogenerate", "-m", message, "--output", "json"];
        let document = call(&database, &folder, &arguments).expect(0).json();
        assert_eq!(document["revisions"].as_array().unwrap().len(), 1, "{document}");
        assert_eq!(count(&folder), 5, "{message}");
        call(&database, &folder, &["history"]).expect(0);
    }
}

async fn search_path_of_the_url_holds_in_the_scratch(database: TestDatabase) {
    database.execute("CREATE SCHEMA app").await;
    let url = format!("{}?options=-csearch_path%3Dapp", database.url());
    let folder = Folder::new(&super::FILES);
    let desired = "CREATE TABLE app.a (\nid INTEGER PRIMARY KEY,\nc VARCHAR(9) NOT NULL -- @renamed from=b\n);\n\
                   CREATE TABLE d (id INTEGER);\n";
    fs::write(folder.path().join("schema.sql"), desired).unwrap();
    let at = |arguments: &[&str]| {
        let mut command = super::migrate(&database, arguments);
        command.env("DATABASE_URL", &url).arg("--dir").arg(folder.path());
        super::run(command)
    };
    at(&["upgrade"]).expect(0);
    let document =
        at(&["revision", "--autogenerate", "-m", "x", "--output", "json"]).expect(0).json();
    assert_eq!(kinds(&document), ["rename column", "create table"]);
    at(&["upgrade"]).expect(0);
    at(&["check"]).expect(0);
    at(&["verify"]).expect(0);
    let made = super::texts(
        &database,
        "SELECT nspname::text FROM pg_namespace n JOIN pg_class c ON \
        c.relnamespace = n.oid WHERE relname = 'd'",
    )
    .await;
    assert_eq!(made, ["app"]);
}

async fn search_path_of_a_file_is_obeyed(database: TestDatabase) {
    let text = "CREATE SCHEMA x;\nSET search_path = x, public;\nCREATE TABLE t (id INTEGER PRIMARY KEY);\n";
    let folder = empty(&database, text);
    generate(&database, &folder, &[]).expect(0);
    assert!(written(folder.path(), ".up.sql").contains("x.t"), "it stands in x");
    call(&database, &folder, &["upgrade"]).expect(0);
    call(&database, &folder, &["check"]).expect(0);
    let lost = "SET search_path = nowhere;\nCREATE TABLE t (id INTEGER);\n";
    fs::write(folder.path().join("schema.sql"), lost).unwrap();
    let told = generate(&database, &folder, &[]).expect(2).stdout;
    assert!(told.contains("schema.sql:2: ") && told.contains("no schema"), "{told}");
}

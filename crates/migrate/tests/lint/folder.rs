use artisan_migrate::lint::{self, Request};
use artisan_migrate::{Engine, History, Source};

type Files = &'static [(&'static str, &'static str)];

/// Codes and files of what is found.
fn found(
    engine: Engine,
    files: Files,
    change: impl Fn(&mut Request),
) -> Vec<(&'static str, String)> {
    let history = History::build(Source::embedded(files.iter().copied())).unwrap();
    let mut request = Request::new(engine);
    change(&mut request);
    lint::lint(&request, &history).into_iter().map(|finding| (finding.code, finding.file)).collect()
}

fn codes(engine: Engine, files: Files) -> Vec<&'static str> {
    found(engine, files, |_| {}).into_iter().map(|(code, _)| code).collect()
}

const UP: &str = "CREATE TABLE t (id bigint PRIMARY KEY);\n";
const DOWN: &str = "DROP TABLE t;\n";

#[test]
fn revision_without_down_file_is_told() {
    assert_eq!(codes(Engine::Postgres, &[("1_a.up.sql", UP)]), ["MG002"]);
    assert_eq!(codes(Engine::Postgres, &[("1_a.up.sql", UP), ("1_a.down.sql", DOWN)]), [""; 0]);
}

#[test]
fn down_file_of_another_name_is_told() {
    let files = &[("1_a.up.sql", UP), ("1_b.down.sql", DOWN)];
    assert_eq!(found(Engine::Postgres, files, |_| {}), [("MG007", "1_b.down.sql".to_owned())]);
}

#[test]
fn down_file_must_undo_each_statement() {
    let before = [("1_a.up.sql", UP), ("1_a.down.sql", DOWN)];
    let pairs = [
        ("ALTER TABLE t ADD a int, ADD b int;", "ALTER TABLE t DROP COLUMN a;", 1),
        ("ALTER TABLE t ADD a int, ADD b int;", "ALTER TABLE t DROP a, DROP b;", 0),
        ("CREATE TABLE x (a int); CREATE INDEX i ON x (a);", "DROP TABLE IF EXISTS x;", 0),
        ("CREATE TABLE x (a int); CREATE TABLE y (a int);", "DROP TABLE y;", 1),
        ("ALTER TABLE t ADD CONSTRAINT c CHECK (id > 0);", "-- nothing\n", 1),
        ("ALTER TABLE t ADD CONSTRAINT c CHECK (id > 0);", "ALTER TABLE t DROP CONSTRAINT c;", 0),
        ("ALTER TABLE t RENAME COLUMN id TO no;", "ALTER TABLE t RENAME COLUMN no TO id;", 0),
        ("ALTER TABLE t RENAME TO u;", "SELECT 1;", 1),
        ("ALTER TABLE t RENAME TO u;", "ALTER TABLE u RENAME TO t;", 0),
        ("CREATE VIEW v AS SELECT 1; CREATE TYPE s AS ENUM ('a');", "DROP VIEW v;", 1),
        ("CREATE SCHEMA s; CREATE TABLE s.x (a int);", "DROP SCHEMA s CASCADE;", 0),
        ("CREATE TABLE x (a int); DROP TABLE x;", "SELECT 1;", 0),
        ("CREATE TABLE n (id int); DROP TABLE t; ALTER TABLE n RENAME TO t;", "SELECT 1;", 1),
        ("ALTER TABLE t RENAME TO o; CREATE TABLE s (id int); DROP TABLE o;", "DROP TABLE s;", 1),
        (
            "ALTER TABLE t RENAME TO o; CREATE TABLE s (id int); DROP TABLE o;",
            "ALTER TABLE s RENAME TO o; CREATE TABLE t (id bigint); DROP TABLE o;",
            0,
        ),
        (
            "ALTER TABLE t ALTER COLUMN id TYPE int;",
            "ALTER TABLE t ALTER COLUMN id TYPE bigint;",
            0,
        ),
        ("ALTER TABLE t ALTER COLUMN id TYPE int;", "SELECT 1;", 1),
        (
            "ALTER TYPE e RENAME TO e_old; CREATE TYPE e AS ENUM ('a'); \
             ALTER TABLE t ALTER COLUMN id TYPE e USING id::text::e; DROP TYPE e_old;",
            "ALTER TYPE e ADD VALUE 'b';",
            0,
        ),
        // What code does cannot be looked into.
        ("CREATE TABLE x (a int);", "DO $$ BEGIN EXECUTE 'DROP TABLE x'; END $$;", 0),
        ("INSERT INTO t VALUES (1);", "SELECT 1;", 0),
    ];
    for (up, down, count) in pairs {
        let files = before.into_iter().chain([("2_b.up.sql", up), ("2_b.down.sql", down)]);
        let history = History::build(Source::embedded(files)).unwrap();
        let found = lint::lint(&Request::new(Engine::Postgres), &history);
        let found: Vec<_> = found.iter().filter(|finding| finding.code == "MG003").collect();
        assert_eq!(found.len(), count, "{up} / {down}: {found:?}");
        assert!(found.iter().all(|finding| finding.file == "2_b.down.sql"));
    }
}

#[test]
fn columns_that_change_places_are_undone_by_either() {
    let down = |sql| -> Files {
        Box::leak(Box::new([
            ("1_a.up.sql", "CREATE TABLE t (id INT PRIMARY KEY, a INT, b INT);"),
            ("1_a.down.sql", DOWN),
            ("2_b.up.sql", "ALTER TABLE t MODIFY COLUMN a INT AFTER b, ALGORITHM=INPLACE;"),
            ("2_b.down.sql", sql),
        ]))
    };
    let of = |sql| codes(Engine::MySql, down(sql));
    let found = of("ALTER TABLE t MODIFY COLUMN b INT AFTER a, ALGORITHM=INPLACE;");
    assert!(!found.contains(&"MG003"), "{found:?}");
}

#[test]
fn incomplete_down_file_is_waived_in_itself() {
    let down = "-- lint:allow MG003 the table stays for the archive\nSELECT 1;\n";
    assert_eq!(
        codes(Engine::Sqlite, Box::leak(Box::new([("1_a.up.sql", UP), ("1_a.down.sql", down)]))),
        [""; 0]
    );
}

#[test]
fn revision_older_than_the_base_is_told() {
    const FILES: Files = &[
        ("1_a.up.sql", UP),
        ("1_a.down.sql", DOWN),
        ("3_b.up.sql", "SELECT 1;"),
        ("3_b.down.sql", "SELECT 1;"),
    ];
    let with_base = |base: &[i64]| {
        let base = base.to_vec();
        found(Engine::Postgres, FILES, move |request| request.base = Some(base.clone()))
    };
    assert_eq!(with_base(&[1, 4]), [("MG004", "3_b.up.sql".to_owned())]);
    assert_eq!(with_base(&[1]), []);
    assert_eq!(with_base(&[1, 3, 4]), []);
}

#[test]
fn several_heads_are_told() {
    const FILES: Files = &[
        ("1_a.sql", "SELECT 1;"),
        ("2_b.sql", "-- revises: 1\nSELECT 1;"),
        ("3_c.sql", "-- revises: 1\nSELECT 1;"),
    ];
    assert!(codes(Engine::MySql, FILES).contains(&"MG005"));
}

#[test]
fn files_that_sqlx_passes_over_are_told() {
    let names = ["schema.sql", "20260101users.sql", "2_b.SQL", "README.md", "1_a.up.sql"];
    let found = found(Engine::Sqlite, &[("1_a.up.sql", UP), ("1_a.down.sql", DOWN)], |request| {
        request.names = names.map(str::to_owned).to_vec();
    });
    let files: Vec<&str> = found.iter().map(|(_, file)| file.as_str()).collect();
    assert_eq!(files, ["20260101users.sql", "2_b.SQL"]);
    assert!(found.iter().all(|(code, _)| *code == "MG006"));
}

#[test]
fn name_with_other_letters_is_told() {
    assert!(codes(Engine::Sqlite, &[("1_Add-Users.sql", UP)]).contains(&"MG001"));
    assert!(!codes(Engine::Sqlite, &[("1_add_users.sql", UP)]).contains(&"MG001"));
}

#[test]
fn version_of_the_server_decides() {
    let files: Files = &[
        ("1_a.up.sql", "CREATE TABLE t (id BIGINT PRIMARY KEY, a INT);"),
        ("2_b.up.sql", "ALTER TABLE t DROP COLUMN a;"),
    ];
    let rebuilds = |version: &str| {
        let found = found(Engine::MySql, files, |request| request.version = version.parse().ok());
        found.iter().any(|(code, _)| *code == "MY102")
    };
    assert!(rebuilds("8.0.20"));
    assert!(!rebuilds("8.0.36"));
}

#[test]
fn column_of_a_finding_is_that_of_its_statement() {
    let files: Files = &[("1_a.sql", UP), ("2_b.sql", "SELECT 1; /* é */ DROP\nTABLE t;")];
    let history = History::build(Source::embedded(files.iter().copied())).unwrap();
    let found = lint::lint(&Request::new(Engine::Postgres), &history);
    let place = found.iter().find(|finding| finding.code == "MG020").unwrap().place;
    assert_eq!((place.line, place.column, place.end_line), (1, 19, 2));
}

#[test]
fn revision_that_another_folder_lacks_is_told_there() {
    let files = &[("1_a.up.sql", UP), ("1_a.down.sql", DOWN)];
    let with = |versions: &[i64]| {
        let others = vec![("mysql".to_owned(), versions.iter().copied().collect())];
        found(Engine::Sqlite, files, |request| request.others.clone_from(&others))
    };
    assert_eq!(with(&[2]), [("MG054", "1_a.up.sql".to_owned())]);
    assert_eq!(with(&[1, 2]), []);
}

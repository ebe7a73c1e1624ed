use std::fs;
use std::path::Path;
use std::process::Command;

use artisan_testkit::TestDatabase;

use super::folder::{Ended, Folder, bare, migrate, run};

artisan_testkit::on_every_engine!(applied_revisions_are_not_pending);

const UP: &str = "CREATE TABLE t (id bigint PRIMARY KEY, a int);\n";
const BAD: &str = "-- a comment\nALTER TABLE t DROP COLUMN a;\n";

fn folder() -> Folder {
    Folder::new(&[
        ("1_a.up.sql", UP),
        ("1_a.down.sql", "DROP TABLE t;\n"),
        ("2_b.up.sql", BAD),
        ("2_b.down.sql", "ALTER TABLE t ADD COLUMN a int;\n"),
    ])
}

fn lint(folder: &Path, arguments: &[&str]) -> Ended {
    let mut command = bare(&["lint", "--dir", folder.to_str().unwrap()]);
    command.args(arguments);
    run(command)
}

fn codes(ended: &Ended) -> Vec<String> {
    let json = ended.json();
    let findings = json["findings"].as_array().unwrap();
    findings.iter().map(|finding| finding["code"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn own_migrations_have_no_findings() {
    let migrations = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations");
    let ended = lint(&migrations, &["--output", "json"]).expect(0);
    let json = ended.json();
    assert_eq!(json["engines"].as_array().unwrap().len(), 4);
    assert_eq!((&json["errors"], &json["warnings"]), (&0.into(), &0.into()));
    // The same files, built in.
    run(bare(&["lint"])).expect(0);
}

#[test]
fn finding_is_told_with_file_line_and_what_to_write() {
    let folder = folder();
    let ended = lint(folder.path(), &["--engine", "postgres"]).expect(10);
    let file = folder.path().join("2_b.up.sql");
    let head = format!("{}:2:1: error MG021 drop-column\n", file.display());
    assert!(ended.stdout.starts_with(&head), "{}", ended.stdout);
    assert!(ended.stdout.contains("instead: stop using the column first"));
    assert!(ended.stdout.ends_with("1 error, 0 warnings, 0 infos\n"), "{}", ended.stdout);
}

#[test]
fn document_has_the_findings() {
    let folder = folder();
    for arguments in [["--output", "json"], ["--format", "json"]] {
        let ended =
            lint(folder.path(), &[&["--engine", "sqlite"][..], &arguments].concat()).expect(10);
        let json = ended.json();
        assert_eq!((&json["format"], &json["command"]), (&1.into(), &"lint".into()));
        let finding = &json["findings"][0];
        assert_eq!((&finding["line"], &finding["engine"]), (&2.into(), &"sqlite".into()));
        assert_eq!(finding["doc"], "docs/lint.md#mg021");
    }
}

#[test]
fn severity_decides_what_is_shown_and_the_exit_code() {
    let folder = Folder::new(&[("1_a.up.sql", UP)]);
    let at = |severity| lint(folder.path(), &["--engine", "postgres", "--severity", severity]);
    at("error").expect(0);
    assert!(at("warning").expect(10).stdout.contains("MG002"));
}

#[test]
fn revisions_ranges_and_files_are_chosen() {
    let folder = folder();
    let file = folder.path().join("2_b.up.sql");
    let file = file.to_str().unwrap();
    let chosen =
        |what: &str| lint(folder.path(), &["--engine", "postgres", "--output", "json", what]);
    for what in ["2", "b", "head", "2:", "1:2", "2_b.up.sql", file] {
        assert_eq!(codes(&chosen(what).expect(10)), ["MG021"], "{what}");
    }
    for what in ["1", ":1", "1_a.up.sql"] {
        chosen(what).expect(0);
    }
    for what in ["9", "nowhere.sql", "9:"] {
        let ended = chosen(what).expect(2);
        assert!(
            ended.json()["error"]["message"].as_str().unwrap().contains('9')
                || what.contains("nowhere")
        );
    }
}

#[test]
fn engine_is_asked_for_where_nothing_tells_it() {
    let folder = folder();
    let ended = lint(folder.path(), &[]).expect(2);
    assert!(ended.stderr.contains("--engine"), "{}", ended.stderr);
    let mut command = bare(&["lint", "--dir", folder.path().to_str().unwrap()]);
    command.env("DATABASE_URL", "postgres://nobody@localhost/none");
    run(command).expect(10);
}

#[test]
fn every_engine_folder_is_looked_at() {
    let folder = tempfile::tempdir().unwrap();
    for engine in ["sqlite", "mysql", "postgres"] {
        fs::create_dir(folder.path().join(engine)).unwrap();
        fs::write(folder.path().join(engine).join("1_a.up.sql"), UP).unwrap();
    }
    let ended = lint(folder.path(), &["--output", "json"]).expect(10);
    // MySQL and MariaDB have one folder, and its findings are told once.
    assert_eq!(codes(&ended), ["MG002"; 3]);
    let ended = lint(folder.path(), &["--output", "json", "--engine", "mariadb"]).expect(10);
    assert_eq!(ended.json()["findings"][0]["engine"], "mariadb");
}

#[test]
fn sarif_log_has_rules_and_places() {
    let folder = folder();
    let ended = lint(folder.path(), &["--engine", "postgres", "--format", "sarif"]).expect(10);
    let json = ended.json();
    assert_eq!(json["version"], "2.1.0");
    let run = &json["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    assert!(rules.iter().all(|rule| rule["help"]["text"].is_string() && rule["id"].is_string()));
    let result = &run["results"][0];
    let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
    assert_eq!((&result["ruleId"], &result["level"]), (&rules[index]["id"], &"error".into()));
    let place = &result["locations"][0]["physicalLocation"];
    assert!(place["artifactLocation"]["uri"].as_str().unwrap().ends_with("/2_b.up.sql"));
    assert_eq!(place["region"]["startLine"], 2);
}

#[test]
fn annotations_are_one_line_each() {
    let folder = folder();
    let ended = lint(folder.path(), &["--engine", "postgres", "--format", "github"]).expect(10);
    assert_eq!(ended.stdout.lines().count(), 1);
    assert!(ended.stdout.starts_with("::error file="), "{}", ended.stdout);
    assert!(
        ended.stdout.contains(",line=2,endLine=2,col=1,title=MG021 drop-column::dropping column a")
    );
}

#[test]
fn rules_are_listed() {
    let ended = run(bare(&["lint", "--list-rules", "--output", "json"])).expect(0);
    assert!(ended.json()["rules"].as_array().unwrap().len() > 100);
    let ended = run(bare(&["lint", "--list-rules"])).expect(0);
    assert!(ended.stdout.contains("PG101 warning index-not-concurrent (postgres)\n"));
}

#[test]
fn revision_older_than_the_base_is_an_error() {
    let folder = folder();
    let base = Folder::new(&[("1_a.up.sql", UP), ("3_c.up.sql", "SELECT 1;")]);
    let arguments =
        ["--engine", "postgres", "--output", "json", "--base", base.path().to_str().unwrap()];
    let mut found = codes(&lint(folder.path(), &arguments).expect(10));
    found.sort();
    assert_eq!(found, ["MG004", "MG021"]);
    // What the base has is not looked at again.
    let arguments = ["--engine", "postgres", "--base", folder.path().to_str().unwrap()];
    lint(folder.path(), &arguments).expect(0);
}

#[test]
fn base_may_be_a_git_revision() {
    let folder = Folder::new(&[("1_a.up.sql", UP), ("3_c.sql", "SELECT 1;")]);
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command.arg("-C").arg(folder.path()).args(["-c", "user.name=a", "-c", "user.email=a@b"]);
        assert!(command.args(arguments).output().unwrap().status.success(), "{arguments:?}");
    };
    git(&["init", "--quiet"]);
    git(&["add", "."]);
    git(&["commit", "--quiet", "-m", "base"]);
    fs::write(folder.path().join("2_b.up.sql"), "SELECT 1;").unwrap();
    let arguments = ["--engine", "postgres", "--output", "json", "--severity", "error", "--base"];
    let with = |base| {
        let mut command = bare(&["lint", "--dir", folder.path().to_str().unwrap()]);
        command.args(arguments).arg(base).env("PATH", std::env::var_os("PATH").unwrap());
        run(command)
    };
    assert_eq!(codes(&with("HEAD").expect(10)), ["MG004"]);
    let ended = with("no-such-branch").expect(2);
    assert!(ended.stderr.contains("git says"), "{}", ended.stderr);
}

async fn applied_revisions_are_not_pending(database: TestDatabase) {
    let folder = Folder::new(&[
        ("1_a.up.sql", "CREATE TABLE t (id INTEGER PRIMARY KEY);\n"),
        ("2_b.up.sql", "CREATE TABLE u (id INTEGER PRIMARY KEY);\n"),
    ]);
    let dir = folder.path().to_str().unwrap();
    run(migrate(&database, &["upgrade", "1", "--dir", dir])).expect(0);
    let arguments = ["lint", "--pending", "--dir", dir, "--output", "json"];
    let json = run(migrate(&database, &arguments)).expect(10).json();
    let files: Vec<&str> =
        json["findings"].as_array().unwrap().iter().map(|f| f["file"].as_str().unwrap()).collect();
    assert!(
        !files.is_empty() && files.iter().all(|file| file.ends_with("2_b.up.sql")),
        "{files:?}"
    );
}

#[test]
fn revision_that_an_engine_lacks_is_told_where_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let write = |engine: &str, name: &str, text: &str| {
        fs::create_dir_all(folder.path().join(engine)).unwrap();
        fs::write(folder.path().join(engine).join(name), text).unwrap();
    };
    for engine in ["sqlite", "mysql", "postgres"] {
        write(engine, "1_a.sql", "SELECT 1;\n");
    }
    let found_from = |severity| {
        let json = lint(folder.path(), &["--output", "json", "--severity", severity]).json();
        let mut all = json["findings"].as_array().unwrap().clone();
        all.retain(|finding| finding["code"] == "MG054");
        all
    };
    let found = || found_from("info");
    assert_eq!(found(), [""; 0]);
    write("sqlite", "3_c.sql", "SELECT 1;\n");
    write("postgres", "3_c.sql", "SELECT 1;\n");
    let all = found();
    assert_eq!(all.len(), 2, "{all:?}");
    // It may be released long ago, where nothing mends it any more.
    assert_eq!(found_from("warning"), [""; 0]);
    let first = &all[0];
    assert!(first["file"].as_str().unwrap().ends_with("postgres/3_c.sql"), "{first}");
    assert!(first["message"].as_str().unwrap().starts_with("mysql has no revision 3"), "{first}");
    for engine in ["sqlite", "postgres"] {
        write(engine, "3_c.sql", "-- lint:allow MG054 nothing to do on MySQL\nSELECT 1;\n");
    }
    assert_eq!(found(), [""; 0]);
    // What a baseline stands for is there.
    for engine in ["sqlite", "postgres"] {
        write(engine, "3_c.sql", "SELECT 1;\n");
    }
    fs::remove_file(folder.path().join("mysql/1_a.sql")).unwrap();
    write("mysql", "3_base.sql", "-- squashes: 1, 3\nSELECT 1;\n");
    assert_eq!(found(), [""; 0]);
}

#[test]
fn document_in_two_formats_is_refused() {
    let folder = folder();
    let arguments = ["--engine", "sqlite", "--format", "sarif", "--output", "json"];
    let ended = lint(folder.path(), &arguments).expect(2);
    assert_eq!(ended.json()["error"]["reason"], "TWO_FORMATS");
}

/// Without `--dir`, what is pending is what the database lacks of the files that are looked at.
#[test]
fn pending_are_the_files_that_are_looked_at() {
    let place = Folder::new(&[]);
    let files = place.path().join("migrations");
    fs::create_dir(&files).unwrap();
    for (name, text) in [("1_a.up.sql", UP), ("2_b.up.sql", "CREATE TABLE u (id integer);\n")] {
        fs::write(files.join(name), text).unwrap();
    }
    let at = |arguments: &[&str]| {
        let mut command = bare(arguments);
        command.current_dir(place.path()).env("DATABASE_URL", "sqlite:db.sqlite");
        run(command)
    };
    at(&["upgrade", "1", "--dir", "migrations"]).expect(0);
    let ended = at(&["lint", "--pending", "--output", "json"]).expect(10);
    let json = ended.json();
    let files: Vec<&str> =
        json["findings"].as_array().unwrap().iter().map(|f| f["file"].as_str().unwrap()).collect();
    assert!(!files.is_empty() && files.iter().all(|file| file.ends_with("2_b.up.sql")), "{json}");
}

//! How new files are made: `migrate.toml`, `sqlx.toml`, templates, and what runs afterwards.

use std::fs;
use std::path::Path;

use super::folder::{Ended, Folder, bare, run};

/// A working directory with these files, and the migrations in `migrations`.
fn project(files: &[(&str, &str)], migrations: &[(&str, &str)]) -> Folder {
    let place = Folder::new(files);
    fs::create_dir(place.path().join("migrations")).unwrap();
    for (name, text) in migrations {
        fs::write(place.path().join("migrations").join(name), text).unwrap();
    }
    place
}

fn revision(place: &Folder, arguments: &[&str]) -> Ended {
    let mut command = bare(&["revision", "-m", "Add users", "--output", "json"]);
    command.args(arguments).current_dir(place.path());
    run(command)
}

/// The names of the files that are made, without `migrations/`.
fn made(place: &Folder, arguments: &[&str]) -> Vec<String> {
    let document = revision(place, arguments).expect(0).json();
    let files = document["files"].as_array().unwrap().iter();
    files.map(|file| file.as_str().unwrap().replace("migrations/", "")).collect()
}

const SIMPLE: &str = "[migrate.defaults]\nmigration-type = \"simple\"\n";

#[test]
fn file_is_of_the_kind_that_is_asked_for_nearest() {
    let with = |files: &[(&str, &str)], arguments: &[&str]| {
        made(&project(files, &[("1_a.sql", "")]), arguments)
    };
    let (one, two) = (&["2_add_users.sql"][..], &["2_add_users.up.sql", "2_add_users.down.sql"]);
    assert_eq!(with(&[], &[]), two);
    assert_eq!(with(&[("sqlx.toml", SIMPLE)], &[]), one);
    assert_eq!(with(&[("sqlx.toml", &SIMPLE.replace("simple", "inferred"))], &[]), one);
    assert_eq!(with(&[("sqlx.toml", SIMPLE)], &["--reversible"]), two);
    let ours = ("migrate.toml", "[revision]\nreversible = true\n");
    assert_eq!(with(&[("sqlx.toml", SIMPLE), ours], &[]), two);
    assert_eq!(with(&[ours], &["--simple"]), one);
}

#[test]
fn version_is_made_as_options_and_configuration_say() {
    let counted = project(&[], &[("0001_a.sql", ""), ("0002_b.sql", "")]);
    assert_eq!(made(&counted, &["--simple"]), ["0003_add_users.sql"]);
    assert_eq!(made(&counted, &["--simple", "--timestamp"])[0].len(), 14 + "_add_users.sql".len());
    let toml = "[migrate.defaults]\nmigration-versioning = \"sequential\"\n";
    let fresh = project(&[("sqlx.toml", toml)], &[]);
    assert_eq!(made(&fresh, &["--simple"]), ["0001_add_users.sql"]);
    let fresh = project(&[], &[]);
    let version = |offset: &str| -> i64 {
        let sql = revision(&fresh, &["--sql", "--timezone", offset]).expect(0).json();
        sql["version"].as_str().unwrap().parse().unwrap()
    };
    assert!(version("-12:00") < version("UTC") && version("UTC") < version("+12:00"));
    let ended = revision(&fresh, &["--timezone", "Europe/Berlin"]).expect(2);
    assert!(ended.stderr.contains("+02:00"), "{}", ended.stderr);
    for (version, part) in [("1", "is taken"), ("0", "from 1 on"), ("-7", "from 1 on")] {
        let folder = project(&[], &[("1_a.sql", "")]);
        let option = format!("--rev-id={version}");
        let ended = revision(&folder, &[&option, "--head", "base", "--splice"]).expect(2);
        assert!(ended.stderr.contains(part), "{version}: {}", ended.stderr);
    }
}

#[test]
fn version_in_front_of_others_does_not_change_what_they_build_upon() {
    let place = project(&[], &[("1_a.sql", ""), ("9_b.sql", "")]);
    let ended = revision(&place, &["--rev-id", "5", "--head", "base", "--splice"]).expect(2);
    assert!(ended.stderr.contains("9_b.sql does not say what it builds upon"), "{}", ended.stderr);
    made(&place, &["--rev-id", "50"]);
}

#[test]
fn templates_lie_where_sqlx_ignores_them_or_where_they_are_named() {
    let up = ("template.up.sql", "-- Copyright\n-- ${version} ${message}, after ${revises}\n");
    let down = ("template.down.sql", "-- undoes ${name}\n");
    let place = project(&[], &[up, down, ("1_a.sql", "")]);
    let text = |place: &Folder, name: &str| {
        fs::read_to_string(place.path().join("migrations").join(name)).unwrap()
    };
    let files = made(&place, &["--phase", "contract"]);
    let expected = "-- phase: contract\n-- Copyright\n-- 2 Add users, after 1\n";
    assert_eq!(text(&place, &files[0]), expected);
    assert_eq!(text(&place, &files[1]), "-- undoes add_users\n");
    let toml = "[revision]\nup-template = \"up.txt\"\ntruncate-slug-length = 3\n";
    let named = project(&[("migrate.toml", toml), ("up.txt", "-- ${name}\r\n")], &[up]);
    let files = made(&named, &["--simple"]);
    assert!(files[0].ends_with("_add.sql"), "{files:?}");
    assert_eq!(text(&named, &files[0]), "-- add\n");
    fs::remove_file(named.path().join("up.txt")).unwrap();
    let ended = revision(&named, &[]).expect(2);
    assert!(ended.stderr.contains("there is no up.txt"), "{}", ended.stderr);
}

#[test]
fn folder_with_nothing_but_templates_is_still_to_be_made() {
    let place = project(&[], &[("template.up.sql", "")]);
    let mut command = bare(&["init"]);
    command.current_dir(place.path());
    run(command).expect(0);
}

#[test]
fn configuration_is_read_by_those_who_write_files_and_names_what_it_knows() {
    let place = project(&[("migrate.toml", "[revision]\nslug = 3\n")], &[("1_a.sql", "")]);
    let ended = revision(&place, &[]).expect(2);
    assert_eq!(ended.json()["error"]["reason"], "BAD_MIGRATE_TOML");
    assert!(ended.stderr.contains("`truncate-slug-length`"), "{}", ended.stderr);
    let mut command = bare(&["heads", "--dir", "migrations"]);
    command.current_dir(place.path());
    run(command).expect(0);
}

#[cfg(unix)]
fn hook(command: &str) -> String {
    format!("[[post-write-hooks]]\nname = \"format\"\ncommand = {command}\n")
}

#[cfg(unix)]
#[test]
fn hooks_run_on_what_was_written() {
    let command = r#"["sh", "-c", "echo '-- formatted' >> $0", "REVISION_SCRIPT_FILENAME"]"#;
    let all = r#"["sh", "-c", "echo $# > ../count", "-", "{files}"]"#;
    let toml = hook(command) + &hook(all).replace("format", "count") + "cwd = \"migrations\"\n";
    let place = project(&[("migrate.toml", &toml)], &[]);
    let document = revision(&place, &[]).expect(0).json();
    assert_eq!(document["hooks"], serde_json::json!(["format", "count"]));
    for file in document["files"].as_array().unwrap() {
        let text = fs::read_to_string(place.path().join(file.as_str().unwrap())).unwrap();
        assert!(text.ends_with("-- formatted\n"), "{text}");
    }
    assert_eq!(fs::read_to_string(place.path().join("count")).unwrap(), "2\n");
}

#[cfg(unix)]
#[test]
fn hook_that_fails_is_told_with_its_words_and_the_files_stay() {
    let toml = hook(r#"["sh", "-c", "echo line 3 is odd; exit 4", "-", "{files}"]"#);
    let place = project(&[("migrate.toml", &toml)], &[]);
    let ended = revision(&place, &[]).expect(1);
    let error = &ended.json()["error"];
    assert_eq!(error["reason"], "HOOK_FAILED");
    let message = error["message"].as_str().unwrap();
    for part in ["files are written and stay", "format", "line 3 is odd", "_add_users.up.sql"] {
        assert!(message.contains(part), "{part}: {message}");
    }
    assert_eq!(count(&place.path().join("migrations")), 2);
    let missing = project(&[("migrate.toml", &hook(r#"["no-such-program"]"#))], &[]);
    let ended = revision(&missing, &[]).expect(1);
    for part in ["format failed", "no program no-such-program in PATH", "migrate.toml"] {
        assert!(ended.stderr.contains(part), "{part}: {}", ended.stderr);
    }
    assert!(ended.json()["error"]["next"].is_string());
    let cwd = hook(r#"["true"]"#) + "cwd = \"nowhere\"\n";
    let lost = project(&[("migrate.toml", &cwd)], &[]);
    let ended = revision(&lost, &[]).expect(1);
    assert!(ended.stderr.contains("there is no folder nowhere"), "{}", ended.stderr);
    assert_eq!(count(&missing.path().join("migrations")), 2);
}

#[cfg(unix)]
fn count(folder: &Path) -> usize {
    fs::read_dir(folder).unwrap().count()
}

#[cfg(unix)]
#[test]
fn editor_is_a_command_line_with_quotes() {
    use std::os::unix::fs::PermissionsExt as _;

    let place =
        project(&[("my editor", "#!/bin/sh\nprintf '%s|' \"$@\" > seen\n")], &[("1_a.sql", "")]);
    let program = place.path().join("my editor");
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let edit = |editor: &str, code: i32| {
        let mut command = bare(&["edit", "head"]);
        command.current_dir(place.path()).env("EDITOR", editor).env("VISUAL", "");
        run(command).expect(code)
    };
    edit("'./my editor' --wait \"a b\"", 0);
    let seen = fs::read_to_string(place.path().join("seen")).unwrap();
    assert_eq!(seen, "--wait|a b|migrations/1_a.sql|");
    assert!(edit("'./my editor", 2).stderr.contains("a quote has no end"));
}

#[test]
fn what_is_built_in_cannot_be_changed() {
    let place = Folder::new(&[]);
    for arguments in [["edit", "head"], ["rebase", "20261123120000"]] {
        let mut command = bare(&arguments);
        command.current_dir(place.path());
        let ended = run(command).expect(2);
        assert!(ended.stderr.contains("built into this program"), "{}", ended.stderr);
    }
}

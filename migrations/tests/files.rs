//! The rules that the three folders keep, whatever the files say.
#![expect(clippy::expect_used, reason = "tests fail by panicking")]

use std::collections::BTreeMap;

use artisan_migrations::{
    EXPAND_VERSIONS, File, HEAD, MYSQL, MYSQL_SCHEMA, POSTGRES, POSTGRES_SCHEMA, SQLITE,
    SQLITE_SCHEMA,
};

const FOLDERS: [(&str, &[File]); 3] =
    [("sqlite", SQLITE), ("mysql", MYSQL), ("postgres", POSTGRES)];

/// The directives that stand in a file's head.
const DIRECTIVES: [&str; 6] = ["revises", "depends-on", "branch", "phase", "floor", "rerun"];

fn up_files(files: &[File]) -> Vec<&File> {
    files.iter().filter(|file| file.name.ends_with(".up.sql")).collect()
}

fn version(file: &File) -> i64 {
    file.name.split_once('_').expect("a name").0.parse().expect("a number")
}

#[test]
fn every_folder_has_the_same_versions_and_names() {
    let names = |files: &[File]| files.iter().map(|file| file.name).collect::<Vec<_>>();
    assert_eq!(names(SQLITE), names(MYSQL));
    assert_eq!(names(SQLITE), names(POSTGRES));
}

#[test]
fn names_are_a_timestamp_a_verb_and_a_noun() {
    for file in SQLITE {
        let (version, rest) = file.name.split_once('_').expect("a name after the version");
        assert_eq!(version.len(), 14, "{}", file.name);
        assert!(version.bytes().all(|byte| byte.is_ascii_digit()), "{}", file.name);
        let name = rest.strip_suffix(".up.sql").or_else(|| rest.strip_suffix(".down.sql"));
        let name = name.expect("a suffix that sqlx knows");
        assert!(name.contains('_'), "{}", file.name);
        assert!(name.bytes().all(|b| b == b'_' || b.is_ascii_lowercase() || b.is_ascii_digit()));
    }
}

#[test]
fn every_up_has_its_down() {
    for (folder, files) in FOLDERS {
        let mut halves: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for file in files {
            let (stem, half) = file.name.split_once('.').expect("a suffix");
            halves.entry(stem).or_default().push(half);
        }
        for (stem, half) in halves {
            assert_eq!(half, ["down.sql", "up.sql"], "{folder}/{stem}");
        }
    }
}

#[test]
fn versions_rise_to_the_head() {
    let versions: Vec<i64> = up_files(SQLITE).into_iter().map(version).collect();
    assert!(versions.is_sorted_by(|left, right| left < right), "{versions:?}");
    assert_eq!(versions.last(), Some(&HEAD));
}

#[test]
fn expand_versions_are_all_but_the_contract_ones() {
    let contract = |file: &&File| file.text.lines().any(|line| line == "-- phase: contract");
    for (folder, files) in FOLDERS {
        let expand: Vec<i64> =
            up_files(files).into_iter().filter(|file| !contract(file)).map(version).collect();
        assert_eq!(expand, EXPAND_VERSIONS, "{folder}");
    }
}

#[test]
fn directives_stand_in_the_head_and_are_known() {
    for (folder, files) in FOLDERS {
        for file in files {
            let head = file.text.lines().take_while(|line| line.starts_with("--")).count();
            for (number, line) in file.text.lines().enumerate() {
                let Some(name) = directive(line) else { continue };
                assert!(DIRECTIVES.contains(&name), "{folder}/{}: {line}", file.name);
                assert!(number < head, "{folder}/{}: {line}", file.name);
            }
        }
    }
}

#[test]
fn no_transaction_is_the_very_first_line() {
    for (folder, files) in FOLDERS {
        for file in files {
            let late = file.text.lines().skip(1).any(|line| line.starts_with("-- no-transaction"));
            assert!(!late, "{folder}/{}: sqlx honours it at the start only", file.name);
        }
    }
}

#[test]
fn files_end_in_one_newline_and_have_unix_line_ends() {
    for (folder, files) in FOLDERS {
        for file in files {
            assert!(file.text.ends_with(";\n"), "{folder}/{}", file.name);
            assert!(!file.text.contains('\r'), "{folder}/{}: the checksum", file.name);
        }
    }
}

/// As long as no migration alters a table, the text itself can be compared.
#[test]
fn the_schema_file_is_what_the_up_files_say() {
    let folders = [(SQLITE, SQLITE_SCHEMA), (MYSQL, MYSQL_SCHEMA), (POSTGRES, POSTGRES_SCHEMA)];
    for (files, schema) in folders {
        let text: String = up_files(files).into_iter().map(|file| file.text).collect();
        assert_eq!(statements(schema), statements(&text));
    }
}

fn statements(text: &str) -> Vec<&str> {
    text.lines().filter(|line| !line.starts_with("--") && !line.is_empty()).collect()
}

/// The name of a line such as `-- phase: contract`: one lower-case word before the colon. A waiver,
/// `-- lint:allow`, may stand anywhere.
fn directive(line: &str) -> Option<&str> {
    let (name, _) = line.strip_prefix("-- ")?.split_once(':')?;
    let is_name = name.bytes().all(|byte| byte == b'-' || byte.is_ascii_lowercase());
    (is_name && name != "lint").then_some(name)
}

//! The map of ARCHITECTURE.md, held against what cargo says of this workspace.
#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests fail by panicking"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// A crate and the crates of this workspace that it may use, in its code and its build script.
///
/// Tests may use more: only what is shipped is layered.
const MAY_USE: [(&str, &[&str]); 15] = [
    ("artisan-transcode", &[]),
    ("artisan-runtime", &[]),
    ("artisan-schema", &[]),
    ("artisan-migrations", &[]),
    ("artisan-testkit", &[]),
    ("artisan-transcode-conformance", &["artisan-transcode"]),
    ("artisan-proto", &["artisan-transcode"]),
    ("artisan-migrate", &["artisan-schema"]),
    ("artisan-store", &[]),
    (
        "artisan-user-service",
        &["artisan-migrations", "artisan-proto", "artisan-runtime", "artisan-store"],
    ),
    ("artisan-gateway", &["artisan-proto", "artisan-runtime", "artisan-transcode"]),
    ("artisan-migration-runner", &["artisan-migrate", "artisan-migrations", "artisan-runtime"]),
    (
        "artisan",
        &[
            "artisan-gateway",
            "artisan-migrate",
            "artisan-migrations",
            "artisan-runtime",
            "artisan-user-service",
        ],
    ),
    ("xtask", &[]),
    (
        "artisan-bench",
        &[
            "artisan-gateway",
            "artisan-proto",
            "artisan-runtime",
            "artisan-schema",
            "artisan-store",
            "artisan-testkit",
            "artisan-transcode",
        ],
    ),
];

/// A library and the only crates whose shipped code may name it.
///
/// The bench measures against bare tonic, sqlx and axum, so that it names them.
const STAYS_IN: [(&str, &[&str]); 4] = [
    ("tonic", &["artisan-proto", "artisan-user-service", "artisan-gateway", "artisan-bench"]),
    (
        "sqlx",
        &["artisan-store", "artisan-migrate", "artisan-schema", "artisan-testkit", "artisan-bench"],
    ),
    ("axum", &["artisan-runtime", "artisan-gateway", "artisan-bench"]),
    ("envy", &["artisan-runtime"]),
];

#[test]
fn crates_use_only_what_the_map_allows() {
    let mut wrong = Vec::new();
    for member in members() {
        let name = text(&member, "name");
        let Some((_, allowed)) = MAY_USE.iter().find(|(each, _)| *each == name) else {
            wrong.push(format!("{name} is not in the map"));
            continue;
        };
        for used in shipped_dependencies(&member) {
            if MAY_USE.iter().any(|(each, _)| *each == used) && !allowed.contains(&used.as_str()) {
                wrong.push(format!("{name} uses {used}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_crate_of_the_map_exists() {
    let names: BTreeSet<String> = members().iter().map(|member| text(member, "name")).collect();
    let map: BTreeSet<String> = MAY_USE.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(names, map);
}

#[test]
fn libraries_stay_where_they_belong() {
    let mut wrong = Vec::new();
    for member in members() {
        let name = text(&member, "name");
        let used = shipped_dependencies(&member);
        for (library, homes) in STAYS_IN {
            let family = |used: &&String| {
                used.as_str() == library || used.starts_with(&format!("{library}-"))
            };
            if !homes.contains(&name.as_str())
                && let Some(used) = used.iter().find(family)
            {
                wrong.push(format!("{name} uses {used}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_crate_takes_the_workspaces_lints() {
    let without: Vec<String> = members()
        .iter()
        .filter(|member| !manifest(member).contains("[lints]\nworkspace = true"))
        .map(|member| text(member, "name"))
        .collect();
    assert!(without.is_empty(), "{without:?}");
}

#[test]
fn versions_stand_in_the_root_only() {
    let mut wrong = Vec::new();
    for member in members() {
        for line in dependency_lines(&manifest(&member)) {
            if !line.contains("workspace = true") {
                wrong.push(format!("{}: {line}", text(&member, "name")));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_file_is_longer_than_500_lines() {
    let mut long = Vec::new();
    for member in members() {
        let folder = manifest_path(&member).parent().unwrap().to_owned();
        for part in ["src", "tests", "benches", "examples", "build.rs", "build"] {
            visit(&folder.join(part), &mut |path| {
                if path.extension().is_none_or(|extension| extension != "rs") {
                    return;
                }
                let lines = std::fs::read_to_string(path).unwrap().lines().count();
                if lines > 500 {
                    long.push(format!("{}: {lines}", path.display()));
                }
            });
        }
    }
    assert!(long.is_empty(), "{long:#?}");
}

#[test]
fn modules_are_named_files() {
    let mut wrong = Vec::new();
    for member in members() {
        visit(&manifest_path(&member).parent().unwrap().join("src"), &mut |path| {
            let stem = path.file_stem().and_then(std::ffi::OsStr::to_str).unwrap_or_default();
            if ["mod", "utils", "util", "common", "helpers"].contains(&stem) {
                wrong.push(path.display().to_string());
            }
        });
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn dependency_lines_are_found_in_every_kind_of_section() {
    let manifest = "[package]\nversion = \"1\"\n\n[dependencies]\na.workspace = true # why\n\n\
        [target.'cfg(unix)'.build-dependencies]\nb = \"1\"\n[features]\nc = []\n";
    assert_eq!(dependency_lines(manifest), ["a.workspace = true", "b = \"1\""]);
}

/// What cargo says of each crate in this workspace.
fn members() -> Vec<Value> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let Value::Array(members) = metadata["packages"].take() else { panic!("no packages") };
    members
}

fn shipped_dependencies(member: &Value) -> Vec<String> {
    let dependencies = member["dependencies"].as_array().unwrap();
    let shipped = dependencies.iter().filter(|dependency| dependency["kind"] != "dev");
    shipped.map(|dependency| text(dependency, "name")).collect()
}

/// The lines of every section that declares dependencies, without comments.
fn dependency_lines(manifest: &str) -> Vec<&str> {
    let mut inside = false;
    let mut lines = Vec::new();
    for line in manifest.lines() {
        let line = line.split('#').next().unwrap_or_default().trim();
        if line.starts_with('[') {
            inside = line.ends_with("dependencies]");
        } else if inside && !line.is_empty() {
            lines.push(line);
        }
    }
    lines
}

fn manifest(member: &Value) -> String {
    std::fs::read_to_string(manifest_path(member)).unwrap()
}

fn manifest_path(member: &Value) -> PathBuf {
    PathBuf::from(text(member, "manifest_path"))
}

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap().to_owned()
}

fn visit(path: &Path, file: &mut impl FnMut(&Path)) {
    if path.is_dir() {
        for entry in std::fs::read_dir(path).unwrap() {
            visit(&entry.unwrap().path(), file);
        }
    } else if path.is_file() {
        file(path);
    }
}

//! The names of the reasons in docs/errors.md, and the service's codes, held against those that the sources give.
#![expect(clippy::panic, clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Names of gRPC codes, which the gateway writes beside its reasons.
const CODES: [&str; 17] = [
    "OK",
    "CANCELLED",
    "UNKNOWN",
    "INVALID_ARGUMENT",
    "DEADLINE_EXCEEDED",
    "NOT_FOUND",
    "ALREADY_EXISTS",
    "PERMISSION_DENIED",
    "RESOURCE_EXHAUSTED",
    "FAILED_PRECONDITION",
    "ABORTED",
    "OUT_OF_RANGE",
    "UNIMPLEMENTED",
    "INTERNAL",
    "UNAVAILABLE",
    "DATA_LOSS",
    "UNAUTHENTICATED",
];

#[test]
fn reasons_of_the_service_are_documented_with_their_codes() {
    let source = read(Path::new("services/user-service/src/error/status.rs"));
    let filter_reasons =
        literals(source.split("fn filter_reason").nth(1).unwrap().split("\n}\n").next().unwrap());
    let mut given: BTreeSet<(String, String)> = source
        .split("(Code::")
        .skip(1)
        .filter_map(|text| {
            let (code, rest) = text.split_once(", \"")?;
            Some((screaming(code), rest.split_once('"')?.0.to_owned()))
        })
        .collect();
    given.extend(filter_reasons.into_iter().map(|reason| ("INVALID_ARGUMENT".to_owned(), reason)));
    let documented = rows("## Of the service", |cells| (cells[1].clone(), cells[0].clone()));
    assert_eq!(documented, given);
}

#[test]
fn reasons_of_the_gateway_are_documented() {
    let of_the_service = rows("## Of the service", |cells| cells[0].clone());
    let documented = rows("## Of the gateway", |cells| cells[0].clone());
    let mut given = BTreeSet::new();
    for path in sources(&root().join("services/gateway/src")) {
        let source = fs::read_to_string(&path).unwrap();
        let shipped = source.split("#[cfg(test)]").next().unwrap();
        if shipped.contains("Problem") || shipped.contains("set_error_info") {
            given.extend(literals(shipped));
        }
    }
    given.retain(|reason| !CODES.contains(&reason.as_str()) && !of_the_service.contains(reason));
    assert_eq!(documented, given);
}

/// What the tables under a heading of docs/errors.md have in back quotes, one by one.
fn rows<T: Ord>(heading: &str, row: impl Fn(&[String]) -> T) -> BTreeSet<T> {
    let text = read(Path::new("docs/errors.md"));
    let section = text.split(heading).nth(1).unwrap_or_else(|| panic!("no {heading}"));
    let section = section.split("\n## ").next().unwrap();
    let lines = section.lines().filter(|line| line.starts_with("| `"));
    lines
        .map(|line| {
            let quoted = line.split('`').skip(1).step_by(2).map(str::to_owned);
            row(&quoted.collect::<Vec<_>>())
        })
        .collect()
}

/// Literals written like a reason: capitals, digits, and an underscore at least.
fn literals(source: &str) -> BTreeSet<String> {
    let is_reason = |text: &&str| {
        text.contains('_')
            && text.starts_with(|letter: char| letter.is_ascii_uppercase())
            && text.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
    };
    source.split('"').skip(1).filter(is_reason).map(str::to_owned).collect()
}

/// `InvalidArgument` as `INVALID_ARGUMENT`.
fn screaming(name: &str) -> String {
    let mut text = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.push(letter.to_ascii_uppercase());
    }
    text
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

fn read(path: &Path) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

use artisan_migrate::Engine;

use super::cases::findings;

const T: &[&str] = &["CREATE TABLE t (id bigint PRIMARY KEY, a text);"];

/// Codes and lines of what is found.
fn found(text: &str) -> Vec<(&'static str, usize)> {
    let findings = findings(Engine::Postgres, T, text).into_iter();
    findings.map(|finding| (finding.code, finding.place.line)).collect()
}

#[test]
fn waiver_is_for_the_statement_that_follows() {
    let text = "SELECT 1;\n-- lint:allow PG101 ten rows\nCREATE INDEX i ON t (a);\nCREATE INDEX j ON t (a);\n";
    assert_eq!(found(text), [("PG101", 4)]);
}

#[test]
fn waiver_is_for_the_statement_on_whose_lines_it_stands() {
    let text = "SELECT 1;\nCREATE INDEX i\n  ON t (a); -- lint:allow PG101 ten rows\nCREATE INDEX j ON t (a);\n";
    assert_eq!(found(text), [("PG101", 4)]);
    let text =
        "SELECT 1;\nCREATE INDEX i -- lint:allow index-not-concurrent ten rows\n  ON t (a);\n";
    assert_eq!(found(text), []);
}

#[test]
fn waiver_names_several_codes() {
    let text =
        "-- lint:allow PG101, MG036 ten rows, all different\nCREATE UNIQUE INDEX i ON t (a);\n";
    assert_eq!(found(text), []);
}

#[test]
fn waiver_without_a_reason_waives_nothing() {
    assert_eq!(
        found("-- lint:allow PG101\nCREATE INDEX i ON t (a);\n"),
        [("MG016", 1), ("PG101", 2)]
    );
}

#[test]
fn waiver_of_an_unknown_code_is_told() {
    assert_eq!(found("-- lint:allow PG999 because\nSELECT 1;\n"), [("MG015", 1)]);
    assert_eq!(found("-- lint:allow\nSELECT 1;\n"), [("MG015", 1)]);
}

#[test]
fn waiver_that_waives_nothing_is_told_where_its_rule_holds() {
    assert_eq!(found("-- lint:allow PG101 because\nSELECT 1;\n"), [("MG017", 1)]);
    // The file is the same for MariaDB and MySQL, and a rule may hold on one of them.
    assert_eq!(found("-- lint:allow MY101 because\nSELECT 1;\n"), []);
}

#[test]
fn waiver_in_a_string_is_none() {
    let text = "INSERT INTO t (id, a) VALUES (1, '\n-- lint:allow PG999 x\n');\n";
    assert_eq!(found(text), []);
}

use std::fmt::Write;

use artisan_migrate::lint::{self, Finding, Rule, Severity};
use serde_json::{Value, json};

/// A log by <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>.
pub(super) fn document(findings: &[Finding]) -> String {
    let rules = lint::rules();
    let results: Vec<Value> = findings.iter().map(|finding| result(finding, &rules)).collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "migrate",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules.iter().map(|rule| described(rule)).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{log}\n")
}

fn described(rule: &Rule) -> Value {
    let mut described = json!({
        "id": rule.code,
        "name": rule.name,
        "shortDescription": { "text": rule.name },
        "fullDescription": { "text": rule.breaks },
        "help": { "text": format!("{}\nInstead: {}", rule.breaks, rule.instead) },
        "defaultConfiguration": { "level": level(rule.severity) },
    });
    if let (true, Some(described)) =
        (rule.source.starts_with("https://"), described.as_object_mut())
    {
        described.insert("helpUri".to_owned(), json!(rule.source));
    }
    described
}

fn result(finding: &Finding, rules: &[&Rule]) -> Value {
    let place = finding.place;
    json!({
        "ruleId": finding.code,
        "ruleIndex": rules.iter().position(|rule| rule.code == finding.code),
        "level": level(finding.severity),
        "message": { "text": format!("{}\nInstead: {}", finding.message, finding.instead) },
        "locations": [{ "physicalLocation": {
            "artifactLocation": { "uri": uri(&finding.file) },
            "region": {
                "startLine": place.line,
                "startColumn": place.column,
                "endLine": place.end_line,
            },
        }}],
    })
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

/// A path as a reference by RFC 3986.
fn uri(path: &str) -> String {
    let mut uri = if path.starts_with('/') { "file://".to_owned() } else { String::new() };
    for byte in path.replace('\\', "/").bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_references() {
        assert_eq!(uri("a b/1_é.sql"), "a%20b/1_%C3%A9.sql");
        assert_eq!(uri("/tmp/1_a.sql"), "file:///tmp/1_a.sql");
    }
}

//! What belongs to the chart beside its templates: its tests, its README, its alerts and dashboard.

use std::path::Path;

use serde_json::{Value, json};

use super::objects::{at, items, parse};
use super::programs::{helm_docs, helm_unittest, promtool};
use super::render::{chart_folder, template};
use crate::command::capture;
use crate::failure::{Doing as _, Failure};
use crate::report;

/// The values that turn everything on.
const EVERYTHING: &str = "existing-secrets-values.yaml";

/// The chart's own tests pass, and there are some.
pub(super) fn tests() -> Result<(), Failure> {
    let said = capture(helm_unittest()?.arg(chart_folder()))?;
    let line = said.lines().find(|line| line.starts_with("Tests:")).unwrap_or_default();
    report::note(line);
    let ran = line.split_whitespace().nth(1).and_then(|number| number.parse::<u32>().ok());
    if ran.is_some_and(|number| number > 0) {
        return Ok(());
    }
    Err(Failure::new(format!("helm-unittest ran nothing:\n{said}")))
}

/// The README is what helm-docs makes of the values.
pub(super) fn readme() -> Result<(), Failure> {
    let root = format!("--chart-search-root={}", chart_folder().display());
    let made = capture(helm_docs()?.args(["--dry-run", "--log-level=error", &root]))?;
    let path = chart_folder().join("README.md");
    let kept = std::fs::read_to_string(path).doing("reading the chart's README")?;
    if kept.trim() == made.trim() {
        return Ok(());
    }
    Err(Failure::new("README.md is not what `helm-docs` makes of values.yaml and README.md.gotmpl"))
}

/// The alerts are well-formed, fire when they should, and each has its part of the guide.
pub(super) fn alerts() -> Result<(), Failure> {
    let values = chart_folder().join("ci").join(EVERYTHING);
    let settings = ["metrics.prometheusRule.runbookUrl=https://runbooks.example.com/"];
    let text = template(&settings, Some(&values))?;
    let objects = parse(&text).doing("reading the chart's objects")?;
    let rule = objects.iter().find(|object| object.kind() == "PrometheusRule");
    let rule = rule.ok_or_else(|| Failure::new("the chart has no alerts"))?;
    let folder = tempfile::tempdir().doing("making a temporary folder")?;
    write(&folder.path().join("alerts.yaml"), rule.at("/spec"))?;
    let tests = folder.path().join("alerts.promtool.yaml");
    std::fs::copy(chart_folder().join("tests/alerts.promtool.yaml"), &tests)
        .doing("copying the tests of the alerts")?;
    capture(promtool()?.args(["check", "rules"]).arg(folder.path().join("alerts.yaml")))?;
    let said = capture(promtool()?.args(["test", "rules"]).arg(&tests))?;
    report::note(said.trim().replace('\n', " "));
    untested(rule.at("/spec"), &std::fs::read_to_string(&tests).doing("reading them")?)
}

/// Each alert has a test that expects it, and a heading in the operating guide.
fn untested(rules: &Value, tests: &str) -> Result<(), Failure> {
    let guide = std::fs::read_to_string(crate::workspace::root().join("docs/operations.md"))
        .doing("reading the operating guide")?;
    let all = items(rules, "/groups").iter().flat_map(|group| items(group, "/rules"));
    let mut problems = Vec::new();
    for alert in all.filter_map(|rule| at(rule, "/alert").as_str()) {
        if !tests.contains(&format!("alertname: {alert}\n")) {
            problems.push(format!("no test expects the alert {alert}"));
        }
        if !guide.contains(&format!("### {alert}\n")) {
            problems.push(format!("docs/operations.md has no heading {alert}"));
        }
    }
    problems.dedup();
    super::verdict(&problems)
}

/// The dashboard is JSON, and its queries are queries.
pub(super) fn dashboard() -> Result<(), Failure> {
    let path = chart_folder().join("files/dashboard.json");
    let text = std::fs::read_to_string(path).doing("reading the dashboard")?;
    let dashboard: Value = serde_json::from_str(&text).doing("reading the dashboard")?;
    let queries = items(&dashboard, "/panels").iter().flat_map(|panel| items(panel, "/targets"));
    let rules: Vec<Value> = queries
        .enumerate()
        .map(|(number, query)| json!({ "record": format!("query{number}"), "expr": at(query, "/expr") }))
        .collect();
    if rules.is_empty() {
        return Err(Failure::new("the dashboard asks nothing"));
    }
    report::note(format!("{} queries", rules.len()));
    let folder = tempfile::tempdir().doing("making a temporary folder")?;
    let file = folder.path().join("queries.yaml");
    write(&file, &json!({ "groups": [{ "name": "dashboard", "rules": rules }] }))?;
    capture(promtool()?.args(["check", "rules"]).arg(file)).map(drop)
}

/// JSON is YAML too.
fn write(path: &Path, value: &Value) -> Result<(), Failure> {
    std::fs::write(path, value.to_string()).doing(format!("writing {}", path.display()))
}

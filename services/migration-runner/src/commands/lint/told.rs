use std::fmt::Write;

use artisan_migrate::lint::{Finding, Severity};
use serde::Serialize;

use super::{FormatArg, github, sarif};
use crate::outcome::Report;
use crate::style::{self, Tone};

/// What was found.
#[derive(Serialize)]
pub(super) struct Told {
    engines: Vec<&'static str>,
    /// Those of the least severity that was asked for, and above.
    findings: Vec<Finding>,
    errors: usize,
    warnings: usize,
    infos: usize,
    #[serde(skip)]
    hidden: usize,
    #[serde(skip)]
    format: FormatArg,
}

impl Told {
    pub(super) fn new(
        engines: Vec<&'static str>,
        mut findings: Vec<Finding>,
        least: Severity,
        format: FormatArg,
    ) -> Self {
        findings.sort_by(|a, b| (&a.file, a.place, a.code).cmp(&(&b.file, b.place, b.code)));
        let count = |severity| findings.iter().filter(|f| f.severity == severity).count();
        let (errors, warnings, infos) =
            (count(Severity::Error), count(Severity::Warning), count(Severity::Info));
        let all = findings.len();
        findings.retain(|finding| finding.severity >= least);
        let hidden = all - findings.len();
        Self { engines, findings, errors, warnings, infos, hidden, format }
    }

    fn for_people(&self) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        for finding in &self.findings {
            let Finding { file, place, severity, code, name, message, instead, .. } = finding;
            let tone = match severity {
                Severity::Error => Tone::Bad,
                Severity::Warning => Tone::Careful,
                Severity::Info => Tone::Place,
            };
            let severity = style::out(tone, &severity.to_string());
            let _ =
                writeln!(text, "{file}:{}:{}: {severity} {code} {name}", place.line, place.column);
            let _ = writeln!(text, "    {message}");
            let _ = writeln!(text, "    instead: {instead}");
        }
        let _ = writeln!(text, "{}", self.summary());
        text
    }
}

fn counted(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}

impl Report for Told {
    fn text(&self) -> String {
        match self.format {
            FormatArg::Text => self.for_people(),
            FormatArg::Json => crate::output::document("lint", self),
            FormatArg::Sarif => sarif::document(&self.findings),
            FormatArg::Github => github::annotations(&self.findings),
        }
    }

    fn summary(&self) -> String {
        if self.errors + self.warnings + self.infos == 0 {
            return "nothing found".to_owned();
        }
        let hidden = if self.hidden == 0 {
            String::new()
        } else {
            format!(" ({} not shown: write --severity info)", self.hidden)
        };
        format!(
            "{}, {}, {}{hidden}",
            counted(self.errors, "error"),
            counted(self.warnings, "warning"),
            counted(self.infos, "info"),
        )
    }

    fn exit_code(&self) -> u8 {
        if self.findings.is_empty() { 0 } else { 10 }
    }
}

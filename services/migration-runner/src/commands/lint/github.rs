use artisan_migrate::lint::{Finding, Severity};

use crate::outcome::lines;

/// Workflow commands: <https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands>.
pub(super) fn annotations(findings: &[Finding]) -> String {
    lines(findings.iter().map(annotation))
}

fn annotation(finding: &Finding) -> String {
    let level = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    };
    let place = finding.place;
    let text = format!("{}\ninstead: {}", finding.message, finding.instead);
    format!(
        "::{level} file={},line={},endLine={},col={},title={}::{}",
        property(&finding.file),
        place.line,
        place.end_line,
        place.column,
        property(&format!("{} {}", finding.code, finding.name)),
        data(&text),
    )
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_end_a_command_is_escaped() {
        assert_eq!(data("100 %\r\n::x"), "100 %25%0D%0A::x");
        assert_eq!(property("a:b,c%"), "a%3Ab%2Cc%25");
    }
}

use super::file::File;
use super::finding::{Finding, Out};
use super::rule::Rule;
use super::rules;
use crate::split::comments;

/// What a comment waives: the codes and the reason behind `lint:allow`, whatever signs it begins with.
pub(crate) fn waived(comment: &str) -> Option<&str> {
    let text = comment.trim_start_matches(['-', '#', '/', '*', ' ']).trim_end_matches(['*', '/']);
    text.strip_prefix("lint:allow").map(str::trim)
}

/// `-- lint:allow CODE[, CODE] reason`
#[derive(Debug)]
struct Waiver {
    line: usize,
    /// In the head of the file: for all of it.
    is_for_file: bool,
    /// The lines of the statement that it is for.
    lines: (usize, usize),
    code: String,
    has_reason: bool,
    is_used: bool,
}

/// Takes away what the file waives, and tells of waivers that are wrong.
pub(super) fn apply(file: &File<'_>, mut out: Out<'_>) -> Vec<Finding> {
    let mut waivers = read(file);
    let known = rules::all();
    for waiver in &waivers {
        let rule = known.iter().find(|rule| names(rule, &waiver.code));
        match rule {
            None => out.line(&rules::waivers::MG015, waiver.line, format!("`{}`", waiver.code)),
            Some(_) if !waiver.has_reason => {
                out.line(&rules::waivers::MG016, waiver.line, format!("`{}`", waiver.code));
            }
            Some(_) => {}
        }
    }
    let mut findings = out.into_findings();
    findings.retain(|finding| {
        let fits = |waiver: &&mut Waiver| {
            waiver.has_reason && names_finding(finding, &waiver.code) && waiver.covers(finding)
        };
        match waivers.iter_mut().find(fits) {
            Some(waiver) => {
                waiver.is_used = true;
                false
            }
            None => true,
        }
    });
    let mut unused = Out::new(file.engine, file);
    for waiver in waivers.iter().filter(|waiver| !waiver.is_used && waiver.has_reason) {
        // A rule of another engine of the same folder may have needed it.
        let here = |rule: &&&Rule| names(rule, &waiver.code) && rule.engines.contains(&file.engine);
        if known.iter().any(|rule| here(&rule)) {
            unused.line(&rules::waivers::MG017, waiver.line, format!("`{}`", waiver.code));
        }
    }
    findings.extend(unused.into_findings());
    findings.sort_by_key(|finding| finding.place);
    findings
}

fn names(rule: &Rule, code: &str) -> bool {
    rule.code.eq_ignore_ascii_case(code) || rule.name == code
}

fn names_finding(finding: &Finding, code: &str) -> bool {
    finding.code.eq_ignore_ascii_case(code) || finding.name == code
}

impl Waiver {
    fn covers(&self, finding: &Finding) -> bool {
        let (first, last) = self.lines;
        self.is_for_file || (first..=last).contains(&finding.place.line)
    }
}

fn read(file: &File<'_>) -> Vec<Waiver> {
    let first = file.reads.first().map_or(usize::MAX, |read| read.place.line);
    let mut waivers = Vec::new();
    for (line, text) in comments(file.engine, &file.script.text) {
        let Some(rest) = waived(text) else { continue };
        let here =
            |read: &&super::file::Read<'_>| (read.place.line..=read.place.end_line).contains(&line);
        let mut reads = file.reads.iter();
        let on = reads.clone().find(here).or_else(|| reads.find(|read| read.place.line > line));
        let lines = on.map_or((line, line), |read| (read.place.line, read.place.end_line));
        let (codes, reason) = split(rest);
        waivers.extend(codes.into_iter().map(|code| Waiver {
            line,
            is_for_file: line < first,
            lines,
            code,
            has_reason: reason,
            is_used: false,
        }));
    }
    waivers
}

/// The codes, separated by commas, and whether anything follows them.
fn split(text: &str) -> (Vec<String>, bool) {
    let mut codes = Vec::new();
    let mut words = text.split_whitespace();
    for word in words.by_ref() {
        codes.extend(word.split(',').filter(|code| !code.is_empty()).map(str::to_owned));
        if !word.ends_with(',') {
            break;
        }
    }
    if codes.is_empty() {
        codes.push(String::new());
    }
    (codes, words.next().is_some())
}

use crate::lint::Request;
use crate::lint::file::File;
use crate::lint::finding::{Finding, Out, Place, finding};
use crate::lint::rule::{Rule, rules};
use crate::source::{is_passed_over, shown};
use crate::split::misread;
use crate::{History, Revision};

rules! {
    MG001, "file-name", Info, EVERY,
        "names in other letters sort and match differently on other systems",
        "name it `<version>_<verb_noun>.up.sql` in small letters, digits and underscores",
        "https://docs.rs/sqlx/latest/sqlx/macro.migrate.html";
    MG004, "older-than-base", Error, EVERY,
        "databases that have the newer revisions get this one late and out of order, or not at all",
        "give the file a version newer than the newest of the base, one command for all such files and for what is newer and needs them: `migrate rebase REV…`, or rename up and down file",
        "https://github.com/launchbadge/sqlx/issues/869";
    MG005, "several-heads", Error, EVERY,
        "`upgrade head` does not know which one is meant",
        "join them: `migrate merge heads -m …`, or write `-- revises: A, B` into a new revision",
        "https://alembic.sqlalchemy.org/en/latest/branches.html";
    MG006, "file-passed-over", Warning, EVERY,
        "sqlx passes it over in silence, and `upgrade` refuses the folder: a name needs a number, an underscore and `.sql`",
        "rename it to `<version>_<verb_noun>.up.sql`",
        "https://docs.rs/sqlx/latest/sqlx/macro.migrate.html";
    MG013, "byte-order-mark", Error, EVERY,
        "sqlx hands it to the server, which refuses it, and it hides `-- no-transaction`",
        "save the file as UTF-8 without a byte order mark",
        "https://www.unicode.org/faq/utf_bom.html";
    MG014, "carriage-returns", Warning, EVERY,
        "the checksum counts them, so a checkout with other line ends is taken for an edited file; one without a line feed ends a comment on PostgreSQL only",
        "convert the file to line feeds, and write `*.sql text eol=lf` into .gitattributes",
        "https://github.com/launchbadge/sqlx/issues/2659";
    MG018, "empty-file", Info, EVERY,
        "it holds no statement",
        "write the statements, or delete the file",
        "docs/lint.md";
    MG019, "never-runs", Error, EVERY,
        "a comment without an end swallows the rest of the file, one that only a carriage return ends the rest of its line, and a NUL byte stops drivers: `upgrade` refuses the file",
        "close the comment by */, end lines by line feeds, or remove the byte",
        "docs/migrate.md#files";
    MG054, "missing-for-an-engine", Info, EVERY,
        "databases of that engine never get what it makes, and are told that nothing is pending",
        "write the same revision into each engine's folder, with that engine's SQL",
        "docs/migrate.md#files";
}

const START: Place = Place { line: 1, column: 1, end_line: 1 };

pub(super) fn check(file: &File<'_>, out: &mut Out<'_>) {
    let text = &file.script.text;
    let name = &file.script.file;
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_.".contains(c);
    if !name.chars().all(is_plain) {
        out.place(&MG001, START, name);
    }
    if text.starts_with('\u{feff}') {
        out.place(&MG013, START, "the file begins with a byte order mark");
    }
    let lone = misread(file.engine, text).lone_return;
    let lone = lone.map(|at| 1 + text.bytes().take(at).filter(|byte| *byte == b'\n').count());
    if let Some(line) = lone {
        out.line(&MG014, line, "a carriage return stands here without a line feed");
    }
    if let Some(line) = carriage_return(text).filter(|line| lone != Some(*line)) {
        out.line(&MG014, line, "a line ends with a carriage return");
    }
    if let Some((line, what)) = file.script.find_unfit(file.engine) {
        out.line(&MG019, line, what.told());
    }
    if file.reads.is_empty() && !file.is_down {
        out.place(&MG018, START, name);
    }
}

fn carriage_return(text: &str) -> Option<usize> {
    text.split('\n').position(|line| line.ends_with('\r')).map(|at| at + 1)
}

pub(super) fn check_folder(request: &Request, history: &History) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut tell = |rule: &'static Rule, file: &str, subject: String| {
        findings.extend(finding(rule, request.engine, file, START, subject));
    };
    for name in request.names.iter().filter(|name| is_passed_over(name)) {
        let name = shown(name);
        tell(&MG006, &name, name.clone());
    }
    let heads = history.heads();
    if let (Some(head), true) = (heads.last(), heads.len() > 1) {
        let versions: Vec<String> = heads.iter().map(|head| head.version.to_string()).collect();
        tell(&MG005, &head.up.file, format!("the heads are {}", versions.join(", ")));
    }
    let newest = request.base.as_ref().and_then(|base| base.iter().max());
    for revision in history.revisions() {
        let base = request.base.as_deref().unwrap_or_default();
        if let Some(newest) = newest.filter(|newest| revision.version < **newest)
            && !base.contains(&revision.version)
        {
            let subject = format!("{} is older than {newest} of the base", revision.version);
            tell(&MG004, &revision.up.file, subject);
        }
    }
    findings
}

/// A revision that the folder of another engine lacks.
pub(super) fn check_others(request: &Request, revision: &Revision, out: &mut Out<'_>) {
    for (folder, versions) in &request.others {
        if !versions.contains(&revision.version) {
            out.place(&MG054, START, format!("{folder} has no revision {}", revision.version));
        }
    }
}

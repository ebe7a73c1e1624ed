use std::fmt::Write as _;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::{Draft, Template, list, resolved};
use crate::history::{is_no_transaction, parse_directives};
use crate::lint::waived;
use crate::{Directives, Error, History, Phase};

const NO_TRANSACTION: &str = "-- no-transaction\n";

/// The texts of a new revision's files: directives, then the template or one line that says what it
/// is for.
pub(super) struct Texts {
    pub(super) up: String,
    pub(super) down: String,
}

impl Texts {
    pub(super) fn new(
        history: &History,
        draft: &Draft,
        version: &str,
        name: &str,
        parents: &[i64],
    ) -> Result<Self, Error> {
        let message = draft.message.replace(['\n', '\r'], " ");
        check(&message)?;
        let revises = match parents {
            [] => "base".to_owned(),
            parents => list(parents),
        };
        let date = draft.now.map(|now| now.to_offset(draft.style.offset)).map(date);
        let values = [
            ("message", message.as_str()),
            ("name", name),
            ("version", version),
            ("revises", &revises),
            ("date", date.as_deref().unwrap_or_default()),
        ];
        let fill = |template: &Option<Template>, default: String| match template {
            Some(template) => template.fill(&values),
            None => Ok(default),
        };
        let head = head(history, draft, parents)?;
        let (of_up, of_down) = bodies(draft);
        let up = fill(&draft.style.up, format!("-- {message}\n"))? + &of_up;
        let up = joined(draft, &head, &up);
        let down = fill(&draft.style.down, format!("-- undo: {message}\n"))? + &of_down;
        let down = joined(draft, "", &down);
        if let Some(template) = &draft.style.up {
            check_template(template, &head, &up)?;
        }
        Ok(Self { up, down })
    }
}

/// The statements below what the templates say.
fn bodies(draft: &Draft) -> (String, String) {
    let apart = |body: &String| format!("\n{body}");
    let body = draft.body.as_ref();
    body.map(|body| (apart(&body.up), apart(&body.down))).unwrap_or_default()
}

/// The directives that the revision needs.
fn head(history: &History, draft: &Draft, parents: &[i64]) -> Result<String, Error> {
    let mut head = String::new();
    // Writing to a string cannot fail.
    if parents.is_empty() && !history.revisions().is_empty() {
        head.push_str("-- revises: base\n");
    } else if says_parents(history, parents) {
        let _ = writeln!(head, "-- revises: {}", list(parents));
    }
    let depends: Vec<i64> =
        resolved(history, &draft.depends_on)?.iter().map(|revision| revision.version).collect();
    if !depends.is_empty() {
        let _ = writeln!(head, "-- depends-on: {}", list(&depends));
    }
    if let Some(label) = &draft.branch {
        let _ = writeln!(head, "-- branch: {label}");
    }
    if draft.phase == Phase::Contract {
        head.push_str("-- phase: contract\n");
    }
    Ok(head)
}

/// Whether the order of the versions alone would tell other parents.
fn says_parents(history: &History, parents: &[i64]) -> bool {
    let newest = history.revisions().last().map(|revision| revision.version);
    let is_plain = parents.iter().copied().eq(newest);
    let others = history
        .revisions()
        .iter()
        .any(|revision| !revision.directives.revises.is_empty() || revision.directives.begins_anew);
    !parents.is_empty() && (!is_plain || others)
}

/// `-- no-transaction` stands first, whoever asks for it: sqlx looks for it nowhere else.
fn joined(draft: &Draft, head: &str, body: &str) -> String {
    let (says_so, rest) = match body.strip_prefix(NO_TRANSACTION) {
        Some(rest) => (true, rest),
        None => (false, body),
    };
    let first = if says_so || draft.no_transaction { NO_TRANSACTION } else { "" };
    format!("{first}{head}{rest}")
}

fn date(now: OffsetDateTime) -> String {
    let seconds = now.replace_nanosecond(0).unwrap_or(now);
    seconds.format(&Rfc3339).unwrap_or_default()
}

/// Refuses a message that the file's head would be read by.
fn check(message: &str) -> Result<(), Error> {
    let line = format!("-- {message}\n");
    let is_plain = parse_directives("", &line).is_ok_and(|found| found == Directives::default());
    if is_plain && !is_no_transaction(&line) && waived(message).is_none() {
        return Ok(());
    }
    let text = format!(
        "the message stands in a comment at the head of the file, and `{message}` would be read as \
         a directive there: word it otherwise"
    );
    Err(Error::usage("BAD_MESSAGE", text))
}

/// Refuses a template that changes what the revision builds upon.
fn check_template(template: &Template, head: &str, text: &str) -> Result<(), Error> {
    let file = template.path.display().to_string();
    let own = parse_directives(&file, &text.replacen(head, "", 1))?;
    let is_free = own.revises.is_empty()
        && !own.begins_anew
        && own.depends_on.is_empty()
        && own.branch.is_none();
    if is_free {
        return parse_directives(&file, text).map(drop).map_err(Error::from);
    }
    let cause = "`revises`, `depends-on` and `branch` are written by the program, so no line of it \
                 may be such a directive";
    Err(template.bad(cause))
}

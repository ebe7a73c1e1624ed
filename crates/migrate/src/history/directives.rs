use std::collections::BTreeMap;

use super::file_name;
use super::squashed::Squashed;
use crate::{Problem, Target};

/// What the comments in the head of a migration file tell the runner.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Directives {
    /// `-- revises:` the versions it builds upon; empty if absent, and with `base`.
    pub revises: Vec<i64>,
    /// `-- revises: base`: it builds upon nothing, whatever the order of the versions says.
    pub begins_anew: bool,
    /// `-- depends-on:` versions that must be applied before it, without being its lineage.
    pub depends_on: Vec<i64>,
    /// `-- branch:` the label of the branch it begins.
    pub branch: Option<String>,
    /// `-- phase:` expand if absent.
    pub phase: Phase,
    /// `-- floor:` the oldest head that may still be served after this contract revision.
    pub floor: Option<i64>,
    /// `-- squashes:` the revisions that this one stands for, a line for each way to have them applied.
    pub squashes: Vec<Squashed>,
    /// `-- rerun: safe`: an interrupted statement may run a second time.
    pub rerun_safe: bool,
}

/// When in a rollout a revision may run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Phase {
    /// Before the new program: the old one can live with it.
    #[default]
    Expand,
    /// After the new program: the old one cannot.
    Contract,
}

impl Phase {
    /// The word in the directive.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Expand => "expand",
            Self::Contract => "contract",
        }
    }
}

/// Whether sqlx runs this text outside a transaction.
pub(crate) fn is_no_transaction(text: &str) -> bool {
    text.starts_with("-- no-transaction")
}

/// Reads the directives of a file's head: its lines up to the first that is neither a comment nor blank.
pub(crate) fn parse(file: &str, text: &str) -> Result<Directives, Problem> {
    let mut directives = Directives::default();
    let own = file_name::parse(file).map(|name| name.version);
    let mut seen = Seen::new();
    for (at, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        let Some(comment) = line.strip_prefix("--") else { break };
        if has_lone_returns(line) {
            let message = LONE_RETURNS.to_owned();
            return Err(Problem::BadDirective { file: file.to_owned(), line: at + 1, message });
        }
        if let Some((key, value)) = comment.split_once(':') {
            let (key, value) = (key.trim(), value.trim());
            let read = read(&mut directives, own, key, value);
            read.and_then(
                |is_directive| {
                    if is_directive { once(&mut seen, key, value, at + 1) } else { Ok(()) }
                },
            )
            .map_err(|message| Problem::BadDirective {
                file: file.to_owned(),
                line: at + 1,
                message,
            })?;
        }
    }
    Ok(directives)
}

const LONE_RETURNS: &str = "the line has carriage returns without line feeds, which end no line here, and directives \
                            among them: convert the file to line feeds";

/// Whether carriage returns alone, as old systems had them, are between a directive and something else.
fn has_lone_returns(line: &str) -> bool {
    let is_directive = |part: &str| {
        let comment = part.trim().strip_prefix("--").and_then(|comment| comment.split_once(':'));
        let read = |(key, value): (&str, &str)| {
            read(&mut Directives::default(), None, key.trim(), value.trim())
        };
        comment.is_some_and(|comment| read(comment) != Ok(false))
    };
    line.contains('\r') && line.split('\r').any(is_directive)
}

/// What each directive says, and on which line.
type Seen<'a> = BTreeMap<&'a str, (&'a str, usize)>;

/// Refuses a directive that says something else than before: only one of the two could hold.
fn once<'a>(seen: &mut Seen<'a>, key: &'a str, value: &'a str, line: usize) -> Result<(), String> {
    let (before, at) = *seen.entry(key).or_insert((value, line));
    if key == "squashes" || before == value {
        return Ok(());
    }
    let is_list = matches!(key, "revises" | "depends-on") && ![before, value].contains(&"base");
    let write = if is_list {
        format!("write one line, `-- {key}: {before}, {value}`")
    } else {
        "delete the line that is not meant".to_owned()
    };
    Err(format!("`{key}` is said on line {at} already, and otherwise: {write}"))
}

/// Takes what the line says; whether it is a directive.
fn read(
    directives: &mut Directives,
    own: Option<i64>,
    key: &str,
    value: &str,
) -> Result<bool, String> {
    match key {
        "revises" if value == "base" => directives.begins_anew = true,
        "revises" => directives.revises = versions(value)?,
        "depends-on" => directives.depends_on = versions(value)?,
        "squashes" => directives.squashes.push(Squashed::parse(value, own)?),
        "branch" => directives.branch = Some(label(value)?),
        "floor" => directives.floor = Some(version(value)?),
        "phase" => directives.phase = phase(value)?,
        "rerun" if value == "safe" => directives.rerun_safe = true,
        "rerun" => return Err("`rerun` can only be `safe`".to_owned()),
        // Any other comment with a colon is just a comment.
        _ => return Ok(false),
    }
    Ok(true)
}

fn phase(value: &str) -> Result<Phase, String> {
    match value {
        "expand" => Ok(Phase::Expand),
        "contract" => Ok(Phase::Contract),
        _ => Err("`phase` is `expand` or `contract`".to_owned()),
    }
}

/// Reads a label, which must be readable as nothing else where a target stands.
pub(crate) fn label(value: &str) -> Result<String, String> {
    let is_plain = !value.contains([':', ',']) && !value.contains(char::is_whitespace);
    let is_number = value.bytes().all(|byte| byte.is_ascii_digit());
    match value.parse() {
        Ok(Target::Revision(label)) if is_plain && !is_number => Ok(label),
        _ => Err(format!(
            "`{value}` cannot be a label: write a word that is no number, no target like `head` or \
             `+1`, and has no space, comma, colon or @"
        )),
    }
}

pub(super) fn versions(value: &str) -> Result<Vec<i64>, String> {
    value.split(',').map(|part| version(part.trim())).collect()
}

fn version(value: &str) -> Result<i64, String> {
    value.parse().map_err(|_| format!("`{value}` is no version: write the number of the file"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn head_is_read_up_to_the_first_statement() {
        let text = "-- no-transaction\n-- revises: 1, 2\n\n-- phase: contract\n-- floor: 2\n\
                    -- rerun: safe\n-- note: nothing\nSELECT 1;\n-- branch: late\n";
        let directives = parse("3_a.sql", text).unwrap();
        assert!(is_no_transaction(text));
        assert_eq!(directives.revises, [1, 2]);
        assert_eq!(directives.phase, Phase::Contract);
        assert_eq!(directives.floor, Some(2));
        assert!(directives.rerun_safe);
        assert_eq!(directives.branch, None);
    }

    #[test]
    fn bad_value_names_its_line() {
        let problem = parse("3_a.sql", "-- a comment\n-- phase: later\n").unwrap_err();
        assert_eq!(problem.to_string(), "3_a.sql:2: `phase` is `expand` or `contract`");
    }

    #[test]
    fn lines_that_end_with_carriage_returns_alone_are_told() {
        for text in [
            "-- revises: base\r-- phase: expand\rCREATE TABLE t (a INT);\r",
            "-- a note\r-- phase: contract\nSELECT 1;\n",
            "-- no-transaction\r-- revises: 1",
            "-- phase: expand\rSELECT 1;\n",
        ] {
            let problem = parse("3_a.sql", text).unwrap_err().to_string();
            assert!(problem.starts_with("3_a.sql:1: the line has carriage returns"), "{problem}");
            assert!(!problem.contains("CREATE"), "{problem}");
        }
        for text in ["-- phase: expand\r\n-- floor: 2\r\n", "-- a: b\rc\n-- phase: expand\r"] {
            parse("3_a.sql", text).unwrap();
        }
    }

    #[test]
    fn directive_that_is_said_twice_is_refused() {
        for (head, message) in [
            ("revises: 2\n-- revises: 3", "write one line, `-- revises: 2, 3`"),
            ("depends-on: 1, 2\n-- depends-on: 3", "write one line, `-- depends-on: 1, 2, 3`"),
            ("revises: base\n-- revises: 3", "delete the line that is not meant"),
            ("phase: contract\n-- phase: expand", "delete the line that is not meant"),
            ("floor: 1\n-- floor: 2", "delete the line that is not meant"),
            ("branch: a\n-- branch: b", "delete the line that is not meant"),
        ] {
            let key = head.split_once(':').unwrap().0;
            let problem = parse("4_a.sql", &format!("-- {head}\nSELECT 1;\n")).unwrap_err();
            let told =
                format!("4_a.sql:2: `{key}` is said on line 1 already, and otherwise: {message}");
            assert_eq!(problem.to_string(), told);
        }
        for head in
            ["revises: 2\n--revises:2", "note: 1\n-- note: 2", "squashes: 1, 4\n-- squashes: 2, 4"]
        {
            parse("4_a.sql", &format!("-- {head}\n")).unwrap();
        }
    }

    #[test]
    fn revision_may_build_upon_nothing() {
        let directives = parse("3_a.sql", "-- revises: base\n").unwrap();
        assert!(directives.begins_anew && directives.revises.is_empty());
        assert!(parse("3_a.sql", "-- revises: base, 1\n").is_err());
    }

    #[test]
    fn label_is_what_no_other_target_could_be() {
        let label = |value: &str| parse("3_a.sql", &format!("-- branch: {value}\n"));
        for good in ["shop", "shop-front", "v2", "läden"] {
            assert_eq!(label(good).unwrap().branch.as_deref(), Some(good));
        }
        for bad in ["", "head", "current", "7", "a b", "a,b", "a@b", "a:b", "a-1", "+1"] {
            assert!(label(bad).is_err(), "{bad}");
        }
    }
}

mod finder;
mod resolve;

use std::fmt;
use std::str::FromStr;

pub(crate) use finder::Finder;
pub(crate) use resolve::{ambiguous, find, find_in, listed, walk};

/// Where to go, as it is written on the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// The one newest revision; several heads are an error.
    Head,
    /// All newest revisions.
    Heads,
    /// Before the first revision.
    Base,
    /// Where the database stands.
    Current,
    /// So many revisions onward or, if negative, back, from where the database stands.
    Relative(i64),
    /// A version, the beginning of one, a name, or a label.
    Revision(String),
    /// So many revisions onward or back from another target: `REV+2`, `head-1`, `current+1`.
    Offset(Box<Target>, i64),
    /// Of a branch only: `LABEL@head`, `LABEL@base`, `LABEL@+1`, `LABEL@-1`, `LABEL@REV`.
    Branch(String, Box<Target>),
}

/// `A:B`, each side a target; an empty side is the end of the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetRange {
    /// The older end.
    pub from: Target,
    /// The newer end.
    pub to: Target,
}

const EXPECTED: &str =
    "write head, heads, base, current, +N, -N, a version, a name, a label, REV+N or LABEL@TARGET";

impl Target {
    /// Whether only a database tells what it is.
    #[must_use]
    pub fn needs_database(&self) -> bool {
        match self {
            Self::Current | Self::Relative(_) => true,
            Self::Head | Self::Heads | Self::Base | Self::Revision(_) => false,
            Self::Offset(target, _) | Self::Branch(_, target) => target.needs_database(),
        }
    }
}

impl Target {
    /// Whether it goes so many steps from where the database stands.
    pub(crate) fn counts_steps(&self) -> bool {
        match self {
            Self::Relative(_) => true,
            Self::Offset(target, _) => target.needs_database(),
            Self::Branch(_, target) => target.counts_steps(),
            Self::Current | Self::Head | Self::Heads | Self::Base | Self::Revision(_) => false,
        }
    }
}

impl TargetRange {
    /// Whether only a database tells what it is. Steps in a range go from its other end.
    #[must_use]
    pub fn needs_database(&self) -> bool {
        let needs = |target: &Target| match target {
            Target::Relative(_) => false,
            target => target.needs_database(),
        };
        needs(&self.from) || needs(&self.to)
    }
}

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('@') {
            None => steps(text),
            Some(("", _)) => Err(format!("`{text}`: a branch's label must stand before the @")),
            Some((_, rest)) if rest.contains('@') => {
                Err(format!("`{text}`: there is more than one @"))
            }
            Some((label, rest)) => match steps(label)? {
                Self::Revision(label) => Ok(Self::Branch(label, Box::new(steps(rest)?))),
                _ => Err(format!("`{text}`: `{label}` is no label, and no revision")),
            },
        }
    }
}

/// `+N`, `-N`, `REV+N`, `REV-N`, or what has no steps.
fn steps(text: &str) -> Result<Target, String> {
    let Some(at) = text.rfind(['+', '-']) else { return word(text) };
    let (from, number) = text.split_at(at);
    let is_number = number.len() > 1 && number.bytes().skip(1).all(|byte| byte.is_ascii_digit());
    if !is_number && !from.is_empty() {
        // A name may hold a hyphen.
        return word(text);
    }
    let steps = number.parse().ok().filter(|steps| *steps != 0);
    let steps =
        steps.ok_or_else(|| format!("`{text}`: a number other than 0 must follow the sign"))?;
    if from.is_empty() {
        return Ok(Target::Relative(steps));
    }
    match word(from)? {
        Target::Heads => {
            Err(format!("`{text}`: steps begin at one revision: write head, or name it"))
        }
        from => Ok(Target::Offset(Box::new(from), steps)),
    }
}

fn word(text: &str) -> Result<Target, String> {
    Ok(match text {
        "" => return Err(EXPECTED.to_owned()),
        "head" => Target::Head,
        "heads" => Target::Heads,
        "base" => Target::Base,
        "current" => Target::Current,
        // A name's own steps would be read as such: `a-1+1`, and `+` alone begins none.
        _ if text.starts_with(['+', '-']) || has_steps(text) => {
            return Err(format!("`{text}`: there is more than one step: {EXPECTED}"));
        }
        _ => Target::Revision(text.to_owned()),
    })
}

/// Whether the text ends like `+1`.
fn has_steps(text: &str) -> bool {
    let name = text.trim_end_matches(|c: char| c.is_ascii_digit());
    name.len() < text.len() && name.ends_with(['+', '-'])
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Head => f.write_str("head"),
            Self::Heads => f.write_str("heads"),
            Self::Base => f.write_str("base"),
            Self::Current => f.write_str("current"),
            Self::Relative(steps) => write!(f, "{steps:+}"),
            Self::Revision(text) => f.write_str(text),
            Self::Offset(target, steps) => write!(f, "{target}{steps:+}"),
            Self::Branch(label, target) => write!(f, "{label}@{target}"),
        }
    }
}

impl FromStr for TargetRange {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (from, to) = text.split_once(':').ok_or("write a range as A:B, either may be empty")?;
        let side = |text: &str, empty| match text {
            "" => Ok(empty),
            _ if text.contains(':') => Err("a range has one colon, as in A:B".to_owned()),
            _ => text.parse(),
        };
        Ok(Self { from: side(from, Target::Base)?, to: side(to, Target::Heads)? })
    }
}

impl fmt::Display for TargetRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.from, self.to)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn revision(text: &str) -> Target {
        Target::Revision(text.to_owned())
    }

    fn offset(from: Target, steps: i64) -> Target {
        Target::Offset(Box::new(from), steps)
    }

    fn branch(label: &str, target: Target) -> Target {
        Target::Branch(label.to_owned(), Box::new(target))
    }

    #[test]
    fn every_form_is_read() {
        let cases = [
            ("head", Target::Head),
            ("heads", Target::Heads),
            ("base", Target::Base),
            ("current", Target::Current),
            ("+2", Target::Relative(2)),
            ("-1", Target::Relative(-1)),
            ("20260101", revision("20260101")),
            ("add-users", revision("add-users")),
            ("2026-1", offset(revision("2026"), -1)),
            ("add_users+3", offset(revision("add_users"), 3)),
            ("head-1", offset(Target::Head, -1)),
            ("current+1", offset(Target::Current, 1)),
            ("shop@head", branch("shop", Target::Head)),
            ("shop@heads", branch("shop", Target::Heads)),
            ("shop@base", branch("shop", Target::Base)),
            ("shop@+2", branch("shop", Target::Relative(2))),
            ("shop@-1", branch("shop", Target::Relative(-1))),
            ("shop-front@2026", branch("shop-front", revision("2026"))),
            ("shop@2026-1", branch("shop", offset(revision("2026"), -1))),
        ];
        for (text, target) in cases {
            assert_eq!(text.parse(), Ok(target.clone()), "{text}");
            assert_eq!(target.to_string(), text);
        }
    }

    #[test]
    fn what_is_no_target_is_refused() {
        for bad in [
            "",
            "@head",
            "a@b@c",
            "a@",
            "+0",
            "a+0",
            "-",
            "+",
            "+x",
            "++1",
            "a-1+1",
            "heads-1",
            "head@1",
            "+1@head",
            "+99999999999999999999",
        ] {
            assert!(bad.parse::<Target>().is_err(), "{bad}");
        }
        for bad in ["", "1", "1:2:3", "@:", ":+0"] {
            assert!(bad.parse::<TargetRange>().is_err(), "{bad}");
        }
    }

    #[test]
    fn either_end_of_a_range_may_be_left_out() {
        let read = |text: &str| text.parse::<TargetRange>().unwrap();
        assert_eq!(read(":2"), TargetRange { from: Target::Base, to: revision("2") });
        assert_eq!(read("2:"), TargetRange { from: revision("2"), to: Target::Heads });
        assert_eq!(read(":"), TargetRange { from: Target::Base, to: Target::Heads });
        assert!(read("current:").needs_database() && read(":current-1").needs_database());
        assert!(!read("-3:head").needs_database());
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

        #[test]
        fn what_is_read_is_written_alike(
            text in prop_oneof![
                "[a-z0-9@+:-]{0,12}",
                "(head|heads|base|current|shop|12)?@?(head|heads|base|current|shop|12)?([+-][0-9]{0,2})?",
                ".{0,24}",
            ]
        ) {
            if let Ok(target) = text.parse::<Target>() {
                prop_assert_eq!(target.to_string().parse::<Target>(), Ok(target));
            }
            if let Ok(range) = text.parse::<TargetRange>() {
                prop_assert_eq!(range.to_string().parse::<TargetRange>(), Ok(range));
            }
        }
    }
}

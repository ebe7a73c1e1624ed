mod resolve;

use std::fmt;
use std::str::FromStr;

pub(crate) use resolve::{ambiguous, find, walk};

/// Where to go, as it is written on the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// The one newest revision; several heads are an error.
    Head,
    /// All newest revisions.
    Heads,
    /// Before the first revision.
    Base,
    /// So many revisions onward or, if negative, back, from where the database stands.
    Relative(i64),
    /// A version, the beginning of one, a name, a label, or `current`.
    Revision(String),
    /// So many revisions onward or back from a revision: `REV+2`, `REV-1`.
    Offset(String, i64),
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

impl TargetRange {
    /// Whether an end of it is where the database stands.
    #[must_use]
    pub fn names_current(&self) -> bool {
        let is_current = |target: &Target| matches!(target, Target::Revision(t) if t == "current");
        is_current(&self.from) || is_current(&self.to)
    }
}

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "" => Err("write head, heads, base, +N, -N, a version or a name".to_owned()),
            "head" => Ok(Self::Head),
            "heads" => Ok(Self::Heads),
            "base" => Ok(Self::Base),
            _ => match text.split_once('@') {
                Some(("", _)) => Err(format!("`{text}`: a branch's label must stand before the @")),
                Some((label, rest)) if !rest.contains('@') => {
                    Ok(Self::Branch(label.to_owned(), Box::new(rest.parse()?)))
                }
                Some(_) => Err(format!("`{text}`: there is more than one @")),
                None => steps(text),
            },
        }
    }
}

/// `+N`, `-N`, `REV+N`, `REV-N`, or a revision.
fn steps(text: &str) -> Result<Target, String> {
    let Some(at) = text.rfind(['+', '-']) else { return Ok(Target::Revision(text.to_owned())) };
    let (revision, number) = text.split_at(at);
    let is_number = number.len() > 1 && number.bytes().skip(1).all(|byte| byte.is_ascii_digit());
    if !is_number && !revision.is_empty() {
        // A name may hold a hyphen.
        return Ok(Target::Revision(text.to_owned()));
    }
    let steps = number.parse().ok().filter(|steps| *steps != 0);
    let steps =
        steps.ok_or_else(|| format!("`{text}`: a number other than 0 must follow the sign"))?;
    Ok(match revision {
        "" => Target::Relative(steps),
        _ => Target::Offset(revision.to_owned(), steps),
    })
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Head => f.write_str("head"),
            Self::Heads => f.write_str("heads"),
            Self::Base => f.write_str("base"),
            Self::Relative(steps) => write!(f, "{steps:+}"),
            Self::Revision(text) => f.write_str(text),
            Self::Offset(text, steps) => write!(f, "{text}{steps:+}"),
            Self::Branch(label, target) => write!(f, "{label}@{target}"),
        }
    }
}

impl FromStr for TargetRange {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (from, to) = text.split_once(':').ok_or("write a range as A:B, either may be empty")?;
        let side = |text: &str, empty| if text.is_empty() { Ok(empty) } else { text.parse() };
        Ok(Self { from: side(from, Target::Base)?, to: side(to, Target::Heads)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_read() {
        assert_eq!("+2".parse(), Ok(Target::Relative(2)));
        assert_eq!("-1".parse(), Ok(Target::Relative(-1)));
        assert_eq!("base".parse(), Ok(Target::Base));
        assert!("+x".parse::<Target>().is_err());
        let range: TargetRange = ":2".parse().unwrap();
        assert_eq!(range.from, Target::Base);
        assert_eq!(range.to, Target::Revision("2".to_owned()));
    }

    #[test]
    fn branches_and_steps_from_a_revision_are_read() {
        let read = |text: &str| text.parse::<Target>();
        let branch = |target| Ok(Target::Branch("shop".to_owned(), Box::new(target)));
        assert_eq!(read("shop@head"), branch(Target::Head));
        assert_eq!(read("shop@+2"), branch(Target::Relative(2)));
        assert_eq!(read("2026-1"), Ok(Target::Offset("2026".to_owned(), -1)));
        assert_eq!(read("add-users"), Ok(Target::Revision("add-users".to_owned())));
        for bad in ["@head", "a@b@c", "+0", "a+0", "-", "a@"] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }

    proptest::proptest! {
        #[test]
        fn what_is_read_is_written_alike(text in "[a-z0-9@+:-]{0,12}") {
            if let Ok(target) = text.parse::<Target>() {
                proptest::prop_assert_eq!(target.to_string().parse::<Target>(), Ok(target));
            }
        }
    }
}

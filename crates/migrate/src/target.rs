use std::str::FromStr;

use crate::{Error, History, Revision};

/// Where to go, as it is written on the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// The one newest revision; several heads are an error.
    Head,
    /// All newest revisions.
    Heads,
    /// Before the first revision.
    Base,
    /// So many revisions onward or, if negative, back.
    Relative(i64),
    /// A version, the beginning of one, or a name.
    Revision(String),
}

/// `A:B`, each side a target; an empty side is the end of the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetRange {
    /// The older end.
    pub from: Target,
    /// The newer end.
    pub to: Target,
}

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "" => Err("write head, heads, base, +N, -N, a version or a name".to_owned()),
            "head" => Ok(Self::Head),
            "heads" => Ok(Self::Heads),
            "base" => Ok(Self::Base),
            _ if text.starts_with(['+', '-']) => text
                .parse()
                .ok()
                .filter(|steps| *steps != 0)
                .map(Self::Relative)
                .ok_or_else(|| format!("`{text}`: a number other than 0 must follow the sign")),
            _ => Ok(Self::Revision(text.to_owned())),
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

/// Finds the revision that a text means: a version, a name, or the beginning of a version.
pub(crate) fn find<'h>(history: &'h History, text: &str) -> Result<&'h Revision, Error> {
    if let Some(revision) = text.parse().ok().and_then(|version| history.find(version)) {
        return Ok(revision);
    }
    let named: Vec<&Revision> = history
        .revisions()
        .iter()
        .filter(|revision| revision.name == text || revision.description() == text)
        .collect();
    let found = if named.is_empty() { by_prefix(history, text) } else { named };
    match found.as_slice() {
        [revision] => Ok(revision),
        [] => {
            let message = format!("no revision is called `{text}`: `migrate history` lists them");
            Err(Error::usage("UNKNOWN_REVISION", message))
        }
        several => {
            let all: Vec<String> = several.iter().map(|r| r.version.to_string()).collect();
            let message = format!("`{text}` may mean {}: write more of it", all.join(", "));
            Err(Error::usage("AMBIGUOUS_REVISION", message))
        }
    }
}

fn by_prefix<'h>(history: &'h History, text: &str) -> Vec<&'h Revision> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let starts = |revision: &&Revision| revision.version.to_string().starts_with(text);
    history.revisions().iter().filter(|_| is_number).filter(starts).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Source;

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
    fn revision_is_found_by_version_name_or_unique_prefix() {
        let files = [("2026010101_make_users.sql", ""), ("2026010202_make_posts.sql", "")];
        let history = History::build(Source::embedded(files)).unwrap();
        let found = |text| find(&history, text).map(|revision| revision.version);
        assert_eq!(found("2026010101").unwrap(), 2_026_010_101);
        assert_eq!(found("make_posts").unwrap(), 2_026_010_202);
        assert_eq!(found("make users").unwrap(), 2_026_010_101);
        assert_eq!(found("20260102").unwrap(), 2_026_010_202);
        assert_eq!(found("2026").unwrap_err().reason(), "AMBIGUOUS_REVISION");
        assert_eq!(found("drop_users").unwrap_err().reason(), "UNKNOWN_REVISION");
    }
}

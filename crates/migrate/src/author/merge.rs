use super::resolved;
use crate::history::Along;
use crate::{Error, History};

/// Checks the revisions of a merge: two or more, none twice, none the ancestor of another.
pub fn merge_parents(history: &History, texts: &[String]) -> Result<Vec<String>, Error> {
    let versions: Vec<i64> = resolved(history, texts)?.iter().map(|r| r.version).collect();
    let bad = |message: String| Error::usage("BAD_MERGE", message);
    let is_heads = texts.iter().any(|text| text == "heads" || text.ends_with("@heads"));
    if let ([head], true) = (versions.as_slice(), is_heads) {
        return Err(bad(format!("there is one head, {head}, and nothing to merge")));
    }
    if versions.len() < 2 {
        return Err(bad(
            "a merge takes two revisions or more: name them, or write heads".to_owned()
        ));
    }
    for (at, version) in versions.iter().enumerate() {
        if versions.iter().skip(at + 1).any(|other| other == version) {
            return Err(bad(format!("{version} is named twice")));
        }
        let later = history.successors([*version], Along::Lineage);
        if let Some(child) = versions.iter().find(|v| *v != version && later.contains(v)) {
            return Err(bad(format!("{version} is part of {child} already: leave it out")));
        }
    }
    Ok(versions.iter().map(ToString::to_string).collect())
}

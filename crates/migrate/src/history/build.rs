use std::collections::{BTreeMap, BTreeSet};

use super::file_name::{self, FileName, Kind};
use super::{Directives, Revision, Script, directives};
use crate::source::SourceFile;
use crate::{Error, Problem, Source};

#[derive(Default)]
struct Pair {
    up: Option<(FileName, SourceFile)>,
    down: Option<(FileName, SourceFile)>,
}

/// Pairs up and down files and reads their heads.
pub(super) fn revisions(source: Source) -> Result<Vec<Revision>, Error> {
    let mut pairs: BTreeMap<i64, Pair> = BTreeMap::new();
    let ignored = source.ignored_chars;
    for file in source.files {
        let name = file_name::parse(&file.name).ok_or_else(|| bad_name(&file.name))?;
        let pair = pairs.entry(name.version).or_default();
        let place = if name.kind == Kind::Down { &mut pair.down } else { &mut pair.up };
        if let Some((_, first)) = place {
            let (version, first) = (name.version, first.name.clone());
            return Err(Problem::DuplicateVersion { version, first, second: file.name }.into());
        }
        *place = Some((name, file));
    }
    let mut revisions: Vec<Revision> = Vec::with_capacity(pairs.len());
    for pair in pairs.into_values() {
        let before = revisions.last().map(|revision| revision.version);
        revisions.push(revision(pair, before, &ignored)?);
    }
    Ok(revisions)
}

fn bad_name(file: &str) -> Error {
    let message =
        format!("{file}: the name must begin with a number and an underscore, as in 1_a.sql");
    Error::usage("BAD_FILE_NAME", message)
}

fn revision(
    pair: Pair,
    before: Option<i64>,
    ignored: &BTreeSet<char>,
) -> Result<Revision, Problem> {
    let Some((name, file)) = pair.up else {
        let file = pair.down.map(|(_, file)| file.name).unwrap_or_default();
        return Err(Problem::DownWithoutUp { file });
    };
    let (up, directives) = script(file)?;
    let down = pair.down.map(|(_, file)| script(file)).transpose()?.map(|(down, _)| down);
    let parents = if directives.begins_anew {
        Vec::new()
    } else if directives.revises.is_empty() {
        before.into_iter().collect()
    } else {
        directives.revises.clone()
    };
    let ignored_chars = ignored.clone();
    let FileName { version, name, .. } = name;
    Ok(Revision { version, name, directives, parents, up, down, ignored_chars })
}

fn script(file: SourceFile) -> Result<(Script, Directives), Problem> {
    let directives = directives::parse(&file.name, &file.text)?;
    let script = Script {
        no_transaction: directives::is_no_transaction(&file.text),
        rerun_safe: directives.rerun_safe,
        file: file.name,
        text: file.text,
    };
    Ok((script, directives))
}

/// A script that was kept in the database.
pub(crate) fn stored_script(file: String, text: String) -> Result<Script, Problem> {
    script(SourceFile { name: file, text: text.into() }).map(|(script, _)| script)
}

use std::collections::{BTreeMap, BTreeSet};

use super::file_name::{self, FileName, Kind};
use super::unread::unread;
use super::{Directives, Revision, Script, directives};
use crate::source::SourceFile;
use crate::{Error, Problem, Source};

#[derive(Default)]
struct Pair {
    up: Option<(FileName, SourceFile)>,
    down: Option<(FileName, SourceFile)>,
}

/// Pairs up and down files and reads their heads.
pub(crate) fn revisions(source: Source) -> Result<Vec<Revision>, Error> {
    let mut pairs: BTreeMap<i64, Pair> = BTreeMap::new();
    let ignored = source.ignored_chars;
    let mut files = source.files.into_iter();
    while let Some(file) = files.next() {
        let name = file_name::parse(&file.name).ok_or_else(|| bad_name(&file.name))?;
        let pair = pairs.entry(name.version).or_default();
        let place = if name.kind == Kind::Down { &mut pair.down } else { &mut pair.up };
        if place.is_some() {
            return Err(collision(pair, &name, &file.name, files.as_slice()).into());
        }
        *place = Some((name, file));
    }
    let versions: BTreeSet<i64> = pairs.keys().copied().collect();
    let mut revisions: Vec<Revision> = Vec::with_capacity(pairs.len());
    for pair in pairs.into_values() {
        let before = revisions.last().map(|revision| revision.version);
        let mut revision = revision(pair, before, &ignored)?;
        for script in [Some(&mut revision.up), revision.down.as_mut()].into_iter().flatten() {
            script.unread = unread(&script.text, |version| versions.contains(&version));
        }
        revisions.push(revision);
    }
    Ok(revisions)
}

/// What is wrong where a version's place is taken: a down file too many belongs to no up file.
fn collision(pair: &Pair, name: &FileName, second: &str, rest: &[SourceFile]) -> Problem {
    let taken = |place: &Option<(FileName, SourceFile)>| {
        place.as_ref().map(|(_, file)| file.name.clone()).unwrap_or_default()
    };
    let (up, down) = (taken(&pair.up), taken(&pair.down));
    let first = if name.kind == Kind::Down { down } else { up.clone() };
    if name.kind == Kind::Down {
        let is_up = |file: &str| {
            file_name::parse(file)
                .is_some_and(|n| n.version == name.version && n.kind != Kind::Down)
        };
        let ups = rest.iter().map(|file| file.name.as_str()).filter(|file| is_up(file));
        let ups: Vec<&str> = ups.chain([up.as_str()]).map(file_name::stem).collect();
        let alone = [second, &first].into_iter().find(|down| !ups.contains(&file_name::stem(down)));
        if let Some(file) = alone {
            return Problem::DownWithoutUp { file: file.to_owned() };
        }
    }
    Problem::DuplicateVersion { version: name.version, first, second: second.to_owned() }
}

fn bad_name(file: &str) -> Error {
    let digits = file.split_once('_').map_or("", |(digits, _)| digits);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let message = if is_number {
        format!("{file}: the number is too large for a version: {} is the highest", i64::MAX)
    } else {
        format!("{file}: the name must begin with a number and an underscore, as in 1_a.sql")
    };
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
        unread: Vec::new(),
    };
    Ok((script, directives))
}

/// A script that was kept in the database.
pub(crate) fn stored_script(file: String, text: String) -> Result<Script, Problem> {
    script(SourceFile { name: file, text: text.into() }).map(|(script, _)| script)
}

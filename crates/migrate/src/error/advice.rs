use super::problem::joined;
use super::{Applied, FailedStatement, Link, WayOut};
use crate::history::stem;

/// What brings a run to its end that has stopped for a reason outside of the files.
pub(super) const AGAIN: &str = "run the same command again, of several steps (-N, +N) with those that are left: \
    it continues from there";

/// What to do about a statement that failed.
pub(super) fn on_failed(statement: &FailedStatement) -> String {
    let FailedStatement { version, file, .. } = statement;
    let is_scratch = statement.applied == Applied::Scratch;
    let again = if is_scratch { "run the same command again" } else { AGAIN };
    if statement.lacks_a_right() {
        let or = if is_scratch { ", or in SCRATCH_DATABASE_URL if that is set" } else { "" };
        return format!("name a user who may do this in MIGRATION_DATABASE_URL{or}, then {again}");
    }
    if let Some(disk) = statement.full_disk() {
        return format!("make room on {disk}, then {again}");
    }
    if let Some(limit) = statement.time_limit() {
        return format!(
            "the server ended the statement, by a limit or at somebody's word: if it needs more time, raise \
             {limit}; then {again}"
        );
    }
    if is_scratch {
        return format!(
            "mend {file} and {again}; where a database has it applied, mend it so that \
             nothing would be other there (`IF EXISTS`), then `migrate repair --accept {version}` takes over \
             its checksum"
        );
    }
    if statement.is_unsure() {
        return format!(
            "look what of it has run; if all has, run `migrate repair --done {version}`, else undo what \
             has, mend {file} and run `migrate repair --not-done {version}`; then {again}"
        );
    }
    // `upgrade head` would finish undoing the revision, only to apply it again.
    if file.ends_with(".down.sql") {
        return format!("mend {file}, then {again}");
    }
    if statement.is_in_the_way && statement.is_undone {
        return format!(
            "to go forward, mend {file} and run `migrate upgrade head`; to go back, take out of {file} what \
             is not applied, from this statement on, and run the same `migrate downgrade` again: the file is \
             finished as it stands then, and undone by its down file, which must bear what was never made \
             (`DROP … IF EXISTS`)"
        );
    }
    let mend = format!("mend {file}, then run `migrate upgrade head`: it continues from there");
    if statement.makes_what_is_there() {
        return format!(
            "if this database was made without this runner, record what it has: `migrate adopt \
             --dry-run`, or `migrate stamp REV`; else {mend}"
        );
    }
    mend
}

/// About a revision that is not applied, and that an applied one needs.
pub(super) fn on_missing(version: i64, needed_by: i64, way_out: &WayOut) -> String {
    match way_out {
        WayOut::Stamp(stamp) => {
            let (makes, added) = match stamp.added.as_slice() {
                [] | [_] => ("makes", version.to_string()),
                several => ("make", joined(several, ", ")),
            };
            format!(
                "if the database has what {added} {makes}, run `{stamp}`, which records that and keeps \
                 what is applied; else use the files that {needed_by} was applied with"
            )
        }
        WayOut::Rebase { late, behind, .. } if late.len() + behind.len() < 2 => format!(
            "run `{way_out}` to give it a version higher than the newest applied one; `--onto` says what it \
             builds upon, if it is a branch of its own"
        ),
        WayOut::Rebase { behind, .. } => {
            let others = if behind.is_empty() {
                String::new()
            } else {
                format!(
                    "; leave out {} where that is applied elsewhere and needs none of the others",
                    joined(behind, ", ")
                )
            };
            format!(
                "run `{way_out}`, which gives them, in this order, versions higher than the newest \
                 applied one{others}; `--onto` says what they build upon, if they are a branch of their own"
            )
        }
    }
}

/// About an interrupted file whose `line` reads what is lost, and which has run up to the line `from`.
pub(super) fn on_lost_value(version: i64, line: usize, from: usize) -> String {
    format!(
        "run the file from line {from} on by hand, or from behind that statement if it has run, with the value \
         put in at line {line}, then `migrate repair --done {version}`; or undo by hand what stands before, \
         then `migrate repair --not-done {version}`"
    )
}

/// About an applied revision that the files do not know.
pub(super) fn on_unknown(version: i64, is_kept: bool) -> String {
    if is_kept {
        return "use the files that this database was migrated with; or write --from-database, which undoes \
                by the scripts that were kept what these files do not know, each printed first"
            .to_owned();
    }
    format!(
        "use the files that this database was migrated with (`git log --all --oneline -- '*{version}_*'` \
         finds one that was deleted), then run again; `migrate repair` tells of other ways"
    )
}

/// What is named is no file that can be built upon: another parent, or no such dependency.
pub(super) fn on_misnamed(file: &str, link: Link, onto: Option<i64>) -> String {
    let stem = stem(file);
    match link {
        Link::Revises => format!(
            "run `migrate rebase {stem} --onto {}`, or name what it should build upon: it gets a version \
             higher than all others",
            onto.map_or("base".to_owned(), |version| version.to_string())
        ),
        Link::DependsOn => format!(
            "run `migrate rebase {stem}`, which takes that name out and gives it a version higher than all \
             others, with --onto to say what it builds upon; or name another revision in that line"
        ),
    }
}

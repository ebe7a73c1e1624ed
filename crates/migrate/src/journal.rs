//! Which steps of a half-applied file have run.
//!
//! A step that can be rolled back writes its row in its own transaction. A step that commits by itself
//! is announced before with a picture of the catalog, and confirmed afterwards; in between, a later run
//! compares the picture.

use crate::backend::{
    Backend, Failure, FailureKind, JOURNAL, Kind, Literal, Row, SessionId, Write,
};
use crate::ledger::read_if_there;
use crate::owner;

/// Which script of a revision is being executed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    Up,
    Down,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// The file was begun; no step has.
    Opened,
    /// The step was announced.
    Started,
    /// The step has run.
    Done,
}

/// A row of `_migrate_journal`.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) version: i64,
    pub(crate) direction: Direction,
    pub(crate) step: i64,
    pub(crate) state: State,
    pub(crate) digest: String,
    pub(crate) picture: Option<String>,
    pub(crate) session: SessionId,
    pub(crate) runner: String,
}

/// The step number of the row that says that the file was begun.
const OPENED: i64 = -1;
/// The version of the row that says that the first installation is under way.
const INSTALLATION: i64 = -1;

impl Direction {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
        }
    }
}

impl State {
    const fn name(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Started => "started",
            Self::Done => "done",
        }
    }
}

const ALL: &str = "SELECT version, direction, step, state, digest, picture, session_id, \
                   session_since, runner FROM _migrate_journal ORDER BY version, step";

const KINDS: [Kind; 9] = [
    Kind::Int,
    Kind::Text,
    Kind::Int,
    Kind::Text,
    Kind::Text,
    Kind::Text,
    Kind::Int,
    Kind::Text,
    Kind::Text,
];

/// As [`read`], while a run is under way: a journal that is not found is a failure, not an empty one.
pub(crate) async fn read_own(backend: &mut dyn Backend) -> Result<Vec<Entry>, Failure> {
    let sql = backend.dialect().question(ALL);
    let rows = backend.read(&sql, &[], &KINDS).await?;
    rows.iter().map(read_entry).collect()
}

/// All entries, in the order in which the steps ran.
pub(crate) async fn read(backend: &mut dyn Backend) -> Result<Vec<Entry>, Failure> {
    let rows = read_if_there(backend, JOURNAL, ALL, &KINDS).await?;
    rows.iter().map(read_entry).collect()
}

/// As [`read`], where the ledger says that a file is half-applied: to whoever may not see the journal it must not
/// look as if another program had left it so.
pub(crate) async fn read_begun(backend: &mut dyn Backend) -> Result<Vec<Entry>, Failure> {
    match read_own(backend).await {
        Err(error) if error.kind != FailureKind::Forbidden => read(backend).await,
        result => result,
    }
}

fn read_entry(row: &Row) -> Result<Entry, Failure> {
    Ok(Entry {
        version: row.int(0)?,
        direction: if row.text(1)? == "down" { Direction::Down } else { Direction::Up },
        step: row.int(2)?,
        state: match row.text(3)? {
            "opened" => State::Opened,
            "done" => State::Done,
            _ => State::Started,
        },
        digest: row.text(4)?.to_owned(),
        picture: row.find_text(5).map(str::to_owned),
        session: SessionId { id: row.int(6)?, since: row.text(7)?.to_owned() },
        runner: row.text(8)?.to_owned(),
    })
}

/// The digests of a file's steps, in the order in which they ran.
pub(crate) fn digests<'e>(entries: impl IntoIterator<Item = &'e Entry>) -> Vec<&'e str> {
    let steps = entries.into_iter().filter(|entry| entry.step > OPENED);
    steps.map(|entry| entry.digest.as_str()).collect()
}

/// A step of a file, as the journal names it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark<'a> {
    pub(crate) version: i64,
    pub(crate) direction: Direction,
    pub(crate) step: i64,
    pub(crate) digest: &'a str,
}

/// The entry of a step, in place of an earlier one.
pub(crate) fn written<'a>(
    mark: Mark<'a>,
    state: State,
    picture: Option<&'a str>,
    session: &SessionId,
) -> [Write<'a>; 2] {
    let [version, direction, step, ..] = entry(mark, state, picture, session);
    let erased = Write::new(
        "DELETE FROM _migrate_journal WHERE version = ? AND direction = ? AND step = ?",
        [version, direction, step],
    );
    let written = Write::new(
        "INSERT INTO _migrate_journal (version, direction, step, state, digest, picture, \
         session_id, session_since, runner) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        entry(mark, state, picture, session),
    );
    [erased, written]
}

/// The first entries of a file, which has none yet: that it was begun, and its first step.
pub(crate) fn opened<'a>(
    mark: Mark<'a>,
    state: State,
    picture: Option<&'a str>,
    session: &SessionId,
) -> Write<'a> {
    let begun = Mark { step: OPENED, digest: "", ..mark };
    let mut values = Vec::from(entry(begun, State::Opened, None, session));
    values.extend(entry(mark, state, picture, session));
    Write::new(
        "INSERT INTO _migrate_journal (version, direction, step, state, digest, picture, \
         session_id, session_since, runner) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?), \
         (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        values,
    )
}

fn entry<'a>(
    mark: Mark<'a>,
    state: State,
    picture: Option<&'a str>,
    session: &SessionId,
) -> [Literal<'a>; 9] {
    [
        mark.version.into(),
        mark.direction.name().into(),
        mark.step.into(),
        state.name().into(),
        mark.digest.into(),
        picture.into(),
        session.id.into(),
        session.since.clone().into(),
        owner::describe().into(),
    ]
}

/// Notes that an empty database is being filled up to this version: until [`installed`], whoever goes on
/// after a failure works on a database that nobody uses yet. What comes later than that version is
/// none of it.
pub(crate) fn installing(session: &SessionId, last: i64) -> [Write<'static>; 2] {
    let last = last.to_string();
    let (version, direction) = (INSTALLATION, Direction::Up);
    let mark = Mark { version, direction, step: OPENED, digest: &last };
    let [.., begun] = written(mark, State::Opened, None, session).map(Write::into_owned);
    [installed(), begun]
}

pub(crate) fn installed() -> Write<'static> {
    cleared(INSTALLATION)
}

/// Up to which version the first installation goes, if one was begun and has not ended; nothing where
/// this user may not look.
pub(crate) async fn find_installation(backend: &mut dyn Backend) -> Result<Option<i64>, Failure> {
    match read(backend).await {
        Err(error) if error.kind == FailureKind::Forbidden => Ok(None),
        entries => {
            let entries = entries?;
            let mark = entries.iter().find(|entry| entry.version == INSTALLATION);
            Ok(mark.and_then(|mark| mark.digest.parse().ok()))
        }
    }
}

/// Removes entries of files that nothing says were begun: somebody has removed their rows by hand.
/// Tells, with the same question, up to which version a first installation goes that has not ended.
pub(crate) async fn sweep(backend: &mut dyn Backend) -> Result<Option<i64>, Failure> {
    let orphans = "_migrate_journal WHERE version NOT IN (SELECT version FROM {applied})";
    let sql = backend.dialect().question(&format!("SELECT version, digest FROM {orphans}"));
    let found = backend.read(&sql, &[], &[Kind::Int, Kind::Text]).await?;
    let is_mark = |row: &&Row| row.int(0).is_ok_and(|version| version == INSTALLATION);
    if found.iter().any(|row| !is_mark(&row)) {
        let sql = format!("DELETE FROM {orphans} AND version <> {INSTALLATION}");
        let sql = backend.dialect().name(&sql);
        backend.run(&sql).await?;
    }
    let mark = found.iter().find(is_mark).and_then(|row| row.find_text(1));
    Ok(mark.and_then(|last| last.parse().ok()))
}

/// Confirms an announced step. One statement: nothing may lose the announcement in between.
pub(crate) fn confirmed(mark: Mark<'_>) -> Write<'_> {
    Write::new(
        "UPDATE _migrate_journal SET state = ? WHERE version = ? AND direction = ? AND step = ?",
        [
            State::Done.name().into(),
            mark.version.into(),
            mark.direction.name().into(),
            mark.step.into(),
        ],
    )
}

/// Removes the entry of a step.
pub(crate) fn erased(mark: Mark<'_>) -> Write<'_> {
    Write::new(
        "DELETE FROM _migrate_journal WHERE version = ? AND direction = ? AND step = ?",
        [mark.version.into(), mark.direction.name().into(), mark.step.into()],
    )
}

/// Removes all entries of a file that is finished or undone.
pub(crate) fn cleared(version: i64) -> Write<'static> {
    Write::new("DELETE FROM _migrate_journal WHERE version = ?", [version.into()])
}

//! The tables that say what is applied: sqlx's own, and what this runner knows beyond it.

mod squashed;

use std::collections::BTreeMap;

use time::OffsetDateTime;

use crate::backend::{
    Backend, Failure, FailureKind, Kind, REVISIONS, Row, Value, Write, closing, tables,
};
use crate::history::{Phase, Revision};
use crate::{Engine, journal};
pub(crate) use squashed::{Merge, merged, noted};

/// A row of `_sqlx_migrations`.
#[derive(Clone, Debug)]
pub(crate) struct AppliedRow {
    pub(crate) version: i64,
    pub(crate) description: String,
    pub(crate) success: bool,
    pub(crate) checksum: Vec<u8>,
    pub(crate) installed_on: Option<OffsetDateTime>,
}

/// What this runner recorded about an applied revision, for programs that do not know its file.
#[derive(Clone, Debug)]
pub(crate) struct Recorded {
    pub(crate) version: i64,
    pub(crate) name: String,
    pub(crate) is_contract: bool,
    pub(crate) floor: i64,
    /// The baseline into whose row that of this revision went.
    pub(crate) baseline: Option<i64>,
    pub(crate) outline: Vec<u8>,
    pub(crate) down: Option<(String, String)>,
}

/// Where the database stands.
#[derive(Clone, Debug, Default)]
pub(crate) struct Standing {
    rows: BTreeMap<i64, AppliedRow>,
    /// Baselines that count as applied because all that they stand for is.
    merges: Vec<Merge>,
    /// Squashed revisions that count as applied because their baseline is, which is named beside them.
    merged: BTreeMap<i64, i64>,
}

impl Standing {
    /// A database in which these are said to be applied.
    pub(crate) fn assumed(versions: impl IntoIterator<Item = i64>) -> Self {
        let row = |version| AppliedRow {
            version,
            description: String::new(),
            success: true,
            checksum: Vec::new(),
            installed_on: None,
        };
        let rows = versions.into_iter().map(|version| (version, row(version))).collect();
        Self { rows, ..Self::default() }
    }

    /// As it stands once half-applied files are finished: those that go up are applied, the others gone.
    pub(crate) fn finished(&self, goes_up: impl Fn(i64) -> bool) -> Self {
        let mut finished = self.clone();
        finished.rows.retain(|version, row| row.success || goes_up(*version));
        for row in finished.rows.values_mut() {
            row.success = true;
        }
        finished
    }

    pub(crate) fn rows(&self) -> impl DoubleEndedIterator<Item = &AppliedRow> {
        self.rows.values()
    }

    pub(crate) fn find(&self, version: i64) -> Option<&AppliedRow> {
        self.rows.get(&version)
    }

    /// Whether the revision is applied, all of it.
    pub(crate) fn has(&self, version: i64) -> bool {
        self.rows.get(&version).is_some_and(|row| row.success)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The versions of half-applied files, oldest first.
    pub(crate) fn interrupted(&self) -> Vec<i64> {
        self.rows.values().filter(|row| !row.success).map(|row| row.version).collect()
    }
}

/// Reads where the database stands; a database without the table is one with nothing applied.
pub(crate) async fn read(backend: &mut dyn Backend) -> Result<Standing, Failure> {
    let sql = "SELECT version, description, success, checksum, installed_on \
               FROM {applied} ORDER BY version";
    let kinds = [Kind::Int, Kind::Text, Kind::Bool, Kind::Bytes, Kind::Time];
    let table = backend.dialect().applied.clone();
    let rows = read_if_there(backend, &table, sql, &kinds).await?;
    let rows = rows.iter().map(|row| applied(row).map(|row| (row.version, row)));
    Ok(Standing { rows: rows.collect::<Result<_, _>>()?, ..Standing::default() })
}

fn applied(row: &Row) -> Result<AppliedRow, Failure> {
    Ok(AppliedRow {
        version: row.int(0)?,
        description: row.text(1)?.to_owned(),
        success: row.bool(2)?,
        checksum: row.bytes(3)?.to_vec(),
        installed_on: row.find_time(4),
    })
}

/// Reads what was recorded about applied revisions; nothing where sqlx applied them.
pub(crate) async fn recorded(backend: &mut dyn Backend) -> Result<Vec<Recorded>, Failure> {
    let sql = "SELECT version, name, phase, floor, outline, down_file, down_script \
               FROM _migrate_revisions ORDER BY version";
    let kinds = [Kind::Int, Kind::Text, Kind::Text, Kind::Int, Kind::Bytes, Kind::Text, Kind::Text];
    let rows = read_if_there(backend, REVISIONS, sql, &kinds).await?;
    rows.iter().map(record).collect()
}

fn record(row: &Row) -> Result<Recorded, Failure> {
    let down = row.find_text(5).zip(row.find_text(6));
    Ok(Recorded {
        version: row.int(0)?,
        name: row.text(1)?.to_owned(),
        is_contract: row.text(2)? == Phase::Contract.name(),
        floor: row.int(3)?,
        baseline: (row.text(2)? == squashed::PHASE).then(|| row.int(3)).transpose()?,
        outline: row.bytes(4)?.to_vec(),
        down: down.map(|(file, text)| (file.to_owned(), text.to_owned())),
    })
}

/// Reads a table that may not exist yet, asking whether it does only when reading it fails.
pub(crate) async fn read_if_there(
    backend: &mut dyn Backend,
    table: &str,
    sql: &str,
    kinds: &[Kind],
) -> Result<Vec<Row>, Failure> {
    let is_applied = table == backend.dialect().applied;
    let table = &backend.dialect().own(table);
    let sql = &backend.dialect().question(sql);
    match backend.read(sql, &[], kinds).await {
        // MySQL says this of a missing table too, and hides one that may not be read: whoever cannot
        // see what is applied must not be told that nothing is.
        Err(error) if error.kind == FailureKind::Forbidden && is_applied => Err(error),
        // MySQL: the schema of a qualified name does not exist yet.
        Err(error) if error.is_unknown_schema() && table.contains('.') => Ok(Vec::new()),
        Err(error)
            if matches!(
                error.kind,
                FailureKind::Missing | FailureKind::Statement | FailureKind::Forbidden
            ) =>
        {
            if !backend.has_table(table).await? {
                return Ok(Vec::new());
            }
            // Another runner may have created it between the two questions.
            backend.read(sql, &[], kinds).await
        }
        result => result,
    }
}

/// Creates the tables that are missing, and clears the journal of what nobody can go on with; up to
/// which version a first installation goes that has not ended.
pub(crate) async fn create_tables(
    backend: &mut dyn Backend,
    schemas: &[String],
) -> Result<Option<i64>, Failure> {
    for sql in self::schemas(backend.engine(), schemas) {
        backend.run(&sql).await?;
    }
    for (name, sql) in tables(backend.engine()) {
        let name = backend.dialect().own(name).replace("{applied}", &backend.dialect().applied);
        let sql = backend.dialect().name(sql);
        if !backend.has_table(&name).await? {
            if name == backend.dialect().applied {
                warn_of_another(backend, &name).await?;
            }
            backend.run(&sql).await?;
            if let Some(sql) = closing(backend.engine(), &name) {
                backend.run(&sql).await?;
            }
        }
    }
    journal::sweep(backend).await
}

/// Tells of a ledger in a schema that the session does not look into: its `search_path` may have been another
/// one when that was made. Tenants with a schema each have such tables on purpose.
async fn warn_of_another(backend: &mut dyn Backend, name: &str) -> Result<(), Failure> {
    if backend.engine() != Engine::Postgres {
        return Ok(());
    }
    let sql = "SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
               WHERE c.relkind = 'r' AND c.relname = ? ORDER BY 1";
    let rows = backend.read(sql, &[Value::Text(name)], &[Kind::Text]).await?;
    for row in rows {
        let schema = row.text(0)?;
        tracing::warn!(
            "schema {schema} has a {name} of its own, which the search_path does not reach: what is \
             recorded there counts for nothing here; if it should, name that schema in the search_path of \
             the user, the database or the URL (`?options=-csearch_path={schema}`)"
        );
    }
    Ok(())
}

/// The statements that make these schemas where they are missing.
pub(crate) fn schemas(engine: Engine, schemas: &[String]) -> impl Iterator<Item = String> {
    let has_own = engine == Engine::Sqlite;
    let missing = schemas.iter().filter(move |schema| !(has_own && is_own_schema(schema)));
    missing.map(|schema| format!("CREATE SCHEMA IF NOT EXISTS {schema}"))
}

/// Whether every `SQLite` connection has a schema of this name.
pub(crate) fn is_own_schema(name: &str) -> bool {
    ["main", "temp"].iter().any(|own| name.trim_matches('"').eq_ignore_ascii_case(own))
}

/// The row of an applied file, as sqlx writes it.
pub(crate) fn inserted(revision: &Revision, success: bool, execution_time: i64) -> Write<'static> {
    Write::new(
        "INSERT INTO {applied} \
         (version, description, success, checksum, execution_time) VALUES (?, ?, ?, ?, ?)",
        [
            revision.version.into(),
            revision.description().into(),
            success.into(),
            revision.checksum().into(),
            execution_time.into(),
        ],
    )
}

/// Turns the row of a half-applied file into that of an applied one.
pub(crate) fn completed(revision: &Revision, execution_time: i64) -> Write<'static> {
    Write::new(
        "UPDATE {applied} SET success = ?, checksum = ?, description = ?, \
         execution_time = ? WHERE version = ?",
        [
            true.into(),
            revision.checksum().into(),
            revision.description().into(),
            execution_time.into(),
            revision.version.into(),
        ],
    )
}

/// Takes over the checksum of a file that has been changed.
pub(crate) fn rechecked(revision: &Revision) -> Write<'static> {
    Write::new(
        "UPDATE {applied} SET checksum = ? WHERE version = ?",
        [revision.checksum().into(), revision.version.into()],
    )
}

pub(crate) fn marked(version: i64, success: bool) -> Write<'static> {
    Write::new(
        "UPDATE {applied} SET success = ? WHERE version = ?",
        [success.into(), version.into()],
    )
}

pub(crate) fn deleted(version: i64) -> Write<'static> {
    Write::new("DELETE FROM {applied} WHERE version = ?", [version.into()])
}

/// Records what programs without this revision's file will have to know.
///
/// A baseline is an expand revision that may have a floor: that of the contract revisions in it.
pub(crate) fn remembered(revision: &Revision) -> Write<'_> {
    let (down, directives) = (revision.down.as_ref(), &revision.directives);
    let phase = if directives.floor.is_some() { Phase::Contract } else { directives.phase };
    Write::new(
        "{replace} INTO _migrate_revisions \
         (version, name, phase, floor, outline, down_file, down_script) \
         VALUES (?, ?, ?, ?, ?, ?, ?){instead}",
        [
            revision.version.into(),
            revision.name.as_str().into(),
            phase.name().into(),
            directives.floor.unwrap_or(revision.version).into(),
            revision.up.outline().into(),
            down.map(|down| down.file.as_str()).into(),
            down.map(|down| down.text.as_ref()).into(),
        ],
    )
}

pub(crate) fn forgotten(version: i64) -> Write<'static> {
    Write::new("DELETE FROM _migrate_revisions WHERE version = ?", [version.into()])
}

use super::name;
use crate::backend::{Backend, Failure, Kind};
use crate::{Engine, Error};

/// How texts sort and compare where a table does not say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Collation {
    /// As in the target.
    OfTarget,
    /// On `MySQL` and `MariaDB` otherwise than in the target: tables that say nothing stand out.
    Another,
}

/// What a scratch database has of its target.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Likeness {
    pub(crate) collation: Collation,
    /// Whether names without a schema mean the same in both. A baseline is to make the same wherever it runs, so that
    /// those who write one want to see what they mean by default.
    pub(crate) has_search_path: bool,
}

/// What `CREATE DATABASE` has to say so that texts sort and compare as they are to.
pub(super) async fn properties(
    backend: &mut dyn Backend,
    collation: Collation,
) -> Result<String, Failure> {
    let sql = match backend.engine() {
        Engine::Sqlite => return Ok(String::new()),
        Engine::MySql | Engine::MariaDb if collation == Collation::Another => {
            "SELECT CAST(CONCAT(' CHARACTER SET ', @@character_set_database, ' COLLATE ', \
             @@character_set_database, IF(@@collation_database LIKE '%_bin', '_general_ci', '_bin')) \
             AS CHAR(200))"
        }
        Engine::MySql | Engine::MariaDb => {
            "SELECT CAST(CONCAT(' CHARACTER SET ', @@character_set_database, ' COLLATE ', \
             @@collation_database) AS CHAR(200))"
        }
        Engine::Postgres => {
            include_str!("postgres/properties.sql")
        }
    };
    let rows = backend.read(sql, &[], &[Kind::Text]).await?;
    let row = rows.first().ok_or_else(|| Failure::shape(0))?;
    Ok(row.text(0)?.to_owned())
}

/// Where `PostgreSQL` looks for names without a schema, if not where it does by default.
#[derive(Clone, Debug)]
pub(super) struct SearchPath {
    setting: String,
    /// The schemas of it that are there, in quotes.
    schemas: Vec<String>,
}

impl SearchPath {
    /// What makes it that of a database.
    pub(super) fn statements(&self, database: &str) -> Vec<String> {
        let schemas = self.schemas.iter();
        let made = schemas.map(|schema| format!("CREATE SCHEMA IF NOT EXISTS {schema}"));
        let set = format!("ALTER DATABASE {database} SET search_path = {}", self.setting);
        made.chain([set]).collect()
    }
}

/// That of a session with the target.
pub(super) async fn search_path(backend: &mut dyn Backend) -> Result<Option<SearchPath>, Failure> {
    if backend.engine() != Engine::Postgres {
        return Ok(None);
    }
    let sql = "SELECT current_setting('search_path'), quote_ident(s.name)
        FROM (SELECT NULL AS name UNION ALL SELECT unnest(current_schemas(false))) s";
    let rows = backend.read(sql, &[], &[Kind::Text, Kind::Text]).await?;
    let setting = rows.first().and_then(|row| row.find_text(0)).unwrap_or_default().to_owned();
    let schemas = rows.iter().filter_map(|row| row.find_text(1)).map(str::to_owned);
    let schemas: Vec<String> = schemas.collect();
    let is_usual = setting == "\"$user\", public" && schemas.iter().all(|name| name == "public");
    Ok((!is_usual).then_some(SearchPath { setting, schemas }))
}

/// Drops what killed runs left behind; whatever cannot be dropped is somebody else's to drop.
pub(super) async fn sweep(backend: &mut dyn Backend) {
    let sql = match backend.engine() {
        Engine::Sqlite => return,
        Engine::MySql | Engine::MariaDb => {
            "SELECT CAST(schema_name AS CHAR(255)) FROM information_schema.schemata"
        }
        Engine::Postgres => "SELECT datname::text FROM pg_database",
    };
    let Ok(rows) = backend.read(sql, &[], &[Kind::Text]).await else { return };
    for name in rows.iter().filter_map(|row| row.find_text(0)).filter(|name| name::is_stale(name)) {
        // Made of letters, digits and underscores by `name::new`, or of none of our making.
        if name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            let _ = backend.run(&format!("DROP DATABASE IF EXISTS {name}")).await;
        }
    }
}

/// `PostgreSQL` 42501; `MySQL` and `MariaDB` 1044, 1142 and 1227 say that a right is missing.
pub(super) fn refused(failure: Failure) -> Error {
    let is_right = matches!(failure.code.as_deref(), Some("42501" | "1044" | "1142" | "1227"));
    if !is_right {
        return failure.while_doing("a scratch database was created");
    }
    let message = format!(
        "a scratch database is needed to replay the revisions, and this user may not create one: \
         {failure}; set SCRATCH_DATABASE_URL to a server of the same engine and version with a user \
         who may create databases, or give this user the right"
    );
    Error::usage("SCRATCH_REQUIRED", message)
}

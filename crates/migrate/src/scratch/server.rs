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

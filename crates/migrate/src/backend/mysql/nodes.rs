//! Sessions on whichever node of a Galera cluster they are.
//!
//! A node is told by `wsrep_gcomm_uuid`, which it gets anew with every start. A node that the cluster
//! does not count any more can commit nothing, so its sessions are gone.

use std::time::Duration;

use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, MySqlConnection, Row as _};

use super::super::{Backend, Failure, Kind, SessionId};
use super::{MySql, failure};

/// How long a node may take to answer.
const PATIENCE: Duration = Duration::from_secs(3);

/// What a session does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Activity {
    Gone,
    Idle,
    Working,
}

/// What tells this node from all others, and from itself before its last start.
pub(super) async fn own(mysql: &mut MySql) -> Result<String, Failure> {
    status(mysql, "wsrep_gcomm_uuid").await
}

async fn status(mysql: &mut MySql, name: &str) -> Result<String, Failure> {
    let sql = format!("SHOW GLOBAL STATUS LIKE '{name}'");
    let rows = mysql.read(&sql, &[], &[Kind::Text, Kind::Text]).await?;
    Ok(rows.first().and_then(|row| row.find_text(1)).unwrap_or_default().to_owned())
}

pub(super) async fn activity(mysql: &mut MySql, session: &SessionId) -> Result<Activity, Failure> {
    let Some(mut node) = connect(mysql, session).await? else { return Ok(Activity::Gone) };
    let sql = format!(
        "SELECT CAST(command AS CHAR) FROM information_schema.processlist WHERE id = {}",
        session.id
    );
    let found = sqlx::raw_sql(AssertSqlSafe(sql)).fetch_optional(&mut node).await;
    // The server ends the session in any case.
    let _ = node.close().await;
    let found = found.map_err(|error| failure(&error))?;
    Ok(match found.map(|row| row.try_get::<String, _>(0)) {
        None => Activity::Gone,
        Some(Ok(command)) if command == "Sleep" => Activity::Idle,
        Some(_) => Activity::Working,
    })
}

/// Asks the session's node to end it.
pub(super) async fn end(mysql: &mut MySql, session: &SessionId) -> Result<(), Failure> {
    let Some(mut node) = connect(mysql, session).await? else { return Ok(()) };
    let sql = AssertSqlSafe(format!("KILL {}", session.id));
    // It may have ended by itself in the meantime.
    if let Err(error) = sqlx::raw_sql(sql).execute(&mut node).await {
        tracing::debug!(%error, "a session was not ended");
    }
    let _ = node.close().await;
    Ok(())
}

/// A connection to the session's node, if the cluster has it still and it answers.
async fn connect(
    mysql: &mut MySql,
    session: &SessionId,
) -> Result<Option<MySqlConnection>, Failure> {
    if session.since.is_empty() {
        return Ok(None);
    }
    let addresses = status(mysql, "wsrep_incoming_addresses").await?;
    let mut unreachable = false;
    for address in addresses.split(',') {
        let Some((host, port)) = address.rsplit_once(':') else { continue };
        let Ok(port) = port.parse() else { continue };
        let options = mysql.options.clone().host(host.trim_matches(['[', ']'])).port(port);
        match tokio::time::timeout(PATIENCE, named(&options)).await {
            Ok(Ok((node, name))) if name == session.since => return Ok(Some(node)),
            Ok(Ok((node, _))) => drop(node),
            Ok(Err(_)) | Err(_) => unreachable = true,
        }
    }
    if unreachable {
        tracing::warn!(%addresses, "some nodes cannot be reached: a session there is taken as ended");
    }
    Ok(None)
}

async fn named(
    options: &sqlx::mysql::MySqlConnectOptions,
) -> Result<(MySqlConnection, String), sqlx::Error> {
    let mut node = options.connect().await?;
    let sql = "SHOW GLOBAL STATUS LIKE 'wsrep_gcomm_uuid'";
    let name = sqlx::raw_sql(sql).fetch_one(&mut node).await?.try_get(1)?;
    Ok((node, name))
}

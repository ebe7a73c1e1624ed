use std::time::Duration;

use super::super::lock_key::lock_key;
use super::super::{Backend, Failure, FailureKind, Holder, Kind, Lock, Row, SessionId, Value};
use super::{MySql, lease, nodes, transactions};
use crate::Engine;
use crate::statement::Object;

/// The name of sqlx's own lock.
async fn own_name(mysql: &mut MySql) -> Result<String, Failure> {
    if let Some(name) = &mysql.lock_name {
        return Ok(name.clone());
    }
    let rows = mysql.read("SELECT DATABASE()", &[], &[Kind::Text]).await?;
    let database = rows.first().and_then(|row| row.find_text(0)).unwrap_or_default();
    // A file may say USE before the lock is given back.
    Ok(mysql.lock_name.insert(format!("{:x}", lock_key(database))).clone())
}

/// Whether this is a node of a Galera cluster: there `GET_LOCK` is taken on every node at once.
pub(super) async fn is_cluster(mysql: &mut MySql) -> Result<bool, Failure> {
    if let Some(known) = mysql.is_cluster {
        return Ok(known);
    }
    let sql = "SHOW GLOBAL VARIABLES LIKE 'wsrep_on'";
    let rows = mysql.read(sql, &[], &[Kind::Text, Kind::Text]).await?;
    let is_on = rows.first().and_then(|row| row.find_text(1)) == Some("ON");
    mysql.is_cluster = Some(is_on);
    Ok(is_on)
}

/// On a cluster the lease, and this node's lock as well: it keeps sqlx out.
pub(super) async fn try_lock(mysql: &mut MySql) -> Result<Lock, Failure> {
    if !is_cluster(mysql).await? {
        return try_own(mysql).await;
    }
    match try_own(mysql).await {
        Ok(Lock::Held(holder)) => return Ok(Lock::Held(holder)),
        Err(error) if error.kind == FailureKind::Lost => return Err(error),
        // Percona's strict mode forbids it.
        Ok(Lock::Taken) | Err(_) => {}
    }
    match lease::take(mysql).await {
        Ok(Lock::Taken) => Ok(Lock::Taken),
        other => {
            release_own(mysql).await?;
            other
        }
    }
}

async fn try_own(mysql: &mut MySql) -> Result<Lock, Failure> {
    let name = own_name(mysql).await?;
    // Never -1: MariaDB takes no lock at all then. NULL and 0 both mean that it was not had.
    let sql = "SELECT CAST(COALESCE(GET_LOCK(?, 0), 0) AS SIGNED)";
    let rows = mysql.read(sql, &[Value::Text(&name)], &[Kind::Int]).await?;
    match rows.first().map(|row| row.int(0)).transpose()? {
        Some(1) => Ok(Lock::Taken),
        _ => Ok(Lock::Held(holder(mysql, &name).await?)),
    }
}

pub(super) async fn unlock(mysql: &mut MySql) -> Result<(), Failure> {
    lease::release(mysql).await?;
    release_own(mysql).await
}

async fn release_own(mysql: &mut MySql) -> Result<(), Failure> {
    let name = own_name(mysql).await?;
    mysql.write("DO RELEASE_LOCK(?)", &[Value::Text(&name)]).await
}

async fn holder(mysql: &mut MySql, name: &str) -> Result<Holder, Failure> {
    let sql = "SELECT CAST(IS_USED_LOCK(?) AS SIGNED)";
    let rows = mysql.read(sql, &[Value::Text(name)], &[Kind::Int]).await?;
    let Some(id) = rows.first().and_then(|row| row.int(0).ok()) else {
        return Ok(Holder::default());
    };
    let sql = "SELECT CAST(id AS SIGNED), CAST(user AS CHAR), CAST(host AS CHAR), \
               CAST(time AS CHAR), CAST(LEFT(info, 120) AS BINARY) \
               FROM information_schema.processlist WHERE id = ?";
    let unknown = Holder { session: Some(format!("connection {id}")), ..Holder::default() };
    match mysql.read(sql, &[Value::Int(id)], &COLUMNS).await {
        // Other users' sessions are shown only to those with the right PROCESS.
        Ok(rows) => Ok(rows.first().map_or(unknown, named)),
        Err(error) if error.kind == FailureKind::Lost => Err(error),
        Err(_) => Ok(unknown),
    }
}

/// The running statement is read as bytes: it may hold a checksum, which no character set takes.
const COLUMNS: [Kind; 5] = [Kind::Int, Kind::Text, Kind::Text, Kind::Text, Kind::Bytes];

fn named(row: &Row) -> Holder {
    let text = |column| row.find_text(column).filter(|text| !text.is_empty()).map(str::to_owned);
    Holder {
        session: row.int(0).ok().map(|id| format!("connection {id}")),
        application: None,
        user: text(1),
        host: text(2),
        since: text(3).map(|seconds| format!("{seconds}s ago")),
        doing: row.bytes(4).ok().map(|sql| String::from_utf8_lossy(sql).into_owned()),
    }
}

/// When the server started: connection numbers begin again with every start.
async fn server_start(mysql: &mut MySql) -> Result<i64, Failure> {
    let schema = match mysql.engine() {
        Engine::MariaDb => "information_schema",
        Engine::MySql | Engine::Sqlite | Engine::Postgres => "performance_schema",
    };
    let sql = format!(
        "SELECT CAST(UNIX_TIMESTAMP() - variable_value AS SIGNED) FROM {schema}.global_status \
         WHERE variable_name = 'Uptime'"
    );
    match mysql.read(&sql, &[], &[Kind::Int]).await {
        Ok(rows) => rows.first().map_or(Ok(0), |row| row.int(0)),
        Err(error) if error.kind == FailureKind::Lost => Err(error),
        // Without the right to read it, the number alone has to do.
        Err(_) => Ok(0),
    }
}

pub(super) async fn session(mysql: &mut MySql) -> Result<SessionId, Failure> {
    if mysql.session.since.is_empty() {
        let since = if is_cluster(mysql).await? {
            nodes::own(mysql).await?
        } else {
            server_start(mysql).await?.to_string()
        };
        mysql.session.since = since;
    }
    Ok(mysql.session.clone())
}

pub(super) async fn has_session(mysql: &mut MySql, session: &SessionId) -> Result<bool, Failure> {
    if is_cluster(mysql).await? {
        let is_own = *session == self::session(mysql).await?;
        return Ok(!is_own && nodes::activity(mysql, session).await? != nodes::Activity::Gone);
    }
    let start = server_start(mysql).await?;
    // The difference of two clocks read one after the other may be off by a second or two.
    let is_same_server = session.since.parse::<i64>().is_ok_and(|since| since.abs_diff(start) <= 2);
    if !is_same_server || session.id == mysql.session.id {
        return Ok(false);
    }
    is_connected(mysql, session.id).await
}

/// How often the processes are asked for, and the time between, while the server cannot show them.
const ATTEMPTS: usize = 100;
const UNSHOWN: &str = "3854";
const PAUSE: Duration = Duration::from_millis(50);

/// Whether the server has a connection of this number.
///
/// `MySQL` shows no process at all while another one's statement holds bytes that are no text (3854), as a
/// prepared one with a binary value does. Who may ask `performance_schema` is told nevertheless.
async fn is_connected(mysql: &mut MySql, id: i64) -> Result<bool, Failure> {
    let known = "SELECT CAST(id AS SIGNED) FROM information_schema.processlist WHERE id = ?";
    let threads = "SELECT CAST(processlist_id AS SIGNED) FROM performance_schema.threads WHERE processlist_id = ?";
    let mut attempts = 0;
    loop {
        let failed = match mysql.read(known, &[Value::Int(id)], &[Kind::Int]).await {
            Ok(rows) => return Ok(!rows.is_empty()),
            Err(failed) => failed,
        };
        attempts += 1;
        if failed.code.as_deref() != Some(UNSHOWN) || attempts == ATTEMPTS {
            return Err(failed);
        }
        match mysql.read(threads, &[Value::Int(id)], &[Kind::Int]).await {
            Ok(rows) => return Ok(!rows.is_empty()),
            Err(error) if error.kind == FailureKind::Lost => return Err(error),
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
}

/// Who holds one of the tables; where the server does not tell, the oldest open transaction.
pub(super) async fn blockers(
    mysql: &mut MySql,
    objects: &[Object],
) -> Result<Option<String>, Failure> {
    for object in objects {
        let holder = table_holder(mysql, &object.name).await?;
        if holder.is_some() {
            return Ok(holder);
        }
    }
    let sql = processes("information_schema.innodb_trx t", "t.trx_mysql_thread_id");
    told(mysql, &format!("{sql} ORDER BY t.trx_started LIMIT 1"), &[]).await
}

/// Whoever has a metadata lock on the table. MySQL tells it to those who may read `performance_schema`,
/// MariaDB where the plugin `metadata_lock_info` is installed.
async fn table_holder(mysql: &mut MySql, table: &str) -> Result<Option<String>, Failure> {
    let (schema, name) = transactions::parts(table);
    let (locks, thread) = match mysql.engine() {
        Engine::MariaDb => ("information_schema.metadata_lock_info t", "t.thread_id"),
        Engine::MySql | Engine::Sqlite | Engine::Postgres => (
            "(SELECT h.processlist_id AS thread_id, m.object_schema AS table_schema, \
             m.object_name AS table_name FROM performance_schema.metadata_locks m \
             JOIN performance_schema.threads h ON h.thread_id = m.owner_thread_id \
             WHERE m.object_type = 'TABLE' AND m.lock_status = 'GRANTED') t",
            "t.thread_id",
        ),
    };
    let sql = format!(
        "{} AND t.table_schema = COALESCE(NULLIF(?, ''), DATABASE()) AND t.table_name = ? \
         ORDER BY p.time DESC LIMIT 1",
        processes(locks, thread)
    );
    told(mysql, &sql, &[Value::Text(&schema), Value::Text(&name)]).await
}

/// The processes of others that stand in a table `t` of the catalog.
fn processes(table: &str, thread: &str) -> String {
    format!(
        "SELECT CAST(p.id AS SIGNED), CAST(p.user AS CHAR), CAST(p.host AS CHAR), \
         CAST(p.time AS CHAR), CAST(LEFT(p.info, 120) AS BINARY) \
         FROM {table} JOIN information_schema.processlist p ON p.id = {thread} \
         WHERE p.id <> CONNECTION_ID()"
    )
}

/// The first of them; nobody where the server does not tell.
async fn told(
    mysql: &mut MySql,
    sql: &str,
    values: &[Value<'_>],
) -> Result<Option<String>, Failure> {
    match mysql.read(sql, values, &COLUMNS).await {
        Ok(rows) => Ok(rows.first().map(|row| named(row).to_string())),
        Err(error) if error.kind == FailureKind::Lost => Err(error),
        Err(_) => Ok(None),
    }
}

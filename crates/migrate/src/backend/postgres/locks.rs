use super::super::lock_key::lock_key;
use super::super::{Backend, Failure, Holder, Kind, Lock, Row, SessionId, Value};
use super::Postgres;
use crate::statement::Object;

async fn own_key(postgres: &mut Postgres) -> Result<i64, Failure> {
    let rows = postgres.read("SELECT current_database()::text", &[], &[Kind::Text]).await?;
    Ok(lock_key(rows.first().and_then(|row| row.find_text(0)).unwrap_or_default()))
}

pub(super) async fn try_lock(postgres: &mut Postgres) -> Result<Lock, Failure> {
    let key = own_key(postgres).await?;
    // Never pg_advisory_lock: its snapshot would block CREATE INDEX CONCURRENTLY while it waits.
    let sql = "SELECT pg_try_advisory_lock(?)";
    let rows = postgres.read(sql, &[Value::Int(key)], &[Kind::Bool]).await?;
    match rows.first().map(|row| row.bool(0)).transpose()? {
        Some(true) => Ok(Lock::Taken),
        _ => Ok(Lock::Held(holder(postgres, key).await?)),
    }
}

pub(super) async fn unlock(postgres: &mut Postgres) -> Result<(), Failure> {
    let key = own_key(postgres).await?;
    postgres.write("SELECT pg_advisory_unlock(?)", &[Value::Int(key)]).await
}

async fn holder(postgres: &mut Postgres, key: i64) -> Result<Holder, Failure> {
    // One 64-bit key is shown in two halves, marked by objsubid 1.
    let sql = "SELECT a.pid::bigint, a.application_name::text, a.usename::text, \
               coalesce(host(a.client_addr), 'the server itself'), a.backend_start::text, \
               left(a.query, 120) \
               FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid \
               WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 \
               AND l.classid::bigint = (?::bigint >> 32) & 4294967295 \
               AND l.objid::bigint = ?::bigint & 4294967295 \
               AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    let rows = postgres.read(sql, &[Value::Int(key), Value::Int(key)], &COLUMNS).await?;
    Ok(rows.first().map(named).unwrap_or_default())
}

const COLUMNS: [Kind; 6] = [Kind::Int, Kind::Text, Kind::Text, Kind::Text, Kind::Text, Kind::Text];

fn named(row: &Row) -> Holder {
    let text = |column| row.find_text(column).filter(|text| !text.is_empty()).map(str::to_owned);
    Holder {
        session: row.int(0).ok().map(|pid| format!("server process {pid}")),
        application: text(1),
        user: text(2),
        host: text(3),
        since: text(4),
        doing: text(5),
    }
}

pub(super) async fn session(postgres: &mut Postgres) -> Result<SessionId, Failure> {
    if let Some(session) = &postgres.session {
        return Ok(session.clone());
    }
    let sql = "SELECT pg_backend_pid()::bigint, coalesce((SELECT backend_start::text \
               FROM pg_stat_activity WHERE pid = pg_backend_pid()), '')";
    let rows = postgres.read(sql, &[], &[Kind::Int, Kind::Text]).await?;
    let row = rows.first().ok_or_else(|| Failure::shape(0))?;
    let session = SessionId { id: row.int(0)?, since: row.text(1)?.to_owned() };
    postgres.session = Some(session.clone());
    Ok(session)
}

pub(super) async fn has_session(
    postgres: &mut Postgres,
    session: &SessionId,
) -> Result<bool, Failure> {
    let sql = "SELECT 1::bigint FROM pg_stat_activity WHERE pid = ? AND backend_start::text = ?";
    let values = [Value::Int(session.id), Value::Text(&session.since)];
    Ok(!postgres.read(sql, &values, &[Kind::Int]).await?.is_empty())
}

pub(super) async fn blockers(
    postgres: &mut Postgres,
    objects: &[Object],
) -> Result<Option<String>, Failure> {
    let sql = "SELECT a.pid::bigint, a.application_name::text, a.usename::text, \
               coalesce(host(a.client_addr), 'the server itself'), a.xact_start::text, \
               left(a.query, 120) \
               FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid \
               WHERE l.relation = to_regclass(?) AND l.granted AND l.pid <> pg_backend_pid() \
               ORDER BY a.xact_start LIMIT 1";
    for object in objects {
        let rows = postgres.read(sql, &[Value::Text(&object.name)], &COLUMNS).await?;
        if let Some(row) = rows.first() {
            return Ok(Some(named(row).to_string()));
        }
    }
    Ok(None)
}

//! What happened to users.

use super::Statement;

/// The columns that `decode::event` reads, in its order.
macro_rules! event_columns {
    () => {
        "id, user_id, kind, actor_id, request_id, details, create_time, sequence"
    };
}

pub(crate) static INSERT: Statement = Statement::new(
    "INSERT INTO user_events (id, user_id, kind, actor_id, request_id, details, create_time) \
     VALUES (?, ?, ?, ?, ?, ?, ?)",
);

/// The beginning of [`INSERT`], for many rows.
pub(crate) const INSERT_MANY: &str =
    "INSERT INTO user_events (id, user_id, kind, actor_id, request_id, details, create_time) ";

/// How many events there are of what a user did, and of what was done to them, since a time: the user and
/// the time, twice. Of a busy one not all are counted.
macro_rules! count_recent {
    () => {
        "(SELECT COUNT(*) FROM (SELECT e.id FROM user_events e WHERE e.user_id = ? \
         AND e.create_time >= ? LIMIT 101) own) + (SELECT COUNT(*) FROM (SELECT e.id \
         FROM user_events e WHERE e.actor_id = ? AND e.create_time >= ? LIMIT 101) done)"
    };
}
pub(crate) use count_recent;

pub(crate) static COUNT_RECENT: Statement = Statement::new(concat!("SELECT ", count_recent!()));
/// Whether anything ever happened to a user of this id.
pub(crate) static HAS_TRAIL: Statement =
    Statement::new("SELECT COUNT(*) FROM (SELECT id FROM user_events WHERE user_id = ? LIMIT 1) e");

/// The beginning of the same for many users.
pub(crate) const FIND_TRAILS: &str = "SELECT DISTINCT user_id FROM user_events WHERE user_id IN ";

pub(crate) static LIST: Statement = Statement::new(concat!(
    "SELECT ",
    event_columns!(),
    " FROM user_events WHERE user_id = ? AND create_time <= ? AND (create_time < ? OR id < ?) \
     ORDER BY create_time DESC, id DESC LIMIT ?"
));

pub(crate) static LIST_NUMBERED: Statement = Statement::new(concat!(
    "SELECT ",
    event_columns!(),
    " FROM user_events WHERE sequence > ? ORDER BY sequence LIMIT ?"
));

pub(crate) static FIND_UNNUMBERED: Statement = Statement::new(
    "SELECT id FROM user_events WHERE sequence IS NULL ORDER BY create_time, id LIMIT ?",
);

pub(crate) static NUMBER: Statement =
    Statement::new("UPDATE user_events SET sequence = ? WHERE id = ? AND sequence IS NULL");

pub(crate) static FIND_LAST_NUMBER: Statement =
    Statement::new("SELECT revision FROM guards WHERE name = 'events'");

/// Held by whoever gives numbers, so that one does at a time and numbers are committed in order.
pub(crate) static LOCK_LAST_NUMBER: Statement =
    Statement::new("SELECT revision FROM guards WHERE name = 'events' FOR UPDATE");

/// Written in the same transaction: on a Galera cluster, whose nodes do not see each other's locks,
/// the second of two that give numbers at once fails here.
pub(crate) static SET_LAST_NUMBER: Statement =
    Statement::new("UPDATE guards SET revision = ? WHERE name = 'events'");

pub(crate) static INSERT_LAST_NUMBER: Statement =
    Statement::new("INSERT INTO guards (name, revision) VALUES ('events', 0)");

pub(crate) static FIND_RELAYED: Statement =
    Statement::new("SELECT revision FROM guards WHERE name = 'relay'");

pub(crate) static INSERT_RELAYED: Statement =
    Statement::new("INSERT INTO guards (name, revision) VALUES ('relay', 0)");

/// Never back, whoever notes late.
pub(crate) static SET_RELAYED: Statement =
    Statement::new("UPDATE guards SET revision = ? WHERE name = 'relay' AND revision < ?");

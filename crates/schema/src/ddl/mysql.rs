//! `MySQL` and `MariaDB`: every table is changed once, with all that is to change in it.
//!
//! The text takes any `sql_mode` but `NO_BACKSLASH_ESCAPES`, a connection in utf8mb4, a database with the
//! collation of the schema that was read, and `InnoDB` as the engine of tables that name none. Where both
//! servers take the same words, these are written: `DROP CONSTRAINT` and not `DROP CHECK`, `json`, types
//! without a width.

mod alter;
mod blocked;
mod clause;
mod column;
mod definitions;
mod dependents;
mod early;
mod fill;
mod loss;
mod mode;
mod online;
mod options;
mod order;
mod parts;
mod places;
mod plan;
mod rename;
mod sequences;
mod table;
mod text;
mod types;
mod words;

use self::plan::Plan;
use super::{Script, Style};
use crate::difference::Difference;

/// One script: no statement of these servers can be in a transaction with another.
pub(super) fn scripts(difference: &Difference, back: &Difference, style: Style) -> Vec<Script> {
    if difference.is_empty() {
        return Vec::new();
    }
    let (mut up, down) = (Plan::of(difference).statements(), Plan::of(back).statements());
    if style.online {
        up.iter_mut().for_each(online::without_lock);
    }
    vec![Script { purpose: None, no_transaction: false, up, down }]
}

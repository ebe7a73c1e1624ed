//! A difference as SQL, for the engine that both schemas are of.
//!
//! Each engine orders and writes the statements in its own way: `PostgreSQL` alters each thing on its
//! own inside one transaction, `MySQL` and `MariaDB` change a table once with all that is to change in it,
//! `SQLite` changes in place what it can and rebuilds the table otherwise.

mod mysql;
mod postgres;
mod sqlite;

pub use postgres::{faithful, settled};

use crate::difference::Difference;
use crate::model::{Dialect, Kind, Name};

/// How the statements are to be written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// Without long locks, where that takes statements of another kind, and files of their own:
    /// `CONCURRENTLY`, `NOT VALID` and `VALIDATE` on `PostgreSQL`; `LOCK = NONE` on `MySQL` and `MariaDB`, which
    /// refuse what would keep writers out.
    pub online: bool,
}

/// The statements of one revision.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Script {
    /// What a file of its own is for, in a few words for its name: `validate_orders_user_id_fkey`; none
    /// for what belongs into the revision that was asked for.
    pub purpose: Option<String>,
    /// Whether its files begin with `-- no-transaction`.
    pub no_transaction: bool,
    /// What makes the change, in order.
    pub up: Vec<Statement>,
    /// What takes it back, in order.
    pub down: Vec<Statement>,
}

/// One statement of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The SQL without a semicolon; a rebuilt table of `SQLite` takes several statements.
    pub sql: String,
    /// What happens, in the words of a summary: `add column`, `drop table`, `rebuild table`.
    pub change: &'static str,
    /// What it happens to.
    pub kind: Kind,
    /// The name of that; of a column, constraint or index that of its table with its own: `users.email`.
    pub object: Name,
    /// What is lost of the data, for people; `None` if nothing is.
    pub loses: Option<String>,
}

/// The statements that make `difference.to` of what is there, and those that take it back.
///
/// The way back is `back`, the difference the other way round. Empty if nothing differs.
#[must_use]
pub fn scripts(difference: &Difference, back: &Difference, style: Style) -> Vec<Script> {
    match difference.to.dialect {
        Dialect::Sqlite => sqlite::scripts(difference, back, style),
        Dialect::MySql | Dialect::MariaDb => mysql::scripts(difference, back, style),
        Dialect::Postgres => postgres::scripts(difference, back, style),
    }
}

/// A statement on the way up that gives a policy or another such thing its old text, in which renamed tables and
/// columns may be taken for others; none of `scripts` may be run then.
#[must_use]
pub fn untold<'s>(
    difference: &Difference,
    back: &Difference,
    scripts: &'s [Script],
) -> Option<&'s Statement> {
    let is_postgres = difference.to.dialect == Dialect::Postgres;
    is_postgres.then(|| postgres::untold(difference, back, scripts)).flatten()
}

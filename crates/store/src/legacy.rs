//! The tables of the predecessor, a Flask backend on `SQLAlchemy`: read as text, before any rule of ours.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use zeroize::Zeroize as _;

use crate::StoreError;
use crate::engine::{Connection, MySql, Postgres, Sqlite};
use crate::error::ConnectError;
use crate::snapshot;
use crate::url::{DatabaseUrl, Scheme};

mod column;
mod read;

pub use column::LegacyColumn;

/// The predecessor's database as it stood when it was opened: one transaction that only reads, so that
/// what is written there meanwhile is not seen. It ends when the value is dropped.
pub struct LegacySource {
    backend: Backend,
}

enum Backend {
    Sqlite(Connection<Sqlite>),
    MySql(Connection<MySql>),
    Postgres(Connection<Postgres>),
}

/// Why the predecessor's database was not opened or read.
#[derive(Debug, thiserror::Error)]
pub enum LegacyError {
    /// The URL can never work.
    #[error(transparent)]
    Url(#[from] ConnectError),
    /// The URL names a file of `SQLite` that is not there.
    #[error("there is no file {}: look whether the path is right", .0.display())]
    NoFile(PathBuf),
    /// The database did not do its part; [`StoreError::Internal`] when it lacks the tables.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How many rows there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the tables of the predecessor")]
pub struct LegacyCounts {
    pub users: u64,
    pub artisans: u64,
    pub buyers: u64,
    pub addresses: u64,
}

/// A user with what belongs to it: a text for each column, none for NULL and for a row that is not
/// there. Wiped from memory when dropped, since it holds a password in plain text.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct LegacyUser {
    values: Vec<Option<String>>,
}

impl LegacyUser {
    /// The text of a column.
    #[must_use]
    pub fn get(&self, column: LegacyColumn) -> Option<&str> {
        self.values.get(column as usize)?.as_deref()
    }

    /// The text of a column, empty for NULL.
    #[must_use]
    pub fn text(&self, column: LegacyColumn) -> &str {
        self.get(column).unwrap_or_default()
    }

    /// Replaces the text of a column.
    pub fn set(&mut self, column: LegacyColumn, value: Option<String>) {
        let at = column as usize;
        if self.values.len() <= at {
            self.values.resize(at + 1, None);
        }
        if let Some(slot) = self.values.get_mut(at) {
            slot.zeroize();
            *slot = value;
        }
    }
}

impl Drop for LegacyUser {
    fn drop(&mut self) {
        self.values.zeroize();
    }
}

impl fmt::Debug for LegacyUser {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("LegacyUser(..)")
    }
}

/// Runs a call on the engine of the source.
macro_rules! on {
    ($source:ident, $function:ident($($argument:expr),*)) => {
        match &mut $source.backend {
            Backend::Sqlite(connection) => read::$function::<Sqlite>(connection, $($argument),*).await,
            Backend::MySql(connection) => read::$function::<MySql>(connection, $($argument),*).await,
            Backend::Postgres(connection) => {
                read::$function::<Postgres>(connection, $($argument),*).await
            }
        }
    };
}

impl LegacySource {
    /// Connects, with any of the URLs that a store takes, and begins the transaction.
    pub async fn open(url: &str, timeout: Duration) -> Result<Self, LegacyError> {
        let url = DatabaseUrl::parse(url)?;
        let backend = match url.scheme {
            Scheme::Sqlite => {
                let file = snapshot::sqlite_file(&url.text)?;
                if !file.exists() {
                    return Err(LegacyError::NoFile(file));
                }
                Backend::Sqlite(snapshot::open::<Sqlite, LegacyError>(&url.text, timeout).await?)
            }
            Scheme::MySql => {
                Backend::MySql(snapshot::open::<MySql, LegacyError>(&url.text, timeout).await?)
            }
            Scheme::Postgres => Backend::Postgres(
                snapshot::open::<Postgres, LegacyError>(&url.text, timeout).await?,
            ),
        };
        Ok(Self { backend })
    }

    /// The engine, by its name in OpenTelemetry's conventions.
    #[must_use]
    pub const fn system(&self) -> &'static str {
        use crate::engine::Engine as _;
        match &self.backend {
            Backend::Sqlite(_) => Sqlite::SYSTEM,
            Backend::MySql(_) => MySql::SYSTEM,
            Backend::Postgres(_) => Postgres::SYSTEM,
        }
    }

    /// How many rows each table has.
    pub async fn counts(&mut self) -> Result<LegacyCounts, StoreError> {
        on!(self, counts())
    }

    /// At most so many users, in the order of their ids, from behind that id on.
    pub async fn page(
        &mut self,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<LegacyUser>, StoreError> {
        on!(self, page(after, limit))
    }

    /// Rows of artisans and buyers that belong to no user: the column of their id, and the id.
    pub async fn strays(&mut self) -> Result<Vec<(LegacyColumn, String)>, StoreError> {
        on!(self, strays())
    }
}

impl fmt::Debug for LegacySource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("LegacySource").field("system", &self.system()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_that_was_set_is_read_and_nothing_is_shown() {
        let mut user = LegacyUser::default();
        assert_eq!(user.get(LegacyColumn::Password), None);
        user.set(LegacyColumn::Password, Some("Senha-1".to_owned()));
        user.set(LegacyColumn::BuyerPhone, None);
        assert_eq!(user.text(LegacyColumn::Password), "Senha-1");
        assert_eq!(user.text(LegacyColumn::BuyerPhone), "");
        assert!(!format!("{user:?}").contains("Senha"));
    }
}

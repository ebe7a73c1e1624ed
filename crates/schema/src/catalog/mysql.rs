//! `MySQL` and `MariaDB`: `information_schema`, which the two fill differently.

mod closer;
mod columns;
mod definitions;
mod flavour;
mod indexes;
mod keys;
mod needs;
mod options;
mod restored;
mod sequences;
mod session;
mod tables;
mod values;

use sqlx::MySqlConnection;

pub use self::definitions::without_database;
use self::flavour::Flavour;
use self::session::Session;
pub use self::session::plain_mode;
use crate::model::{Dialect, Schema};
use crate::{Error, Scope};

/// Reads the connection's current database.
///
/// `information_schema` takes no snapshot: a schema that changes meanwhile may be seen half changed,
/// so that callers who need certainty hold the runner's lock. What it does not tell, and `SHOW CREATE`
/// prints, makes no difference: the order of the keys of a table, `USING BTREE`, a column's collation that
/// was written down and is the table's. So does RESTRICT beside NO ACTION, which is kept as it was written.
///
/// # Errors
/// [`Error::NoSchema`] if the connection has no current database; [`Error::Catalog`] if a question
/// fails.
pub async fn read(connection: &mut MySqlConnection, scope: &Scope) -> Result<Schema, Error> {
    let session = Session::of(connection)
        .await
        .map_err(|source| Error::Catalog { dialect: Dialect::MySql, source })?;
    let dialect = session.flavour.dialect();
    let Some(database) = session.database.clone() else { return Err(Error::NoSchema) };
    let reading = Reading { session, database, scope };
    let read = reading.in_plain_mode(connection).await;
    read.map_err(|source| Error::Catalog { dialect, source })
}

/// What is read, and by whom.
struct Reading<'a> {
    session: Session,
    database: String,
    scope: &'a Scope,
}

impl Reading<'_> {
    const fn flavour(&self) -> Flavour {
        self.session.flavour
    }

    /// In the mode that shows all alike, whatever the session prefers; it has its mode back afterwards.
    async fn in_plain_mode(&self, connection: &mut MySqlConnection) -> Result<Schema, sqlx::Error> {
        let Some(plain) = plain_mode(&self.session.settings.sql_mode) else {
            return self.schema(connection).await;
        };
        set_mode(connection, &plain).await?;
        let schema = self.schema(connection).await;
        set_mode(connection, &self.session.settings.sql_mode).await?;
        schema
    }

    async fn schema(&self, connection: &mut MySqlConnection) -> Result<Schema, sqlx::Error> {
        let mut schema = Schema::empty(self.flavour().dialect());
        schema.collation.clone_from(&self.session.collation);
        let mut tables = tables::read(self, connection, &mut schema).await?;
        columns::read(self, connection, &mut tables).await?;
        indexes::read(self, connection, &mut tables).await?;
        keys::read_foreign_keys(self, connection, &mut tables).await?;
        let unclear = keys::read_checks(self, connection, &mut tables).await?;
        closer::look(self, connection, &mut tables, &mut schema, &unclear).await?;
        schema.tables = tables.finish();
        schema.sequences = sequences::read(self, connection).await?;
        definitions::read(self, connection, &mut schema).await?;
        schema.unmanaged.sort();
        Ok(schema.within(self.scope))
    }
}

async fn set_mode(connection: &mut MySqlConnection, mode: &str) -> Result<(), sqlx::Error> {
    sqlx::query("SET sql_mode = ?").bind(mode).execute(connection).await.map(drop)
}

/// A name as SQL takes it, whatever it holds.
fn quoted(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

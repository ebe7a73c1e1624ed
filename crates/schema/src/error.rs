/// Why a schema could not be read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The URL names no engine that this crate knows: the caller corrects it.
    #[error(
        "the database URL begins with none of sqlite:, mysql://, mariadb://, postgres:// and postgresql://"
    )]
    UnknownEngine,
    /// No connection: the caller may try again, or correct the URL.
    #[error("no connection to the database")]
    Connect(#[source] sqlx::Error),
    /// The engine refused or broke off a catalog query.
    #[error("the {dialect} catalog could not be read", dialect = .dialect.name())]
    Catalog {
        /// The engine that was asked.
        dialect: crate::model::Dialect,
        /// What it answered.
        source: sqlx::Error,
    },
    /// The connection has no current database or schema to look at.
    #[error("the connection has no current schema: name one in the database URL")]
    NoSchema,
    /// A definition that the engine keeps as text could not be parsed.
    #[error("the definition of {object} could not be parsed near byte {at}")]
    Definition {
        /// The table or index.
        object: String,
        /// The offset in the engine's text.
        at: usize,
    },
}

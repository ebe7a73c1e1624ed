//! Databases that live for one question: files are replayed into them, and they are gone.

pub(crate) mod desired;
mod guard;
mod leaves;
mod name;
mod server;
mod within;

pub use guard::Confines;
pub(crate) use server::{Collation, Likeness};

use crate::dump::{Contents, SchemaObject, SchemaReport};
use crate::{
    Access, DatabaseUrl, Engine, Error, History, Observer, Options, Phases, Runner, Target,
};

/// What is looked at in a scratch database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    Schema,
    /// Rows as well.
    Rows,
    /// Rows, and what the down files leave of the schema.
    Undone,
}

/// What files make of an empty database.
#[derive(Clone, Debug)]
pub(crate) struct Made {
    pub(crate) schema: SchemaReport,
    pub(crate) contents: Contents,
    /// Whether the down files leave nothing of it, if that was looked at.
    pub(crate) is_undone: Option<bool>,
}

impl Made {
    /// All that can be compared.
    pub(crate) fn objects(&self) -> Vec<SchemaObject> {
        let unmanaged = self.schema.unmanaged.iter().map(|what| SchemaObject {
            kind: "not in this text,",
            name: what.clone(),
            sql: String::new(),
        });
        let schema = self.schema.objects.iter().cloned();
        schema
            .chain(self.schema.sessions())
            .chain(self.contents.objects())
            .chain(unmanaged)
            .collect()
    }
}

/// Where scratch databases are made.
#[derive(Clone, Copy, Debug)]
pub struct ScratchPlace<'a> {
    /// The database whose engine, encoding and collation the scratch has to share.
    pub target: &'a DatabaseUrl,
    /// Another server for it (`SCRATCH_DATABASE_URL`): a user there who may create databases.
    pub other: Option<&'a DatabaseUrl>,
}

impl ScratchPlace<'_> {
    /// The schema that all revisions of a history make in an empty database.
    ///
    /// The scratch database is in memory on `SQLite`; elsewhere it is created on the server and
    /// dropped again, also after an error or a request to end. Fails with `SCRATCH_REQUIRED` where
    /// the user may not create one, and with `LEAVES_SCRATCH`, before anything runs, where a statement
    /// would reach out of it.
    pub async fn replay(&self, history: History, options: &Options) -> Result<SchemaReport, Error> {
        Ok(self.make(history, options, Look::Schema).await?.schema)
    }

    /// The same, and more of what is in that database before it is gone.
    pub(crate) async fn make(
        &self,
        history: History,
        options: &Options,
        look: Look,
    ) -> Result<Made, Error> {
        self.make_in(Collation::OfTarget, history, options, look).await
    }

    /// The same in a database of this collation.
    pub(crate) async fn make_in(
        &self,
        collation: Collation,
        history: History,
        options: &Options,
        look: Look,
    ) -> Result<Made, Error> {
        let history = history.without_misspelt();
        let quiet = self.confined(&history, look, options).await?;
        let inner = quiet.clone();
        let likeness = Likeness { collation, has_search_path: look == Look::Schema };
        self.within(likeness, &quiet, async |url| replayed(url, history, inner, look).await).await
    }

    /// Options for a runner that applies files in a scratch database; fails, before any of them runs, where a
    /// file would reach out of it.
    pub(crate) async fn confined(
        &self,
        history: &History,
        look: Look,
        options: &Options,
    ) -> Result<Options, Error> {
        // The replay's progress is not the command's.
        let observer = Observer::default();
        let quiet = Options { observer, asks_progress: false, ..options.clone() };
        let quiet = confined(self.target.engine(), quiet);
        let confines = self.guard(history, &quiet, look).await?;
        Ok(Options { confines, ..quiet })
    }

    /// Refuses a server whose SQL is not that of the database.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let is_other =
            |other: &&DatabaseUrl| other.engine().folder() != self.target.engine().folder();
        match self.other.filter(is_other) {
            None => Ok(()),
            Some(other) => Err(another(other.engine(), self.target.engine())),
        }
    }

    fn server(&self) -> &DatabaseUrl {
        self.other.unwrap_or(self.target)
    }
}

fn another(server: Engine, target: Engine) -> Error {
    let message = format!(
        "the server for scratch databases is one of {}, and the database one of {}: name a server of the same \
         engine and version, in SCRATCH_DATABASE_URL",
        server.name(),
        target.name()
    );
    Error::usage("OTHER_ENGINE", message)
}

/// Without what would leave the scratch: a schema is a database on `MySQL` and `MariaDB`, so that a
/// qualified name of sqlx's table is that of the rows that say what is applied elsewhere.
fn confined(engine: Engine, options: Options) -> Options {
    if !matches!(engine, Engine::MySql | Engine::MariaDb) {
        return options;
    }
    let table_name = unqualified(&options.table_name).to_owned();
    Options { table_name, create_schemas: Vec::new(), ..options }
}

/// The last part of a name: `c d` with its quotes of `` a.b.`c d` ``.
fn unqualified(name: &str) -> &str {
    let mut quote = None;
    let mut last = 0;
    for (at, c) in name.char_indices() {
        match (quote, c) {
            (None, '`' | '"') => quote = Some(c),
            (Some(open), _) if open == c => quote = None,
            (None, '.') => last = at + 1,
            (None | Some(_), _) => {}
        }
    }
    name.get(last..).unwrap_or(name)
}

async fn replayed(
    url: &DatabaseUrl,
    history: History,
    options: Options,
    look: Look,
) -> Result<Made, Error> {
    let mut runner = Runner::connect(url, Access::Write, history, options).await?;
    let result = look_at(&mut runner, look).await;
    runner.close().await;
    result.map_err(|error| guard::refused(url.engine(), error).in_scratch())
}

async fn look_at(runner: &mut Runner, look: Look) -> Result<Made, Error> {
    runner.upgrade(&Target::Heads, Phases::All).await?;
    let schema = runner.schema().await?;
    let contents = match look {
        Look::Schema => Contents::default(),
        Look::Rows | Look::Undone => runner.contents().await?,
    };
    let is_undone = match look {
        Look::Schema | Look::Rows => None,
        Look::Undone => match runner.downgrade(&Target::Base, false).await {
            Ok(_) => Some(runner.schema().await?.objects.is_empty()),
            Err(error @ (Error::Stopped | Error::ConnectionLost { .. })) => return Err(error),
            Err(_) => Some(false),
        },
    };
    Ok(Made { schema, contents, is_undone })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_within_quotes_qualify_nothing() {
        assert_eq!(unqualified("_sqlx_migrations"), "_sqlx_migrations");
        assert_eq!(unqualified("audit.applied"), "applied");
        assert_eq!(unqualified("`a.b`.`c.d`"), "`c.d`");
    }
}

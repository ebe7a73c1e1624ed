use std::path::Path;

use crate::history::Script;
use crate::{Access, DatabaseUrl, Engine, Error, History, Options, Runner, Source};

/// The schema that is wanted.
#[derive(Clone, Debug)]
pub struct Desired {
    /// The texts that make it, one after the other, and where each comes from.
    texts: Vec<Script>,
}

impl Desired {
    /// A text, and what messages call it: a file, or the command that printed it.
    #[must_use]
    pub fn text(name: impl Into<String>, sql: impl Into<String>) -> Self {
        Self { texts: vec![script(name.into(), sql.into())] }
    }

    /// A file, or all files of a folder that end in `.sql`, in the order of their names.
    ///
    /// Fails with [`Error::Usage`] where there is none, or one cannot be read.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let mut paths = vec![path.to_owned()];
        if path.is_dir() {
            let entries = std::fs::read_dir(path).map_err(|error| unreadable(path, &error))?;
            let entries = entries.map(|entry| entry.map(|entry| entry.path()));
            let entries: Result<Vec<_>, _> = entries.collect();
            paths = entries.map_err(|error| unreadable(path, &error))?;
            paths.retain(|path| path.extension().is_some_and(|extension| extension == "sql"));
            paths.sort();
        }
        if paths.is_empty() {
            let message = format!("{} holds no file whose name ends in .sql", path.display());
            return Err(Error::usage("NO_DESIRED_SCHEMA", message));
        }
        let texts = paths.iter().map(|path| {
            let text = std::fs::read_to_string(path).map_err(|error| unreadable(path, &error))?;
            Ok(script(path.display().to_string(), text))
        });
        Ok(Self { texts: texts.collect::<Result<_, Error>>()? })
    }

    /// The schema of another live database, which has to be of this engine. Nothing is written there.
    pub async fn live(url: &DatabaseUrl, engine: Engine, options: &Options) -> Result<Self, Error> {
        let history = History::build(Source::default())?;
        let mut runner = Runner::connect(url, Access::Read, history, options.clone()).await?;
        let (other, schema) = (runner.engine(), runner.schema().await);
        runner.close().await;
        if other != engine {
            let message = format!(
                "the desired schema is in a database of {}, and this one is of {}: name one of the same \
                 engine",
                other.name(),
                engine.name()
            );
            return Err(Error::usage("OTHER_ENGINE", message));
        }
        Ok(Self::text(format!("the schema of {url}"), schema?.sql))
    }

    pub(super) fn texts(&self) -> &[Script] {
        &self.texts
    }
}

fn script(file: String, text: String) -> Script {
    Script { file, text: text.into(), no_transaction: false, rerun_safe: false, unread: Vec::new() }
}

fn unreadable(path: &Path, error: &std::io::Error) -> Error {
    let path = path.display();
    let message = match error.kind() {
        std::io::ErrorKind::NotFound => format!(
            "there is no desired schema {path}: write there what the database is to be, or begin with \
             what it is, by `migrate schema > {path}`; or name it otherwise by --desired FILE, --desired-url \
             URL or --desired-cmd COMMAND"
        ),
        std::io::ErrorKind::InvalidData => format!("{path} is not UTF-8: save it as UTF-8"),
        _ => format!("cannot read {path}: {error}"),
    };
    Error::usage("NO_DESIRED_SCHEMA", message)
}

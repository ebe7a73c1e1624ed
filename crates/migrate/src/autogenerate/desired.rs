mod cleaned;
mod whole;

use std::path::Path;

use artisan_schema::Scope;
use artisan_schema::model::{Opaques, Schema};
use cleaned::cleaned;
use whole::check_whole;

use crate::history::Script;
use crate::{Access, DatabaseUrl, Engine, Error, History, Options, Runner, Source};

/// The schema that is wanted.
#[derive(Clone, Debug)]
pub struct Desired {
    /// The texts that make it, one after the other, and where each comes from.
    texts: Vec<Script>,
    /// Whether it is read from a database: nobody can mark it.
    is_live: bool,
    /// Whether it is meant even where nothing is in it.
    may_be_empty: bool,
    /// The whole objects of a database that are not managed, where the texts cannot make all of them.
    opaques: Opaques,
}

/// The texts as they are run, and what has to be told of them.
pub(super) struct Cleaned {
    pub(super) texts: Vec<Script>,
    pub(super) warnings: Vec<String>,
    /// Whether they say that nothing is to be left.
    pub(super) may_be_empty: bool,
}

impl Desired {
    /// A text, and what messages call it: a file, or the command that printed it.
    #[must_use]
    pub fn text(name: impl Into<String>, sql: impl Into<String>) -> Self {
        Self {
            texts: vec![script(name.into(), sql.into())],
            is_live: false,
            may_be_empty: false,
            opaques: Opaques::none(),
        }
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
            let bytes = std::fs::read(path).map_err(|error| unreadable(path, &error))?;
            let text = String::from_utf8(bytes).map_err(|error| no_utf8(path, &error))?;
            Ok(script(path.display().to_string(), text))
        });
        Ok(Self {
            is_live: false,
            may_be_empty: false,
            opaques: Opaques::none(),
            texts: texts.collect::<Result<_, Error>>()?,
        })
    }

    /// The schema of another live database, which has to be of this engine. Nothing is written there.
    ///
    /// Fails with [`Error::Usage`] where there is no such file, and where the server does not show what is in scope as
    /// it is.
    pub async fn live(
        url: &DatabaseUrl,
        engine: Engine,
        scope: &Scope,
        options: &Options,
    ) -> Result<Self, Error> {
        let history = History::build(Source::default())?;
        let mut runner = Runner::connect(url, Access::Read, history, options.clone()).await?;
        let other = runner.engine();
        let missing = runner.missing_file().map(Path::to_owned);
        let schema = runner.schema().await;
        let opaques = match &schema {
            Ok(schema) if !schema.unmanaged.is_empty() => {
                runner.model(scope).await.map(|model| model.opaques)
            }
            _ => Ok(Opaques::none()),
        };
        runner.close().await;
        if let Some(path) = missing {
            let message = format!("there is no file {}: check the path in {url}", path.display());
            return Err(Error::usage("NO_DESIRED_SCHEMA", message));
        }
        if other != engine {
            let message = format!(
                "the desired schema is in a database of {}, and this one is of {}: name one of the same \
                 engine",
                other.name(),
                engine.name()
            );
            return Err(Error::usage("OTHER_ENGINE", message));
        }
        let schema = schema?;
        schema.check_told(scope)?;
        let text = Self::text(format!("the schema of {url}"), schema.sql);
        Ok(Self { is_live: true, opaques: opaques?, ..text })
    }

    /// What was made of the texts, with what they cannot make and stands in the database that they were read from.
    pub(super) fn completed(&self, mut made: Schema) -> Schema {
        for (key, opaque) in &self.opaques.0 {
            made.opaques.0.entry(key.clone()).or_insert_with(|| opaque.clone());
        }
        made
    }

    /// The same where it may be empty: that of the database itself, in which everything may have been dropped.
    #[must_use]
    pub fn or_empty(self) -> Self {
        Self { may_be_empty: true, ..self }
    }

    /// Whether it can say what was renamed.
    pub(super) const fn is_marked(&self) -> bool {
        !self.is_live
    }

    /// The texts without what makes nothing of a schema.
    ///
    /// Fails with [`Error::Usage`] where nothing is left of texts that do not say that they mean it, and where
    /// something of one would be passed over or taken back: what it makes would be dropped.
    pub(super) fn cleaned(&self, engine: Engine) -> Result<Cleaned, Error> {
        let mut all = Cleaned { texts: Vec::new(), warnings: Vec::new(), may_be_empty: false };
        let (mut statements, mut is_said) = (0, self.may_be_empty);
        for text in &self.texts {
            let one = cleaned(engine, &text.file, &text.text)?;
            statements += one.statements;
            all.warnings.extend(one.warnings(&text.file));
            // A comment is enough, if no rows stand beside it.
            is_said |= !self.is_live && all.warnings.is_empty() && !one.text.trim().is_empty();
            let script = Script { text: one.text.into(), ..text.clone() };
            check_whole(engine, &script)?;
            all.texts.push(script);
        }
        if statements == 0 && (!is_said || !all.warnings.is_empty()) {
            return Err(empty(&self.texts, &all.warnings, self.is_live));
        }
        all.may_be_empty = self.may_be_empty || statements == 0;
        Ok(all)
    }
}

/// An empty file is more often a mistake than the wish to drop everything.
fn empty(texts: &[Script], warnings: &[String], is_live: bool) -> Error {
    let files: Vec<&str> = texts.iter().map(|text| text.file.as_str()).collect();
    let files = files.join(", ");
    let message = match warnings.first() {
        Some(warning) => format!(
            "{files} would drop everything: no statement of it makes a schema ({warning}); dump the schema, not \
             the rows"
        ),
        None if is_live => format!(
            "{files} is empty, and would drop everything: check the URL; if nothing is to be left, name a file by \
             --desired that holds nothing but a comment"
        ),
        None => format!(
            "{files} is empty, and would drop everything: begin with what is there, by `migrate schema`, or write \
             a comment into it if nothing is to be left"
        ),
    };
    Error::usage("NO_DESIRED_SCHEMA", message)
}

/// Fails with [`Error::Usage`] where statements make nothing at all, and the files make something.
pub(super) fn check_made(texts: &[Script], from: &Schema, to: &Schema) -> Result<(), Error> {
    if !to.is_empty() || !to.unmanaged.is_empty() || from.is_empty() {
        return Ok(());
    }
    let files: Vec<&str> = texts.iter().map(|text| text.file.as_str()).collect();
    let message = format!(
        "the statements of {} make no table nor anything else that is looked at, and would drop everything: look \
         whether they are the schema; if nothing is to be left, name a file by --desired that holds nothing but a comment",
        files.join(", ")
    );
    Err(Error::usage("NO_DESIRED_SCHEMA", message))
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
        _ => format!("cannot read {path}: {error}"),
    };
    Error::usage("NO_DESIRED_SCHEMA", message)
}

fn no_utf8(path: &Path, error: &std::string::FromUtf8Error) -> Error {
    let good = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
    let line = String::from_utf8_lossy(good).matches('\n').count() + 1;
    let message = format!("{}:{line}: this is not UTF-8: save the file as UTF-8", path.display());
    Error::usage("NO_DESIRED_SCHEMA", message)
}

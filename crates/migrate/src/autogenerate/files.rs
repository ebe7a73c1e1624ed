mod rewrites;

use artisan_schema::ddl::{Script, Statement};

use crate::author::{self, Body, Draft, Drafted};
use crate::source::SourceFile;
use crate::{Engine, Error, History, Source};

/// The files of what was generated.
pub(super) struct Files {
    pub(super) drafted: Vec<Drafted>,
    /// The history with them.
    pub(super) history: History,
}

impl Files {
    /// Drafts a revision for each script, the later ones upon the earlier.
    pub(super) fn new(
        engine: Engine,
        source: &Source,
        draft: &Draft,
        scripts: &[Script],
    ) -> Result<Self, Error> {
        let mut source = source.clone();
        let mut history = History::build(source.clone())?;
        let mut drafted: Vec<Drafted> = Vec::new();
        for script in scripts {
            let mut next = draft.clone();
            if let Some(purpose) = &script.purpose {
                next.message = format!("{} {purpose}", draft.message);
            }
            if let Some(before) = drafted.last() {
                next.heads = vec![before.version.to_string()];
                (next.branch, next.version, next.depends_on) = (None, None, Vec::new());
            }
            next.no_transaction |= script.no_transaction;
            next.body = Some(Body { up: text(&script.up), down: text(&script.down) });
            let mut made = author::draft(&history, &next)?;
            history = History::build(with(&source, &made))?;
            if rewrites::tell(engine, &history, &mut made) {
                history = History::build(with(&source, &made))?;
            }
            source = with(&source, &made);
            drafted.push(made);
        }
        Ok(Self { drafted, history })
    }
}

/// The files, and those of one more revision.
fn with(source: &Source, made: &Drafted) -> Source {
    let mut source = source.clone();
    let files = made.files.iter().cloned();
    source.files.extend(files.map(|(name, text)| SourceFile { name, text: text.into() }));
    source
}

/// The statements as a file has them.
pub(super) fn text(statements: &[Statement]) -> String {
    let texts = statements.iter().map(|statement| format!("{};\n", with_loss(statement)));
    texts.collect::<Vec<_>>().join("\n")
}

/// What is lost is said before the statement that loses it.
pub(super) fn with_loss(statement: &Statement) -> String {
    let lines = statement.loses.iter().flat_map(|loss| loss.lines());
    let lines = lines.map(|line| format!("-- destructive: {line}\n"));
    lines.collect::<String>() + &statement.sql
}

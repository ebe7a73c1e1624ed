use crate::split::{Piece, pieces, significant};
use crate::statement::summary;
use crate::{Engine, Error};

/// A text without what makes nothing of a schema: the rows of a dump, its owners, its client's commands. Lines
/// keep their numbers.
#[derive(Debug, Default)]
pub(super) struct Cleaned {
    pub(super) text: String,
    /// How many statements are left.
    pub(super) statements: usize,
    left_out: Vec<LeftOut>,
}

/// Statements that are left out for one reason.
#[derive(Debug)]
struct LeftOut {
    why: Why,
    /// The first of them.
    line: usize,
    summary: String,
    /// How many more there are.
    more: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Why {
    Rows,
    Owners,
    Replication,
}

impl Why {
    const fn words(self) -> &'static str {
        match self {
            Self::Rows => {
                "makes or changes rows, of which a schema has none (a revision's file is the place for them)"
            }
            Self::Owners => "sets an owner, and owners are not managed",
            Self::Replication => "sets what belongs to the server's replication",
        }
    }
}

/// Takes out of a text what makes nothing of a schema.
///
/// Fails with [`Error::Usage`] where a command of a client stands in it, or what no server takes.
pub(super) fn cleaned(engine: Engine, file: &str, text: &str) -> Result<Cleaned, Error> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if let Some(at) = text.find('\0') {
        let line = newlines(text.get(..at).unwrap_or_default()) + 1;
        let message =
            format!("{file}:{line}: a NUL byte stands here, and SQL has none: save it as UTF-8");
        return Err(Error::usage("DESIRED_SCHEMA_INVALID", message));
    }
    // What a virtual table keeps in rows is part of it.
    let keeps_rows = engine == Engine::Sqlite && text.contains("writable_schema");
    let mut cleaner = Cleaner { engine, file, keeps_rows, lines: 0, done: Cleaned::default() };
    cleaner.done.text.reserve(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let mut at = 0;
        for piece in pieces(engine, rest) {
            let taken = cleaner.take(&piece, rest.get(at..).unwrap_or_default())?;
            at += taken;
            if taken != piece.text.len() {
                break;
            }
        }
        let (before, after) = rest.split_at_checked(at).unwrap_or((rest, ""));
        cleaner.lines += newlines(before);
        rest = after;
    }
    Ok(cleaner.done)
}

impl Cleaned {
    /// What was left out, for people.
    pub(super) fn warnings(&self, file: &str) -> impl Iterator<Item = String> {
        self.left_out.iter().map(move |one| {
            let more = match one.more {
                0 => String::new(),
                more => format!(", and so are {more} more like it"),
            };
            format!(
                "{file}:{}: `{}` {}: it is left out{more}",
                one.line,
                one.summary,
                one.why.words()
            )
        })
    }

    fn leave_out(&mut self, why: Why, line: usize, statement: &str) {
        match self.left_out.iter_mut().find(|one| one.why == why) {
            Some(one) => one.more += 1,
            None => {
                self.left_out.push(LeftOut { why, line, summary: summary(statement), more: 0 });
            }
        }
    }
}

struct Cleaner<'a> {
    engine: Engine,
    file: &'a str,
    keeps_rows: bool,
    /// How many lines stand before what is split now.
    lines: usize,
    done: Cleaned,
}

impl Cleaner<'_> {
    /// Takes one piece, or less or more of what begins with it; tells how many bytes.
    fn take(&mut self, piece: &Piece<'_>, rest: &str) -> Result<usize, Error> {
        let line = self.lines + piece.line;
        if is_of_client(self.engine, piece.statement) {
            return self.take_client_line(piece, line);
        }
        let Some(why) = self.why(piece.statement) else {
            self.done.statements += usize::from(!piece.statement.is_empty());
            self.done.text.push_str(piece.text);
            return Ok(piece.text.len());
        };
        self.done.leave_out(why, line, piece.statement);
        let is_copy = word(piece.statement, 0).eq_ignore_ascii_case("COPY");
        let end = piece.text.len() + if is_copy { rows(rest, piece.text.len()) } else { 0 };
        let lead = piece.text.get(..piece.start).unwrap_or_default();
        self.done.text.push_str(lead);
        self.leave_lines(rest.get(piece.start..end).unwrap_or_default());
        Ok(end)
    }

    fn leave_lines(&mut self, text: &str) {
        self.done.text.extend(std::iter::repeat_n('\n', newlines(text)));
    }

    /// `psql`'s own commands end with their line. Those that dumps begin and end with since they keep others out
    /// (`\restrict`) do nothing.
    fn take_client_line(&mut self, piece: &Piece<'_>, line: usize) -> Result<usize, Error> {
        let command = word(piece.statement, 0);
        if self.engine == Engine::Postgres && matches!(command, "\\restrict" | "\\unrestrict") {
            let length = piece.statement.find('\n').unwrap_or(piece.statement.len());
            let lead = piece.text.get(..piece.start).unwrap_or_default();
            self.done.text.push_str(lead);
            return Ok(piece.start + length);
        }
        let client = match self.engine {
            Engine::Postgres => "psql",
            Engine::MySql | Engine::MariaDb => "the mysql client",
            Engine::Sqlite => "the sqlite3 shell",
        };
        let message = format!(
            "{}:{line}: `{command}` is a command of {client}, which no server knows: write the SQL that it stands \
             for, or leave it out",
            self.file
        );
        Err(Error::usage("DESIRED_SCHEMA_INVALID", message))
    }

    fn why(&self, statement: &str) -> Option<Why> {
        match word(statement, 0).to_ascii_uppercase().as_str() {
            "INSERT" | "UPDATE" | "DELETE" | "REPLACE" | "MERGE" | "TRUNCATE" => {
                (!self.keeps_rows).then_some(Why::Rows)
            }
            "COPY" => {
                let tokens = significant(self.engine, statement);
                tokens.iter().any(|token| token.is_word("STDIN")).then_some(Why::Rows)
            }
            // Where a sequence stands is no part of a schema either.
            "SELECT" if self.engine == Engine::Postgres => {
                let called = word(statement, 1).split('(').next().unwrap_or_default();
                matches!(called, "pg_catalog.setval" | "setval").then_some(Why::Rows)
            }
            "ALTER" if self.engine == Engine::Postgres => {
                let tokens = significant(self.engine, statement);
                let [.., owner, to, _] = tokens.as_slice() else { return None };
                (owner.is_word("OWNER") && to.is_word("TO")).then_some(Why::Owners)
            }
            "SET" if matches!(self.engine, Engine::MySql | Engine::MariaDb) => {
                let names = ["GTID_PURGED", "SQL_LOG_BIN"];
                let upper = statement.to_ascii_uppercase();
                names.iter().any(|name| upper.contains(name)).then_some(Why::Replication)
            }
            _ => None,
        }
    }
}

fn is_of_client(engine: Engine, statement: &str) -> bool {
    statement.starts_with(if engine == Engine::Sqlite { '.' } else { '\\' })
}

/// The length of the rows behind a `COPY … FROM stdin`: all lines up to the one that is `\.`.
fn rows(rest: &str, from: usize) -> usize {
    let mut length = 0;
    for line in rest.get(from..).unwrap_or_default().split_inclusive('\n') {
        length += line.len();
        if line.trim_end() == "\\." {
            break;
        }
    }
    length
}

fn word(statement: &str, at: usize) -> &str {
    statement.split_whitespace().nth(at).unwrap_or_default()
}

fn newlines(text: &str) -> usize {
    text.bytes().filter(|byte| *byte == b'\n').count()
}

#[cfg(test)]
mod tests;

//! `sqlx migrate info` and `migrate current` describe one database alike, and each goes on where
//! the other stopped, on every engine.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::agreement::Options;
use crate::command::capture;
use crate::engine::Engine;
use crate::failure::{Doing as _, Failure};
use crate::report;
use crate::servers::Server;
use crate::tools;
use crate::workspace::{build_migrate, root};

/// Compares on one engine after the other.
pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    let sqlx = tools::sqlx()?;
    let migrate = build_migrate()?;
    options.on_each(|engine, server| {
        let result = compare_on(engine, server, &sqlx, &migrate)?;
        report::line(format!("{engine}: {result}"));
        Ok(())
    })
}

fn compare_on(
    engine: Engine,
    server: Option<&Server>,
    sqlx: &Path,
    migrate: &Path,
) -> Result<String, Failure> {
    let folder = tempfile::tempdir().doing("making a folder")?;
    let url = match server {
        None => format!("sqlite://{}", folder.path().join("agrees.db").display()),
        Some(server) => with_database(&server.url, &format!("sqlx_agrees_{}", std::process::id())),
    };
    let pair = Pair { sqlx: sqlx.to_owned(), migrate: migrate.to_owned(), engine, url };
    pair.sqlx(&["database", "create"])?;
    let compared = pair.compare();
    pair.sqlx(&["database", "drop", "-y"])?;
    compared
}

/// The two programs, on one database.
struct Pair {
    sqlx: PathBuf,
    migrate: PathBuf,
    engine: Engine,
    url: String,
}

impl Pair {
    /// Lets both of them work in turn, comparing after each step.
    fn compare(&self) -> Result<String, Failure> {
        self.agree("on an empty database")?;
        self.migrate(&["upgrade", "head"])?;
        let all = self.agree("after `migrate upgrade head`")?;
        self.sqlx(&["migrate", "run"])?;
        self.migrate(&["downgrade", "--", "-1"])?;
        self.agree("after `migrate downgrade -1`")?;
        self.sqlx(&["migrate", "run"])?;
        self.agree("after `sqlx migrate run`")?;
        self.sqlx(&["migrate", "revert"])?;
        self.agree("after `sqlx migrate revert`")?;
        self.migrate(&["upgrade", "head"])?;
        let again = self.agree("after the second `migrate upgrade head`")?;
        if all.applied.is_empty() || all != again {
            return Err(Failure::new(format!("{all:?} has become {again:?}")));
        }
        Ok(format!("agree on {} revisions, six times", all.applied.len()))
    }

    fn agree(&self, when: &str) -> Result<State, Failure> {
        let by_sqlx = State::of_sqlx(&self.sqlx(&["migrate", "info"])?)?;
        let history = self.migrate(&["history", "--output", "json"])?;
        let current = self.migrate(&["current", "--output", "json"])?;
        let by_migrate = State::of_migrate(&parse(&history)?, &parse(&current)?)?;
        if by_sqlx == by_migrate {
            return Ok(by_sqlx);
        }
        Err(Failure::new(format!(
            "{} {when}: sqlx says {by_sqlx:?}, migrate says {by_migrate:?}",
            self.engine
        )))
    }

    fn sqlx(&self, arguments: &[&str]) -> Result<String, Failure> {
        let mut command = Command::new(&self.sqlx);
        command.args(arguments).arg("--no-dotenv").env("DATABASE_URL", &self.url);
        if arguments.first() == Some(&"migrate") {
            command.arg("--source").arg(self.source());
        }
        capture(&mut command)
    }

    fn migrate(&self, arguments: &[&str]) -> Result<String, Failure> {
        let mut command = Command::new(&self.migrate);
        capture(command.args(arguments).env("DATABASE_URL", &self.url))
    }

    fn source(&self) -> PathBuf {
        let folder = match self.engine {
            Engine::Sqlite => "sqlite",
            Engine::MariaDb | Engine::MySql => "mysql",
            Engine::Postgres => "postgres",
        };
        root().join("migrations").join(folder)
    }
}

/// What is applied and what is not, in the order of the versions.
#[derive(Debug, PartialEq, Eq)]
struct State {
    applied: Vec<String>,
    pending: Vec<String>,
}

impl State {
    /// Reads the lines `20261123000001/installed create users`.
    fn of_sqlx(text: &str) -> Result<Self, Failure> {
        let mut state = Self { applied: Vec::new(), pending: Vec::new() };
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            match line.split_once('/') {
                Some((version, rest)) if is_word(rest, "installed") => {
                    state.applied.push(version.to_owned());
                }
                Some((version, rest)) if is_word(rest, "pending") => {
                    state.pending.push(version.to_owned());
                }
                _ => return Err(Failure::new(format!("sqlx says: {line}"))),
            }
        }
        Ok(state)
    }

    /// Reads the documents of `history` and `current`, which have to agree with each other too.
    fn of_migrate(history: &Value, current: &Value) -> Result<Self, Failure> {
        let revisions = history.get("revisions").and_then(Value::as_array);
        let revisions = revisions.ok_or_else(|| Failure::new("history has no revisions"))?;
        let of = |applied: bool| {
            let mut versions: Vec<String> = revisions
                .iter()
                .filter(|revision| {
                    revision.get("applied").and_then(Value::as_bool) == Some(applied)
                })
                .filter_map(|revision| revision.get("version")?.as_str().map(str::to_owned))
                .collect();
            versions.sort_unstable();
            versions
        };
        let state = Self { applied: of(true), pending: of(false) };
        let pending = current.get("pending").and_then(Value::as_u64);
        let last = current.pointer("/current/0/version").and_then(Value::as_str);
        if pending != u64::try_from(state.pending.len()).ok()
            || last != state.applied.last().map(String::as_str)
        {
            return Err(Failure::new(format!("current {current} and history {history} differ")));
        }
        Ok(state)
    }
}

/// Whether the text is this word, alone or followed by a name; `installed (different checksum)`
/// is something else.
fn is_word(text: &str, word: &str) -> bool {
    text.strip_prefix(word)
        .is_some_and(|rest| rest.is_empty() || (rest.starts_with(' ') && !rest.starts_with(" (")))
}

fn parse(text: &str) -> Result<Value, Failure> {
    serde_json::from_str(text).doing(format!("reading {text:?}"))
}

/// The server's URL with another database.
fn with_database(url: &str, name: &str) -> String {
    let base = url.split('?').next().unwrap_or(url);
    let authority = base.find("://").map_or(0, |at| at + 3);
    let end = base.get(authority..).and_then(|rest| rest.find('/')).map(|at| authority + at);
    let server = end.and_then(|end| base.get(..end)).unwrap_or(base);
    let options = url.split_once('?').map(|(_, options)| format!("?{options}"));
    format!("{server}/{name}{}", options.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn sqlx_lines_are_read() {
        let state = State::of_sqlx("1/installed create users\n2/pending add\n").unwrap();
        assert_eq!(state.applied, ["1"]);
        assert_eq!(state.pending, ["2"]);
    }

    #[test]
    fn a_different_checksum_is_no_agreement() {
        assert!(State::of_sqlx("1/installed (different checksum) create users\n").is_err());
        assert!(State::of_sqlx("applied migration had checksum x\n").is_err());
    }

    #[test]
    fn history_and_current_have_to_tell_the_same() {
        let history = json!({"revisions": [
            {"version": "2", "applied": false}, {"version": "1", "applied": true},
        ]});
        let current = json!({"current": [{"version": "1"}], "pending": 1});
        let state = State::of_migrate(&history, &current).unwrap();
        assert_eq!((state.applied, state.pending), (vec!["1".to_owned()], vec!["2".to_owned()]));
        let behind = json!({"current": [{"version": "2"}], "pending": 0});
        assert!(State::of_migrate(&history, &behind).is_err());
    }

    #[test]
    fn the_database_of_a_url_is_replaced() {
        assert_eq!(
            with_database("mysql://root@127.0.0.1:1/mysql?a=b", "x"),
            "mysql://root@127.0.0.1:1/x?a=b"
        );
        assert_eq!(with_database("postgres://u@h", "x"), "postgres://u@h/x");
    }
}

//! Which statements reach out of the scratch database in which they run.

mod accounts;
mod mysql;
mod names;
mod postgres;
mod sqlite;
mod texts;
mod words;

use crate::Engine;

/// What can be reached from a scratch database.
#[derive(Clone, Debug)]
pub(super) struct Server {
    pub(super) engine: Engine,
    /// The names of its databases in small letters, where a name can be qualified by one.
    pub(super) databases: Vec<String>,
    /// What routines of the files make of texts that they are called with.
    pub(super) routines: Routines,
}

/// Routines that have texts executed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Routines {
    /// There are none.
    #[default]
    Fixed,
    /// There are some.
    RunTexts,
    /// Some of them put a name and a dot before another name.
    JoinNames,
}

/// What a statement reaches, and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reach {
    pub(super) what: String,
    pub(super) instead: &'static str,
}

impl Reach {
    /// Another database of the same server.
    fn database(what: impl Into<String>) -> Self {
        let instead = "write the file without the database's name, which the URL tells";
        Self { what: what.into(), instead }
    }

    /// What all databases of the server share.
    fn server(what: impl Into<String>) -> Self {
        let instead = "leave accounts, roles and what else belongs to the whole server to those who \
                       run it, outside of migrations";
        Self { what: what.into(), instead }
    }

    /// Files.
    fn file(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            instead: "leave files to a program that runs beside the migrations",
        }
    }
}

/// The first of a file's statements that reaches out of the scratch.
pub(super) fn first(server: &Server, statements: &[&str]) -> Option<(usize, Reach)> {
    let runs_text = |sql: &&str| {
        texts::runs_text(server.engine, sql)
            || (server.routines != Routines::Fixed && texts::calls(server.engine, sql))
    };
    let is_dynamic = statements.iter().any(runs_text);
    let found = |sql: &str| match server.engine {
        Engine::Sqlite => sqlite::reach(sql),
        Engine::Postgres => postgres::reach(sql),
        Engine::MySql | Engine::MariaDb if is_dynamic => {
            mysql::reach(server, sql).or_else(|| texts::reach(server, sql))
        }
        Engine::MySql | Engine::MariaDb => mysql::reach(server, sql),
    };
    statements.iter().enumerate().find_map(|(at, sql)| found(sql).map(|reach| (at, reach)))
}

/// What those of the routines that a statement makes do with texts.
pub(super) fn routines(engine: Engine, sql: &str) -> Routines {
    match engine {
        Engine::Sqlite | Engine::Postgres => Routines::Fixed,
        Engine::MySql | Engine::MariaDb => texts::routines(engine, sql),
    }
}

/// The expression of which `PREPARE` and `EXECUTE IMMEDIATE` execute the value; none where it is a
/// text that is there to read.
pub(super) fn built(engine: Engine, sql: &str) -> Option<String> {
    match engine {
        Engine::Sqlite | Engine::Postgres => None,
        Engine::MySql | Engine::MariaDb => texts::built(engine, sql),
    }
}

#[cfg(test)]
mod tests;

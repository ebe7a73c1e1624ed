use super::lexer::Token;
use super::modes::Modes;
use super::mysql::Compound;
use super::postgres::Nesting;
use super::sqlite::Trigger;
use crate::Engine;

/// Knows whether a semicolon ends the statement seen so far or stands inside its body.
pub(super) enum Body<'a> {
    Sqlite(Trigger),
    MySql(Compound<'a>),
    Postgres(Nesting),
}

impl<'a> Body<'a> {
    pub(super) fn new(engine: Engine, modes: Modes) -> Self {
        match engine {
            Engine::Sqlite => Self::Sqlite(Trigger::default()),
            Engine::MySql | Engine::MariaDb => Self::MySql(Compound::new(engine, modes)),
            Engine::Postgres => Self::Postgres(Nesting::default()),
        }
    }

    pub(super) fn see(&mut self, token: &Token<'a>) {
        match self {
            Self::Sqlite(trigger) => trigger.see(token),
            Self::MySql(compound) => compound.see(token),
            Self::Postgres(nesting) => nesting.see(token),
        }
    }

    pub(super) fn is_open_at_semicolon(&self) -> bool {
        match self {
            Self::Sqlite(trigger) => trigger.is_open_at_semicolon(),
            Self::MySql(compound) => compound.is_open_at_semicolon(),
            Self::Postgres(nesting) => nesting.is_open_at_semicolon(),
        }
    }
}

//! The SQL that the service runs for a call, taken from the store that builds it; the run looks at what the
//! service has really sent and says so if it is something else.

use artisan_store::{Filter, ListUsers, statements};
use artisan_testkit::Engine;

use crate::failure::Failure;

/// How many users a page has.
pub(crate) const PAGE: u32 = 100;
/// Which users are listed, as a caller of the service writes it.
pub(crate) const FILTER: &str = "state = ACTIVE";
/// The value that the filter's parameter takes.
pub(crate) const FILTER_VALUE: &str = "ACTIVE";
/// The order of the list, as a caller of the service writes it: the order that is the store's default.
pub(crate) const ORDER: &str = "create_time";

/// The statements in an engine's spelling, kept for the life of the process: sqlx need not copy them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Statements {
    /// A user by the id.
    pub(crate) user: &'static str,
    /// A user by the id, and the caller by the session's.
    pub(crate) user_and_caller: &'static str,
    /// The caller by the session's id.
    pub(crate) caller: &'static str,
    /// The first [`PAGE`] users and one more: the filter's value, and how many.
    pub(crate) page: &'static str,
}

impl Statements {
    /// As this engine takes them.
    pub(crate) fn of(engine: Engine) -> Result<Self, Failure> {
        let filter = Filter::parse(FILTER).map_err(Failure::call)?;
        let list = ListUsers { page_size: PAGE, filter: Some(filter), ..ListUsers::default() };
        let spell = |text: &str| match engine {
            Engine::Postgres => &*numbered(text).leak(),
            Engine::Sqlite | Engine::MariaDb | Engine::MySql => &*text.to_owned().leak(),
        };
        Ok(Self {
            user: spell(statements::find_user()),
            user_and_caller: spell(statements::find_user_and_caller()),
            caller: spell(statements::find_caller()),
            page: spell(&statements::list_users(&list)),
        })
    }
}

/// The parameters as `PostgreSQL` writes them; none of the statements has more than two.
fn numbered(statement: &str) -> String {
    statement.replacen('?', "$1", 1).replacen('?', "$2", 1)
}

#[cfg(test)]
mod tests {
    use artisan_store::Order;

    use super::*;

    #[test]
    fn parameters_are_numbered_from_left_to_right() {
        let Statements { user, user_and_caller, caller, page } =
            Statements::of(Engine::Postgres).unwrap();
        assert!(user.ends_with("u.id = $1"), "{user}");
        assert!(caller.ends_with("s.id = $1"), "{caller}");
        assert!(user_and_caller.contains("u.id = $1"), "{user_and_caller}");
        assert!(user_and_caller.ends_with("x.id = $2"), "{user_and_caller}");
        assert!(page.contains("IN ($1)") && page.contains("LIMIT $2"), "{page}");
        for statement in [user, user_and_caller, caller, page] {
            assert!(!statement.contains('?'), "{statement}");
        }
    }

    #[test]
    fn order_is_the_one_of_the_statement() {
        assert_eq!(Order::parse(ORDER).unwrap(), ListUsers::default().order);
    }
}

//! The text of what is read most, for who measures the store against the bare database: as it is written for
//! all engines, `?` for each parameter.

use crate::ListUsers;
use crate::sql::{sessions, users};

/// A user by the id: the columns of a user.
#[must_use]
pub fn find_user() -> &'static str {
    users::FIND.as_written()
}

/// The caller by the session's id: the session's columns, then the user's state, deletion and role.
#[must_use]
pub fn find_caller() -> &'static str {
    sessions::FIND_CALLER.as_written()
}

/// A user by the id and the caller by the session's: the columns of the one, then those of the other.
#[must_use]
pub fn find_user_and_caller() -> &'static str {
    sessions::FIND_USER_AND_CALLER.as_written()
}

/// A page of users: the columns of a user. The parameters are the place's, then the filter's, and at last how
/// many rows: one more than the page holds.
#[must_use]
pub fn list_users(list: &ListUsers) -> String {
    crate::users::list_text(list)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Filter;

    #[test]
    fn page_has_a_parameter_for_the_filter_and_one_for_its_size() {
        let filter = Filter::parse("state = ACTIVE").ok();
        let text = list_users(&ListUsers { page_size: 100, filter, ..ListUsers::default() });
        assert_eq!(text.matches('?').count(), 2, "{text}");
        assert!(text.contains("u.state IN (?)"), "{text}");
    }
}

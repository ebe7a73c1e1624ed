//! Resource names.

use uuid::Uuid;

use crate::error::Violation;

const USERS: &str = "users/";

/// The user that a resource name means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UserName {
    /// `users/me`.
    Me,
    /// `users/{uuid}`.
    Id(Uuid),
}

impl UserName {
    /// Reads a name, from the field at a path of the request.
    pub(crate) fn parse(name: &str, field: &str) -> Result<Self, Violation> {
        if name.is_empty() {
            return Err(Violation::new(field, "is required"));
        }
        match name.strip_prefix(USERS) {
            Some("me") => Some(Self::Me),
            Some(id) => parse_uuid(id).map(Self::Id),
            None => None,
        }
        .ok_or_else(|| Violation::new(field, "must be users/{uuid} or users/me"))
    }
}

/// Reads a UUID in its one canonical form, in either case.
pub(crate) fn parse_uuid(text: &str) -> Option<Uuid> {
    // The crate reads braces, URNs and bare digits too: one resource would have many names.
    (text.len() == 36).then(|| Uuid::try_parse(text).ok()).flatten()
}

/// The name of a user.
pub(crate) fn user_name(id: Uuid) -> String {
    format!("{USERS}{id}")
}

/// The name of an event.
pub(crate) fn event_name(user: Uuid, event: Uuid) -> String {
    format!("{USERS}{user}/events/{event}")
}

/// The two halves of a session's name: the name of its user, and its own id.
pub(crate) fn split_session_name(name: &str) -> Option<(&str, &str)> {
    name.split_once("/sessions/")
}

/// The name of a session.
pub(crate) fn session_name(user: Uuid, session: Uuid) -> String {
    format!("{USERS}{user}/sessions/{session}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_and_written() {
        let id = Uuid::max();
        assert_eq!(UserName::parse(&user_name(id), "name"), Ok(UserName::Id(id)));
        assert_eq!(UserName::parse("users/me", "name"), Ok(UserName::Me));
    }

    #[test]
    fn what_is_no_name_is_a_violation_of_its_field() {
        let braces = format!("users/{{{}}}", Uuid::max());
        for name in ["", "users", "users/", "user/me", "users/ME", "users/1", "users/me/x", &braces]
        {
            let violation = UserName::parse(name, "user.name").unwrap_err();
            assert_eq!(violation.field, "user.name", "{name}");
        }
    }
}

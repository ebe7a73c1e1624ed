//! The SQL of an authorized `GetUser`, as the store writes it; the run looks at what the service has
//! really sent and says so if the two have grown apart.

macro_rules! user_columns {
    () => {
        "SELECT u.id, u.email, u.email_verified, u.state, u.revision, \
         u.create_time, u.update_time, u.delete_time, u.purge_time, \
         a.street, a.number, a.complement, a.neighborhood, a.city, a.state, a.zip_code, \
         a.country, s.store_name, s.bio, s.phone, s.state, b.full_name, b.phone, r.role"
    };
}

macro_rules! user_parts {
    () => {
        " LEFT JOIN addresses a ON a.user_id = u.id \
         LEFT JOIN artisans s ON s.user_id = u.id \
         LEFT JOIN buyers b ON b.user_id = u.id \
         LEFT JOIN user_roles r ON r.user_id = u.id "
    };
}

/// Finds the user with all that belongs to it, and the caller by the session of the token.
pub(crate) const USER_AND_CALLER: &str = concat!(
    user_columns!(),
    ", x.id, x.user_id, x.create_time, x.refresh_time, x.expire_time, x.revoke_time, c.state, \
     c.delete_time, g.role \
     FROM sessions x JOIN users c ON c.id = x.user_id LEFT JOIN user_roles g ON g.user_id = c.id \
     LEFT JOIN users u ON u.id = ?",
    user_parts!(),
    "WHERE x.id = ?"
);

/// Finds the user alone.
pub(crate) const USER: &str =
    concat!(user_columns!(), " FROM users u", user_parts!(), "WHERE u.id = ?");

/// The parameters as `PostgreSQL` writes them.
pub(crate) fn numbered(statement: &str) -> String {
    statement.replacen('?', "$1", 1).replacen('?', "$2", 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_numbered_from_left_to_right() {
        assert!(numbered(USER).ends_with("u.id = $1"));
        assert!(numbered(USER_AND_CALLER).contains("u.id = $1"));
        assert!(numbered(USER_AND_CALLER).ends_with("x.id = $2"));
    }
}

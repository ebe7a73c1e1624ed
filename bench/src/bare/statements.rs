//! The SQL of an authorized `GetUser`, as the store writes it; the run looks at what the service has
//! really sent and says so if the two have grown apart.

/// Finds the caller by the session of the token.
pub(crate) const CALLER: &str = "SELECT s.id, s.user_id, s.create_time, s.refresh_time, \
    s.expire_time, s.revoke_time, u.state, u.delete_time, r.role \
    FROM sessions s JOIN users u ON u.id = s.user_id \
    LEFT JOIN user_roles r ON r.user_id = u.id WHERE s.id = ?";

/// Finds the user with all that belongs to it.
pub(crate) const USER: &str = "SELECT u.id, u.email, u.email_verified, u.state, u.revision, \
    u.create_time, u.update_time, u.delete_time, u.purge_time, \
    a.street, a.number, a.complement, a.neighborhood, a.city, a.state, a.zip_code, \
    a.country, s.store_name, s.bio, s.phone, s.state, b.full_name, b.phone, r.role \
    FROM users u \
    LEFT JOIN addresses a ON a.user_id = u.id \
    LEFT JOIN artisans s ON s.user_id = u.id \
    LEFT JOIN buyers b ON b.user_id = u.id \
    LEFT JOIN user_roles r ON r.user_id = u.id \
    WHERE u.id = ?";

/// The one parameter as `PostgreSQL` writes it.
pub(crate) fn numbered(statement: &str) -> String {
    statement.replace('?', "$1")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_one_parameter() {
        for statement in [CALLER, USER] {
            assert_eq!(statement.matches('?').count(), 1);
            assert!(numbered(statement).ends_with("id = $1"));
        }
    }
}

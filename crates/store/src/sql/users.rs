//! Users with their profile, address, roles and credentials.

use super::Statement;

/// The columns that `decode::user` reads, in its order, and the tables that hold them. A user with
/// several roles gives a row for each.
macro_rules! select_user {
    ($from:literal, $rest:literal) => {
        select_user!($from, "", $rest)
    };
    ($from:literal, $more:literal, $rest:expr) => {
        concat!(select_user!(@columns), $more, " FROM ", $from, select_user!(@parts), $rest)
    };
    (@columns) => {
        "SELECT u.id, u.email, u.email_verified, u.state, u.revision, u.create_time, \
         u.update_time, u.delete_time, u.purge_time, \
         a.street, a.number, a.complement, a.neighborhood, a.city, a.state, a.zip_code, \
         a.country, s.store_name, s.bio, s.phone, s.state, b.full_name, b.phone, r.role"
    };
    (@parts) => {
        " LEFT JOIN addresses a ON a.user_id = u.id \
         LEFT JOIN artisans s ON s.user_id = u.id \
         LEFT JOIN buyers b ON b.user_id = u.id \
         LEFT JOIN user_roles r ON r.user_id = u.id "
    };
}

pub(crate) use select_user;

/// The beginning of a statement that inserts many rows, and the one that inserts a single row.
macro_rules! head_and_row {
    ($many:ident, $one:ident, $head:literal, $row:literal) => {
        pub(crate) const $many: &str = $head;
        pub(crate) static $one: Statement = Statement::new(concat!($head, "VALUES ", $row));
    };
}

pub(crate) static FIND: Statement = Statement::new(select_user!("users u", "WHERE u.id = ?"));

macro_rules! ten {
    ($text:expr) => {
        concat!($text, $text, $text, $text, $text, $text, $text, $text, $text, $text)
    };
}

macro_rules! find_these {
    ($places:expr) => {
        Statement::new(select_user!(
            "users u",
            "",
            concat!("WHERE u.id IN (", $places, "?) ORDER BY u.id")
        ))
    };
}

static FIND_11: Statement = find_these!(ten!("?, "));
static FIND_101: Statement = find_these!(ten!(ten!("?, ")));
static FIND_1001: Statement = find_these!(ten!(ten!(ten!("?, "))));

/// How many ids `find_many` takes at most.
pub(crate) const MANY: usize = 1001;

/// The smallest statement that finds so many users, and how many ids it takes.
pub(crate) fn find_many(count: usize) -> (&'static Statement, usize) {
    match count {
        0..=11 => (&FIND_11, 11),
        12..=101 => (&FIND_101, 101),
        _ => (&FIND_1001, MANY),
    }
}

pub(crate) static FIND_BY_EMAIL: Statement =
    Statement::new(select_user!("users u", "WHERE u.email_key = ?"));

pub(crate) static FIND_CREDENTIAL: Statement = Statement::new(select_user!(
    "users u JOIN credentials c ON c.user_id = u.id",
    ", c.password_hash",
    "WHERE u.email_key = ?"
));

/// What stands before and after the part of a list that depends on what is asked for.
pub(crate) const LIST_HEAD: &str =
    concat!(select_user!(@columns), " FROM (SELECT u.* FROM users u");
pub(crate) const LIST_TAIL: &str = concat!(") u", select_user!(@parts));

pub(crate) static FIND_ADMIN: Statement = Statement::new(select_user!(
    "(SELECT u.* FROM users u JOIN user_roles o ON o.user_id = u.id \
     WHERE o.role = 'ADMIN' AND u.state = 'ACTIVE' AND u.delete_time IS NULL \
     ORDER BY u.create_time, u.id LIMIT 1) u",
    "ORDER BY u.id"
));

pub(crate) static EXISTS: Statement = Statement::new("SELECT COUNT(*) FROM users WHERE id = ?");

head_and_row!(
    INSERT_USERS,
    INSERT,
    "INSERT INTO users (id, email, email_key, email_verified, state, revision, create_time, update_time) ",
    "(?, ?, ?, ?, ?, ?, ?, ?)"
);

head_and_row!(
    INSERT_ROLES,
    INSERT_ROLE,
    "INSERT INTO user_roles (user_id, role, grant_time) ",
    "(?, ?, ?)"
);

head_and_row!(
    INSERT_CREDENTIALS,
    INSERT_CREDENTIAL,
    "INSERT INTO credentials (user_id, password_hash, update_time) ",
    "(?, ?, ?)"
);

head_and_row!(
    INSERT_ADDRESSES,
    INSERT_ADDRESS,
    "INSERT INTO addresses (street, number, complement, neighborhood, city, state, zip_code, country, user_id) ",
    "(?, ?, ?, ?, ?, ?, ?, ?, ?)"
);

pub(crate) static UPDATE_ADDRESS: Statement = Statement::new(
    "UPDATE addresses SET street = ?, number = ?, complement = ?, neighborhood = ?, city = ?, \
     state = ?, zip_code = ?, country = ? WHERE user_id = ?",
);

pub(crate) static DELETE_ADDRESS: Statement =
    Statement::new("DELETE FROM addresses WHERE user_id = ?");

head_and_row!(
    INSERT_ARTISANS,
    INSERT_ARTISAN,
    "INSERT INTO artisans (store_name, bio, phone, state, user_id) ",
    "(?, ?, ?, ?, ?)"
);

pub(crate) static UPDATE_ARTISAN: Statement = Statement::new(
    "UPDATE artisans SET store_name = ?, bio = ?, phone = ?, state = ? WHERE user_id = ?",
);

head_and_row!(
    INSERT_BUYERS,
    INSERT_BUYER,
    "INSERT INTO buyers (full_name, phone, user_id) ",
    "(?, ?, ?)"
);

pub(crate) static UPDATE_BUYER: Statement =
    Statement::new("UPDATE buyers SET full_name = ?, phone = ? WHERE user_id = ?");

/// Rises before anything below the user is written, and so locks the user for the transaction.
pub(crate) static TOUCH: Statement = Statement::new(
    "UPDATE users SET revision = revision + 1, update_time = ? \
     WHERE id = ? AND delete_time IS NULL AND (? OR revision = ?)",
);

pub(crate) static DELETE: Statement = Statement::new(
    "UPDATE users SET revision = revision + 1, update_time = ?, delete_time = ?, purge_time = ? \
     WHERE id = ? AND delete_time IS NULL AND (? OR revision = ?)",
);

pub(crate) static UNDELETE: Statement = Statement::new(
    "UPDATE users SET revision = revision + 1, update_time = ?, delete_time = NULL, \
     purge_time = NULL WHERE id = ?",
);

pub(crate) static SET_STATE: Statement = Statement::new(
    "UPDATE users SET revision = revision + 1, update_time = ?, state = ? WHERE id = ?",
);

pub(crate) static DELETE_ROLE: Statement =
    Statement::new("DELETE FROM user_roles WHERE user_id = ? AND role = ?");
/// What belongs to the user goes with it, by foreign keys.
pub(crate) static REMOVE: Statement = Statement::new("DELETE FROM users WHERE id = ?");

/// Everything below a user is written under this lock, so that nothing passes a deletion.
pub(crate) static LOCK: Statement =
    Statement::new("SELECT state, delete_time FROM users WHERE id = ? FOR UPDATE");

pub(crate) static FIND_HASH: Statement =
    Statement::new("SELECT password_hash FROM credentials WHERE user_id = ?");

pub(crate) static REHASH: Statement = Statement::new(
    "UPDATE credentials SET password_hash = ?, update_time = ? \
     WHERE user_id = ? AND password_hash = ?",
);

pub(crate) static REPLACE_HASH: Statement =
    Statement::new("UPDATE credentials SET password_hash = ?, update_time = ? WHERE user_id = ?");

pub(crate) static FIND_ROLES: Statement = Statement::new(
    "SELECT r.role FROM users u LEFT JOIN user_roles r ON r.user_id = u.id \
     WHERE u.id = ? AND u.state = 'ACTIVE' AND u.delete_time IS NULL",
);

pub(crate) static COUNT_ACTIVE_ADMINS: Statement = Statement::new(
    "SELECT COUNT(*) FROM user_roles r JOIN users u ON u.id = r.user_id \
     WHERE r.role = 'ADMIN' AND u.state = 'ACTIVE' AND u.delete_time IS NULL",
);

/// Updated before the active admins are counted, so that the number holds until the end of the
/// transaction. A range lock would not do: a Galera cluster has none between its nodes.
pub(crate) static GUARD_ADMINS: Statement =
    Statement::new("UPDATE guards SET revision = revision + 1 WHERE name = 'admins'");

pub(crate) static INSERT_ADMINS_GUARD: Statement =
    Statement::new("INSERT INTO guards (name, revision) VALUES ('admins', 1)");

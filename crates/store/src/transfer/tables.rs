//! The tables that move and their columns: reading, writing and checking follow this description.

use Kind::{
    Blob, Flag, Hash, Id, MaybeHash, MaybeId, MaybeNumber, MaybeText, MaybeTime, Number, Text, Time,
};

/// What a column holds; `Maybe` is one that can be NULL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A UUID.
    Id,
    /// A UUID, or NULL.
    MaybeId,
    /// A text of so many code points at most.
    Text(usize),
    /// A text of so many code points at most, or NULL.
    MaybeText(usize),
    /// True or false.
    Flag,
    /// 64 bits with a sign.
    Number,
    /// 64 bits with a sign, or NULL.
    MaybeNumber,
    /// Microseconds since 1970, within the years 1000 to 9999.
    Time,
    /// Microseconds since 1970, or NULL.
    MaybeTime,
    /// 32 bytes.
    Hash,
    /// 32 bytes, or NULL.
    MaybeHash,
    /// So many bytes at most.
    Blob(usize),
}

/// A column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name, the same on every engine.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
}

/// A table.
#[derive(Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// Its columns in the order of the file; those of the primary key come first.
    pub columns: &'static [Column],
    /// How many columns the primary key has.
    pub key: usize,
    /// `SELECT columns FROM table`
    pub(super) select: &'static str,
    /// `INSERT INTO table (columns) `
    pub(super) insert: &'static str,
}

macro_rules! tables {
    ($($table:ident[$key:literal] {
        $first:ident: $first_kind:expr, $($column:ident: $kind:expr,)*
    })+) => {
        /// The tables in the order of the file: whatever a foreign key leads to stands before it.
        ///
        /// One is not among them: `leases` tells which process does what at the moment.
        pub static TABLES: &[Table] = &[$(Table {
            name: stringify!($table),
            columns: &[
                Column { name: stringify!($first), kind: $first_kind },
                $(Column { name: stringify!($column), kind: $kind },)*
            ],
            key: $key,
            select: concat!(
                "SELECT ", stringify!($first) $(, ", ", stringify!($column))*,
                " FROM ", stringify!($table)
            ),
            insert: concat!(
                "INSERT INTO ", stringify!($table),
                " (", stringify!($first) $(, ", ", stringify!($column))*, ") "
            ),
        },)+];

        /// Keeps every table as it is, on `PostgreSQL`, while others go on writing rows: a `TRUNCATE` or
        /// an `ALTER TABLE` that writes the table anew would leave it empty for an older snapshot.
        /// <https://www.postgresql.org/docs/current/mvcc-caveats.html>
        pub(super) const LOCK: &str =
            concat!($("LOCK TABLE ", stringify!($table), " IN ACCESS SHARE MODE; "),+);
    };
}

tables! {
    users[1] {
        id: Id,
        email: Text(320),
        email_key: Text(320),
        email_verified: Flag,
        state: Text(20),
        revision: Number,
        create_time: Time,
        update_time: Time,
        delete_time: MaybeTime,
        purge_time: MaybeTime,
    }
    user_roles[2] {
        user_id: Id,
        role: Text(20),
        grant_time: Time,
    }
    addresses[1] {
        user_id: Id,
        street: Text(255),
        number: Text(20),
        complement: Text(100),
        neighborhood: Text(100),
        city: Text(100),
        state: Text(2),
        zip_code: Text(10),
        country: Text(100),
    }
    artisans[1] {
        user_id: Id,
        store_name: Text(255),
        bio: Text(1000),
        phone: Text(20),
        state: Text(20),
    }
    buyers[1] {
        user_id: Id,
        full_name: Text(255),
        phone: Text(20),
    }
    credentials[1] {
        user_id: Id,
        password_hash: Text(512),
        update_time: Time,
    }
    sessions[1] {
        id: Id,
        user_id: Id,
        create_time: Time,
        refresh_time: Time,
        expire_time: Time,
        revoke_time: MaybeTime,
    }
    refresh_tokens[1] {
        token_hash: Hash,
        session_id: Id,
        create_time: Time,
        expire_time: Time,
        use_time: MaybeTime,
        successor_hash: MaybeHash,
    }
    guards[1] {
        name: Text(50),
        revision: Number,
    }
    user_events[1] {
        id: Id,
        user_id: Id,
        kind: Text(50),
        actor_id: MaybeId,
        request_id: Text(128),
        details: Text(2000),
        create_time: Time,
        sequence: MaybeNumber,
    }
    account_tokens[2] {
        user_id: Id,
        kind: Text(20),
        token_hash: Hash,
        mail_id: Id,
        email_key: Text(320),
        create_time: Time,
        expire_time: Time,
    }
    pending_emails[1] {
        user_id: Id,
        email: Text(320),
        create_time: Time,
    }
    mails[1] {
        id: Id,
        kind: Text(40),
        user_id: MaybeId,
        email: Text(320),
        seed: MaybeHash,
        create_time: Time,
        expire_time: Time,
        due_time: Time,
        attempts: Number,
        failure: MaybeText(100),
        dead_time: MaybeTime,
    }
    mail_limits[1] {
        subject: Hash,
        window_time: Time,
        mails: Number,
    }
    request_ids[1] {
        key_hash: Hash,
        fingerprint: Hash,
        user_id: Id,
        // What MySQL's BLOB takes.
        answer: Blob(65_535),
        expire_time: Time,
    }
    sign_in_attempts[1] {
        subject: Hash,
        user_id: MaybeId,
        failures: Number,
        failure_time: Time,
        expire_time: Time,
    }
}

impl Table {
    /// The columns of the primary key.
    pub(super) fn key_columns(&self) -> &'static [Column] {
        self.columns.get(..self.key).unwrap_or_default()
    }
}

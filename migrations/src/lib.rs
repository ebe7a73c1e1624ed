//! The SQL migrations of the accounts schema, embedded for the programs that apply or need them.
//!
//! The files are sqlx's: `<version>_<name>.up.sql` and `.down.sql`, the same versions and names for
//! every engine. `mysql/` serves `MySQL` and `MariaDB` alike. `schema.sql` beside them is the state
//! that all up files together lead to.
//!
//! What an engine lacks is spelled with what it has, the same way in every table:
//!
//! | kind | `PostgreSQL` | `MySQL`, `MariaDB` | `SQLite` (STRICT tables) |
//! |---|---|---|---|
//! | id | `uuid` | `BINARY(16)` | `BLOB` of 16 bytes |
//! | time, UTC | `timestamptz` | `DATETIME(6)` | `INTEGER`, microseconds since 1970 |
//! | text of n code points | `varchar(n)` | `VARCHAR(n)`, `utf8mb4_bin` | `TEXT` with a `CHECK` |
//! | truth | `boolean` | `BOOLEAN` | `INTEGER`, 0 or 1 |
//! | SHA-256 | `bytea` | `BINARY(32)` | `BLOB` of 32 bytes |

/// A migration file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct File {
    /// The file's name, such as `20261123120100_create_users.up.sql`.
    pub name: &'static str,
    /// The file's bytes, as they are hashed and run.
    pub text: &'static str,
}

include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

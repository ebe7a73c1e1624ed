use std::borrow::Cow;
use std::collections::BTreeSet;

use sha2::{Digest, Sha384};

use super::{Directives, NO_TRANSACTION, Unread};
use crate::statement::{Statement, statements};
use crate::{Engine, Problem};

/// One step of a history: an up script, and usually a down script.
#[derive(Clone, Debug)]
pub struct Revision {
    /// The number in front of the file's name.
    pub version: i64,
    /// The file's name between version and suffix: `create_users`.
    pub name: String,
    /// What the head of the up file says.
    pub directives: Directives,
    /// The versions this one builds upon: those of `-- revises:`, else the one before.
    pub parents: Vec<i64>,
    /// The script that applies it.
    pub up: Script,
    /// The script that undoes it.
    pub down: Option<Script>,
    /// Characters that its checksum leaves out.
    pub(crate) ignored_chars: BTreeSet<char>,
}

/// The text of one file.
#[derive(Clone, Debug)]
pub struct Script {
    /// The file's name.
    pub file: String,
    /// Its text, as it stands.
    pub text: Cow<'static, str>,
    /// Whether its first line is `-- no-transaction`.
    pub no_transaction: bool,
    /// Whether its head says `-- rerun: safe`.
    pub rerun_safe: bool,
    /// What its head seems to say and is not read.
    pub(crate) unread: Vec<Unread>,
}

impl Revision {
    /// A directive of the up file that is not read, so that the revision would run as something else.
    pub(crate) fn refused(&self) -> Option<Problem> {
        self.up.refused()
    }

    /// The description as sqlx writes it into its table.
    #[must_use]
    pub fn description(&self) -> String {
        self.name.replace('_', " ")
    }

    /// SHA-384 of the up file's text, as sqlx computes it.
    #[must_use]
    pub fn checksum(&self) -> Vec<u8> {
        checksum(&self.up.text, &self.ignored_chars)
    }
}

/// SHA-384 of a text without these characters.
pub(crate) fn checksum(text: &str, ignored: &BTreeSet<char>) -> Vec<u8> {
    if ignored.is_empty() {
        return Sha384::digest(text.as_bytes()).to_vec();
    }
    let mut digest = Sha384::new();
    for part in text.split(|c| ignored.contains(&c)) {
        digest.update(part.as_bytes());
    }
    digest.finalize().to_vec()
}

impl Script {
    /// A directive that is not read as it was meant.
    pub(crate) fn refused(&self) -> Option<Problem> {
        let mut unread = self.unread.iter().filter(|unread| !unread.is_waived);
        let refused = unread.find(|unread| unread.code != NO_TRANSACTION)?;
        let (file, line, message) = (self.file.clone(), refused.line, refused.message.clone());
        Some(Problem::BadDirective { file, line, message })
    }

    /// The `-- no-transaction` that is not read.
    pub(crate) fn unread_no_transaction(&self) -> Option<&Unread> {
        self.unread.iter().find(|unread| unread.code == NO_TRANSACTION)
    }

    /// Whether the statements before this one made the session one that only reads, which is not the
    /// server's doing then.
    pub(crate) fn only_reads_before(&self, engine: Engine, statement: &Statement<'_>) -> bool {
        let all = statements(engine, &self.text);
        let before = all.iter().take_while(|s| (s.line, s.sql) != (statement.line, statement.sql));
        let (mut session, mut transaction) = (false, false);
        for statement in before {
            let words: Vec<String> =
                statement.sql.split_whitespace().map(str::to_ascii_uppercase).collect();
            let sql = words.join(" ");
            let sets = ["SET ", "PRAGMA ", "BEGIN ", "START "].iter().any(|v| sql.starts_with(v));
            let says = ["READ ONLY", "READ_ONLY", "QUERY_ONLY"].iter().any(|w| sql.contains(w));
            let ends = ["COMMIT", "ROLLBACK", "END"].iter().any(|verb| sql.starts_with(verb));
            if sets && says && !sql.starts_with("SET @") {
                let lasts = !sql.contains("READ ONLY") || sql.contains(" SESSION ");
                session |= lasts;
                transaction |= !lasts;
            }
            transaction &= !ends;
        }
        session || transaction
    }

    /// SHA-384 of the text without its white space, which tells a changed text from a reformatted one.
    pub(crate) fn outline(&self) -> Vec<u8> {
        let mut digest = Sha384::new();
        for part in self.text.trim_start_matches('\u{feff}').split_whitespace() {
            digest.update(part.as_bytes());
        }
        digest.finalize().to_vec()
    }

    /// Whether `checksum` is that of this text with other line ends.
    pub(crate) fn differs_in_line_ends_only(&self, checksum: &[u8]) -> bool {
        let unix = self.text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
        let unix = unix.trim_end_matches('\n');
        let windows = unix.replace('\n', "\r\n");
        [unix, windows.as_str()].iter().any(|body| {
            ["", "\n", "\r\n", "\n\n"].iter().any(|end| {
                ["", "\u{feff}"].iter().any(|mark| {
                    Sha384::digest(format!("{mark}{body}{end}").as_bytes()).as_slice() == checksum
                })
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn script(text: &'static str) -> Script {
        Script {
            file: "1_a.sql".to_owned(),
            text: Cow::Borrowed(text),
            no_transaction: false,
            rerun_safe: false,
            unread: Vec::new(),
        }
    }

    #[test]
    fn line_ends_are_told_from_content() {
        let unix = Sha384::digest(b"SELECT 1;\nSELECT 2;\n");
        assert!(script("SELECT 1;\r\nSELECT 2;\r\n").differs_in_line_ends_only(&unix));
        assert!(script("SELECT 1;\nSELECT 2;").differs_in_line_ends_only(&unix));
        assert!(!script("SELECT 1;\nSELECT 3;\n").differs_in_line_ends_only(&unix));
    }

    #[test]
    fn session_that_the_file_lets_only_read_is_known() {
        let only_reads = |engine, text: &'static str| {
            let all = statements(engine, text);
            script(text).only_reads_before(engine, all.last().unwrap())
        };
        for text in [
            "SELECT 1; SET TRANSACTION READ ONLY; SELECT 2",
            "SET TRANSACTION\n  READ ONLY;\nSELECT 2",
            "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY; COMMIT; SELECT 2",
        ] {
            assert!(only_reads(Engine::Postgres, text), "{text}");
        }
        assert!(only_reads(Engine::Sqlite, "PRAGMA query_only = 1; SELECT 2"));
        for text in [
            "SET @x = 'READ ONLY'; SELECT 2",
            "START TRANSACTION READ ONLY; SELECT 1; COMMIT; SELECT 2",
            "SELECT 2; SET TRANSACTION READ ONLY",
        ] {
            assert!(!only_reads(Engine::MariaDb, text), "{text}");
        }
    }

    #[test]
    fn outline_ignores_white_space_only() {
        assert_eq!(script("SELECT  1;\n").outline(), script("SELECT\t1;").outline());
        assert_ne!(script("SELECT 1;").outline(), script("SELECT 2;").outline());
    }
}

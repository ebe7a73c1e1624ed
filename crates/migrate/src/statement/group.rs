use super::{Class, Statement, cursor::Cursor, refused, statements};
use crate::{Engine, Script};

impl Script {
    /// Whether it comes to the same if the file shares its transaction with its neighbours.
    ///
    /// Settings, locks, savepoints and temporary tables may last until the commit, so files with any
    /// of them stay alone, and so do those that call what nobody can look into.
    pub(crate) fn is_groupable(&self, engine: Engine) -> bool {
        let statements = statements(engine, &self.text);
        !self.no_transaction
            && !self.lasts_until_commit()
            && statements.iter().all(|s| s.class == Class::Transactional && s.is_plain(engine))
            && refused(engine, &statements).is_none()
    }

    /// Whether a constraint that is checked at the commit only is declared or used: what breaks it in
    /// one file could be mended in another.
    pub(crate) fn defers(&self) -> bool {
        contains(&self.text, "deferr")
    }

    /// Whether something of it may last until its transaction ends.
    pub(crate) fn lasts_until_commit(&self) -> bool {
        ["set_config", "set local", "on commit", "temp"].iter().any(|s| contains(&self.text, s))
    }
}

const PLAIN: [&str; 9] =
    ["CREATE", "ALTER", "DROP", "COMMENT", "INSERT", "UPDATE", "DELETE", "GRANT", "REVOKE"];

impl Statement<'_> {
    /// Whether it does what it says and calls nothing that nobody can look into.
    pub(crate) fn is_plain(&self, engine: Engine) -> bool {
        PLAIN.contains(&Cursor::new(engine, self.sql).word().as_str())
    }
}

fn contains(text: &str, word: &str) -> bool {
    text.as_bytes().windows(word.len()).any(|part| part.eq_ignore_ascii_case(word.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_groupable(text: &'static str) -> bool {
        let script = Script {
            file: "1_a.sql".to_owned(),
            no_transaction: text.starts_with("-- no-transaction"),
            text: text.into(),
            rerun_safe: false,
            unread: Vec::new(),
        };
        script.is_groupable(Engine::Postgres)
    }

    #[test]
    fn schema_and_rows_are_grouped() {
        assert!(is_groupable("CREATE TABLE a (b int); INSERT INTO a VALUES (1); -- the end"));
        assert!(is_groupable("ALTER TYPE e ADD VALUE 'x'; UPDATE a SET b = 'x'"));
        assert!(is_groupable("-- nothing"));
    }

    #[test]
    fn what_would_reach_into_the_next_file_is_not() {
        for text in [
            "SET LOCAL search_path = a; CREATE TABLE b (c int)",
            "SET lock_timeout = 1",
            "LOCK TABLE a",
            "SELECT set_config('a.b', 'c', true)",
            "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $$ SELECT set_config('a','b',true) $$",
            "CREATE TEMP TABLE a (b int) ON COMMIT DROP",
            "SAVEPOINT a",
            "INSERT INTO a SELECT pg_advisory_unlock_all()",
            "SELECT f()",
            "DO $$ BEGIN END $$",
            "BEGIN; CREATE TABLE a (b int); COMMIT",
            "-- no-transaction\nCREATE TABLE a (b int)",
            "VACUUM",
        ] {
            assert!(!is_groupable(text), "{text}");
        }
    }

    #[test]
    fn deferred_constraints_are_seen() {
        let text = "CREATE TABLE a (b int REFERENCES c DEFERRABLE INITIALLY DEFERRED)".into();
        let script = Script {
            file: String::new(),
            no_transaction: false,
            text,
            rerun_safe: false,
            unread: Vec::new(),
        };
        assert!(script.defers());
    }
}

use std::borrow::Cow;
use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use super::Value;
use crate::Engine;

/// How the ledger's SQL is written on one database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Dialect {
    pub(crate) engine: Engine,
    /// The name of sqlx's table, as `sqlx.toml` may set it: `_sqlx_migrations`, `audit.applied`.
    pub(crate) applied: String,
    /// What the names of the runner's tables end with, so that projects that share a database and have a table of
    /// sqlx's each do not meet in them; nothing beside the usual one.
    suffix: String,
    /// Where the runner's tables are, with a dot, if the session may look elsewhere: `` `shop`. ``
    pub(crate) home: String,
    /// What lets the session find and use them within one message: whole statements or nothing.
    pub(crate) path: String,
    /// What goes before each change of them: whole statements or nothing.
    pub(crate) fence: String,
}

/// What is known of applied revisions beside sqlx's table.
pub(crate) const REVISIONS: &str = "_migrate_revisions";
/// How far a file came.
pub(crate) const JOURNAL: &str = "_migrate_journal";

/// For `_migrate_revisions`, the one table whose rows are replaced.
const INSTEAD: &str = " ON CONFLICT (version) DO UPDATE SET name = EXCLUDED.name, \
    phase = EXCLUDED.phase, floor = EXCLUDED.floor, outline = EXCLUDED.outline, \
    down_file = EXCLUDED.down_file, down_script = EXCLUDED.down_script";

impl Dialect {
    pub(crate) fn new(engine: Engine, applied: &str) -> Self {
        let (home, path, fence) = (String::new(), String::new(), String::new());
        Self { engine, applied: applied.to_owned(), suffix: suffix(applied), home, path, fence }
    }

    /// The name of one of the runner's tables, [`REVISIONS`] or [`JOURNAL`], beside this table of sqlx's; others stay.
    pub(crate) fn own(&self, table: &str) -> String {
        let suffix = if [REVISIONS, JOURNAL].contains(&table) { &self.suffix } else { "" };
        format!("{table}{suffix}")
    }

    /// How many statements [`script`] makes of these.
    pub(crate) fn statements(&self, writes: &[Write<'_>]) -> usize {
        writes.len()
            + [&self.path, &self.fence].iter().map(|s| s.matches(";\n").count()).sum::<usize>()
    }

    /// A question to the runner's tables, wherever the session looks by itself.
    pub(crate) fn question(&self, sql: &str) -> String {
        format!("{}{}", self.path, self.name(sql))
    }

    /// The text with the name of sqlx's table in it, and the words that put a row in place of
    /// another with the same version.
    pub(crate) fn name(&self, sql: &str) -> String {
        let (replace, instead) = match self.engine {
            Engine::Sqlite | Engine::MySql | Engine::MariaDb => ("REPLACE", ""),
            Engine::Postgres => ("INSERT", INSTEAD),
        };
        let sql = sql.replace(REVISIONS, &self.own(REVISIONS)).replace(JOURNAL, &self.own(JOURNAL));
        let sql = sql.replace("_migrate_", &format!("{}_migrate_", self.home));
        let sql = sql.replace("{applied}", &self.applied());
        sql.replace("{replace}", replace).replace("{instead}", instead)
    }

    /// The name of sqlx's table, as it is found from everywhere.
    fn applied(&self) -> String {
        let home = if self.applied.contains('.') { "" } else { self.home.as_str() };
        format!("{home}{}", self.applied)
    }
}

/// Short and the same for ever: of names that are long, or not plain on every engine, there is the beginning and a
/// digest.
fn suffix(applied: &str) -> String {
    const LONGEST: usize = 40;
    const BEGIN: usize = 20;
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    if applied == "_sqlx_migrations" {
        String::new()
    } else if applied.len() <= LONGEST
        && applied.bytes().all(is_plain)
        && !applied.contains("_migrate_")
    {
        format!("_of_{applied}")
    } else {
        let letter = |byte: u8| if is_plain(byte) { char::from(byte) } else { '_' };
        let begin: String = applied.to_ascii_lowercase().bytes().take(BEGIN).map(letter).collect();
        let begin = if begin.contains("_migrate_") { String::new() } else { begin + "_" };
        let digest = Sha256::digest(applied.as_bytes());
        let head = digest.iter().take(4).fold(0_u32, |head, byte| head << 8 | u32::from(*byte));
        format!("_of_{begin}{head:08x}")
    }
}

/// A statement of the ledger with its values, not yet sent.
///
/// Values are written out as literals, so that several statements and the `COMMIT` behind them can
/// travel as one message: on a network the ledger costs one round trip a file.
#[derive(Clone, Debug)]
pub(crate) struct Write<'a> {
    /// Its text; `?` stands for a value and `{applied}` for sqlx's table.
    sql: &'static str,
    values: Vec<Literal<'a>>,
}

/// A value, to be written as the engine reads it whatever the session's settings are.
#[derive(Clone, Debug)]
pub(crate) enum Literal<'a> {
    Int(i64),
    Bool(bool),
    Text(Cow<'a, str>),
    MaybeText(Option<Cow<'a, str>>),
    Bytes(Cow<'a, [u8]>),
}

impl<'a> Write<'a> {
    pub(crate) fn new(sql: &'static str, values: impl Into<Vec<Literal<'a>>>) -> Self {
        Self { sql, values: values.into() }
    }

    /// The same, with values of its own.
    pub(crate) fn into_owned(self) -> Write<'static> {
        let values = self.values.into_iter().map(Literal::into_owned).collect();
        Write { sql: self.sql, values }
    }

    /// The statement as this database reads it, without a delimiter.
    pub(crate) fn render(&self, dialect: &Dialect) -> String {
        let sql = dialect.name(self.sql);
        let mut parts = between_values(&sql);
        let mut text = parts.next().unwrap_or_default().to_owned();
        for (part, value) in parts.zip(&self.values) {
            value.append(dialect.engine, &mut text);
            text.push_str(part);
        }
        text
    }
}

/// A question of the runner's own with its values written out: `?` stands for a value.
pub(super) fn question(engine: Engine, sql: &str, values: &[Value<'_>]) -> String {
    let mut parts = between_values(sql);
    let mut text = parts.next().unwrap_or_default().to_owned();
    for (part, value) in parts.zip(values) {
        match *value {
            Value::Int(value) => Literal::Int(value).append(engine, &mut text),
            Value::Text(value) => Literal::from(value).append(engine, &mut text),
        }
        text.push_str(part);
    }
    text
}

/// The text around its values: a `?` within a name or a literal is a letter of it.
fn between_values(sql: &str) -> impl Iterator<Item = &str> {
    let mut quote = None;
    sql.split(move |letter: char| {
        match quote {
            Some(open) if letter == open => quote = None,
            None if matches!(letter, '\'' | '"' | '`') => quote = Some(letter),
            None if letter == '?' => return true,
            Some(_) | None => {}
        }
        false
    })
}

/// Several statements as one text for an open transaction, each with its delimiter.
pub(crate) fn script(dialect: &Dialect, writes: &[Write<'_>]) -> String {
    let before = format!("{}{}", dialect.path, dialect.fence);
    writes.iter().fold(before, |text, write| text + &write.render(dialect) + ";\n")
}

impl Literal<'_> {
    fn into_owned(self) -> Literal<'static> {
        match self {
            Self::Int(value) => Literal::Int(value),
            Self::Bool(value) => Literal::Bool(value),
            Self::Text(value) => Literal::Text(Cow::Owned(value.into_owned())),
            Self::MaybeText(value) => {
                Literal::MaybeText(value.map(|value| Cow::Owned(value.into_owned())))
            }
            Self::Bytes(value) => Literal::Bytes(Cow::Owned(value.into_owned())),
        }
    }

    pub(crate) fn append(&self, engine: Engine, text: &mut String) {
        match self {
            Self::Int(value) => text.push_str(&value.to_string()),
            Self::Bool(value) => text.push_str(if *value { "TRUE" } else { "FALSE" }),
            Self::Text(value) | Self::MaybeText(Some(value)) => quote(engine, value, text),
            Self::MaybeText(None) => text.push_str("NULL"),
            Self::Bytes(value) => bytes(engine, value, text),
        }
    }
}

fn quote(engine: Engine, value: &str, text: &mut String) {
    match engine {
        // A zero byte would end the text for SQLite's parser.
        Engine::Sqlite if value.contains('\0') => {
            text.push_str("CAST(");
            bytes(engine, value.as_bytes(), text);
            text.push_str(" AS TEXT)");
        }
        Engine::Sqlite => doubled(value, text),
        // Read alike with and without NO_BACKSLASH_ESCAPES, and in whatever character set.
        Engine::MySql | Engine::MariaDb => {
            text.push_str("_utf8mb4 ");
            bytes(engine, value.as_bytes(), text);
        }
        // Read alike whatever standard_conforming_strings says.
        Engine::Postgres => {
            text.push('E');
            doubled(&value.replace('\\', "\\\\"), text);
        }
    }
}

fn doubled(value: &str, text: &mut String) {
    text.push('\'');
    text.push_str(&value.replace('\'', "''"));
    text.push('\'');
}

fn bytes(engine: Engine, value: &[u8], text: &mut String) {
    text.push_str(match engine {
        Engine::Sqlite | Engine::MySql | Engine::MariaDb => "x'",
        Engine::Postgres => "E'\\\\x",
    });
    for byte in value {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text.push_str(match engine {
        Engine::Sqlite | Engine::MySql | Engine::MariaDb => "'",
        Engine::Postgres => "'::bytea",
    });
}

impl From<i64> for Literal<'_> {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<bool> for Literal<'_> {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl<'a> From<&'a str> for Literal<'a> {
    fn from(value: &'a str) -> Self {
        Self::Text(Cow::Borrowed(value))
    }
}

impl From<String> for Literal<'_> {
    fn from(value: String) -> Self {
        Self::Text(Cow::Owned(value))
    }
}

impl<'a> From<Option<&'a str>> for Literal<'a> {
    fn from(value: Option<&'a str>) -> Self {
        Self::MaybeText(value.map(Cow::Borrowed))
    }
}

impl From<Vec<u8>> for Literal<'_> {
    fn from(value: Vec<u8>) -> Self {
        Self::Bytes(Cow::Owned(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rendered(engine: Engine, value: impl Into<Literal<'static>>) -> String {
        let dialect = Dialect::new(engine, "t");
        Write::new("SET a = ?, b = 1", vec![value.into()]).render(&dialect)
    }

    #[test]
    fn statements_before_the_ledgers_own_are_counted() {
        let mut dialect = Dialect::new(Engine::MariaDb, "t");
        let writes = [Write::new("DELETE FROM t", [])];
        assert_eq!(dialect.statements(&writes), 1);
        dialect.fence = "UPDATE l SET a = 1;\nINSERT INTO l SELECT 1;\n".to_owned();
        assert_eq!(dialect.statements(&writes), 3);
        assert_eq!(script(&dialect, &writes).matches(";\n").count(), 3);
    }

    #[test]
    fn tables_are_found_from_another_database() {
        let mut dialect = Dialect::new(Engine::MySql, "applied");
        dialect.home = "`shop`.".to_owned();
        let sql =
            "DELETE FROM _migrate_journal WHERE version NOT IN (SELECT version FROM {applied})";
        let found = "DELETE FROM `shop`._migrate_journal_of_applied WHERE version NOT IN (SELECT version \
                     FROM `shop`.applied)";
        assert_eq!(dialect.name(sql), found);
        dialect.applied = "audit.applied".to_owned();
        assert_eq!(dialect.question("SELECT 1 FROM {applied}"), "SELECT 1 FROM audit.applied");
    }

    #[test]
    fn tables_beside_each_ledger_have_names_of_their_own() {
        let own = |applied: &str| Dialect::new(Engine::Postgres, applied).own(REVISIONS);
        assert_eq!(own("_sqlx_migrations"), "_migrate_revisions");
        assert_eq!(own("a_mig"), "_migrate_revisions_of_a_mig");
        let long = "l".repeat(60);
        let names = ["a.b_mig", "a_b.mig", "Applied", "\"odd name\"", "_migrate_x", &long].map(own);
        for (at, name) in names.iter().enumerate() {
            assert!(
                name.len() <= 63 && names.iter().skip(at + 1).all(|other| other != name),
                "{name}"
            );
            assert_eq!(name.matches("_migrate_").count(), 1, "{name}");
        }
        assert_eq!(Dialect::new(Engine::Sqlite, "a").own("alembic_version"), "alembic_version");
    }

    #[test]
    fn question_marks_of_names_and_literals_stand_for_no_value() {
        let mut dialect = Dialect::new(Engine::MySql, "t");
        dialect.home = "`a?b`.".to_owned();
        let write = Write::new(
            "UPDATE {applied} SET a = ? WHERE b = '?' AND c = ?",
            [Literal::Int(1), Literal::Int(2)],
        );
        let named = "UPDATE `a?b`.t SET a = 1 WHERE b = '?' AND c = 2";
        assert_eq!(write.render(&dialect), named);
        let asked = question(Engine::MySql, "SELECT ? FROM `a``?`.`b?`", &[Value::Int(3)]);
        assert_eq!(asked, "SELECT 3 FROM `a``?`.`b?`");
    }

    #[test]
    fn text_is_quoted_so_that_no_setting_changes_it() {
        let value = "it's \\n";
        assert_eq!(rendered(Engine::Sqlite, value), "SET a = 'it''s \\n', b = 1");
        assert_eq!(rendered(Engine::Postgres, value), "SET a = E'it''s \\\\n', b = 1");
        assert_eq!(rendered(Engine::MariaDb, value), "SET a = _utf8mb4 x'69742773205c6e', b = 1");
        assert_eq!(rendered(Engine::Sqlite, "a\0"), "SET a = CAST(x'6100' AS TEXT), b = 1");
    }

    #[test]
    fn other_values_are_written_as_each_engine_reads_them() {
        assert_eq!(rendered(Engine::Postgres, vec![0xab_u8]), "SET a = E'\\\\xab'::bytea, b = 1");
        assert_eq!(rendered(Engine::MySql, vec![0xab_u8]), "SET a = x'ab', b = 1");
        assert_eq!(rendered(Engine::MySql, true), "SET a = TRUE, b = 1");
        assert_eq!(rendered(Engine::MySql, -1), "SET a = -1, b = 1");
        assert_eq!(rendered(Engine::MySql, None::<&'static str>), "SET a = NULL, b = 1");
    }
}

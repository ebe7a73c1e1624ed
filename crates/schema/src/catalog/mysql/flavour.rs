use crate::model::Dialect;
use crate::scan::scan;

/// Which of the two servers answers, and what it says differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flavour {
    MySql,
    MariaDb,
}

impl Flavour {
    /// By what `VERSION()` says.
    pub(super) fn of(version: &str) -> Self {
        if version.contains("MariaDB") { Self::MariaDb } else { Self::MySql }
    }

    pub(super) const fn dialect(self) -> Dialect {
        match self {
            Self::MySql => Dialect::MySql,
            Self::MariaDb => Dialect::MariaDb,
        }
    }

    pub(super) const fn columns_sql(self) -> &'static str {
        match self {
            Self::MySql => include_str!("columns.sql"),
            Self::MariaDb => include_str!("columns_mariadb.sql"),
        }
    }

    pub(super) const fn indexes_sql(self) -> &'static str {
        match self {
            Self::MySql => include_str!("indexes.sql"),
            Self::MariaDb => include_str!("indexes_mariadb.sql"),
        }
    }

    pub(super) const fn checks_sql(self) -> &'static str {
        match self {
            Self::MySql => include_str!("checks.sql"),
            Self::MariaDb => include_str!("checks_mariadb.sql"),
        }
    }

    /// An expression as `information_schema` shows it, as SQL that the server takes back.
    ///
    /// `MySQL` escapes quotes and backslashes once more than the statement did, and encodes as UTF-8 what is
    /// UTF-8 already. It puts `_utf8mb4` before each text of a session in UTF-8, which `MariaDB` would keep.
    pub(super) fn expression(self, shown: &str) -> String {
        match self {
            Self::MySql => without_introducers(&unescaped(&decoded(shown))),
            Self::MariaDb => shown.to_owned(),
        }
    }
}

/// The text that was encoded twice; one that was not stays.
fn decoded(text: &str) -> String {
    let bytes: Option<Vec<u8>> = text.chars().map(|one| u8::try_from(one).ok()).collect();
    let decoded = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    decoded.unwrap_or_else(|| text.to_owned())
}

fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => plain.extend(characters.next()),
            other => plain.push(other),
        }
    }
    plain
}

fn without_introducers(expression: &str) -> String {
    let Ok(tokens) = scan(Dialect::MySql, expression) else { return expression.to_owned() };
    let (mut plain, mut end) = (String::with_capacity(expression.len()), 0);
    for pair in tokens.windows(2) {
        let [introducer, text] = pair else { continue };
        if introducer.is("_utf8mb4") && text.text.starts_with('\'') {
            plain.push_str(expression.get(end..introducer.start).unwrap_or_default());
            end = text.start;
        }
    }
    plain + expression.get(end..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_that_mysql_escapes_once_more_are_plain() {
        let shown = r"(`status` in (_utf8mb4\'a\',_utf8mb4\'b\'))";
        assert_eq!(Flavour::MySql.expression(shown), "(`status` in ('a','b'))");
        assert_eq!(Flavour::MariaDb.expression("`s` in ('a')"), "`s` in ('a')");
    }

    #[test]
    fn text_that_is_encoded_twice_is_decoded() {
        let shown = "`h\u{c3}\u{b6}he` <> '\u{f0}\u{9f}\u{98}\u{80}'";
        assert_eq!(Flavour::MySql.expression(shown), "`höhe` <> '😀'");
        assert_eq!(Flavour::MySql.expression("`höhe` <> '漢'"), "`höhe` <> '漢'");
    }
}

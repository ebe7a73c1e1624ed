use super::text::{in_parentheses, literal, name};
use crate::model::{Column, Dialect, Identity, Storage};

/// Where columns are written: what need not be said of them again.
#[derive(Clone, Copy, Debug)]
pub(super) struct Home<'a> {
    pub(super) dialect: Dialect,
    /// The collation that the table gives to its text columns.
    pub(super) collation: Option<&'a str>,
}

/// The whole column: MODIFY and CHANGE drop whatever they do not say.
pub(super) fn column(home: Home<'_>, column: &Column) -> String {
    format!("{} {}", name(&column.name), definition(home, column))
}

/// The whole column but its name.
pub(super) fn definition(home: Home<'_>, column: &Column) -> String {
    let mut words = vec![data_type(home.dialect, column)];
    let attribute = |word: &str| column.attributes.get(word);
    if attribute("COMPRESSED").is_some() {
        words.push("COMPRESSED".to_owned());
    }
    let is_json = is_json(home.dialect, column);
    let collation = column.collation.as_deref();
    if let Some(collation) = collation.filter(|own| !is_json && home.collation != Some(own)) {
        words.push(format!("COLLATE {collation}"));
    }
    if let Some(generated) = &column.generated {
        words.push(format!("GENERATED ALWAYS AS {}", in_parentheses(&generated.expression)));
        words.push(storage(generated.storage).to_owned());
    }
    words.extend(nullability(home.dialect, column).map(str::to_owned));
    words.extend(attribute("SRID").map(|srid| format!("SRID {srid}")));
    words.extend(column.default.as_ref().map(|text| format!("DEFAULT {}", default(text))));
    words.extend(column.on_update.as_ref().map(|text| format!("ON UPDATE {text}")));
    if column.identity == Some(Identity::AutoIncrement) {
        words.push("AUTO_INCREMENT".to_owned());
    }
    for word in ["INVISIBLE", "WITHOUT SYSTEM VERSIONING"] {
        words.extend(attribute(word).map(|_| word.to_owned()));
    }
    words.extend(column.comment.as_ref().map(|text| format!("COMMENT {}", literal(text))));
    // `MariaDB` takes nothing behind it.
    if let Some(check) = attribute("CHECK").filter(|_| !is_json) {
        words.push(format!("CHECK {}", in_parentheses(check)));
    }
    words.join(" ")
}

/// `MariaDB` keeps JSON as text with a check, and says so with the same word.
fn is_json(dialect: Dialect, column: &Column) -> bool {
    let check = format!("json_valid(`{}`)", column.name.replace('`', "``"));
    dialect == Dialect::MariaDb
        && column.data_type == "longtext"
        && column.collation.as_deref() == Some("utf8mb4_bin")
        && column.generated.is_none()
        && column.attributes.get("CHECK") == Some(&check)
}

/// The type, without the width that `MariaDB` shows of every number.
fn data_type(dialect: Dialect, column: &Column) -> String {
    const WIDTHS: [(&str, &str); 11] = [
        ("tinyint(4)", "tinyint"),
        ("tinyint(3) unsigned", "tinyint unsigned"),
        ("smallint(6)", "smallint"),
        ("smallint(5) unsigned", "smallint unsigned"),
        ("mediumint(9)", "mediumint"),
        ("mediumint(8) unsigned", "mediumint unsigned"),
        ("int(11)", "int"),
        ("int(10) unsigned", "int unsigned"),
        ("bigint(20)", "bigint"),
        ("bigint(20) unsigned", "bigint unsigned"),
        ("year(4)", "year"),
    ];
    if is_json(dialect, column) {
        return "json".to_owned();
    }
    let plain = WIDTHS.iter().find(|(shown, _)| *shown == column.data_type);
    plain.map_or(column.data_type.as_str(), |(_, plain)| plain).to_owned()
}

const fn storage(storage: Storage) -> &'static str {
    match storage {
        Storage::Stored => "STORED",
        Storage::Virtual => "VIRTUAL",
    }
}

/// NULL is said of timestamps, which are NOT NULL without it where `explicit_defaults_for_timestamp` is off.
fn nullability(dialect: Dialect, column: &Column) -> Option<&'static str> {
    // `MariaDB` takes no NOT NULL of a generated column.
    let says_nothing = dialect == Dialect::MariaDb && column.generated.is_some();
    match column.nullable {
        _ if says_nothing => None,
        false => Some("NOT NULL"),
        true if column.data_type.starts_with("timestamp") && column.generated.is_none() => {
            Some("NULL")
        }
        true => None,
    }
}

/// Literals and the time of the statement stand bare, everything else in parentheses, without which only
/// `MariaDB` takes it.
fn default(text: &str) -> String {
    let word = text.to_ascii_lowercase();
    let is_bare = ["current_timestamp", "null", "'", "-", "b'", "x'"]
        .iter()
        .any(|begin| word.starts_with(begin))
        || text.starts_with(|first: char| first.is_ascii_digit());
    if is_bare { text.to_owned() } else { in_parentheses(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(dialect: Dialect, column: &Column) -> String {
        definition(Home { dialect, collation: Some("utf8mb4_bin") }, column)
    }

    #[test]
    fn all_of_a_column_is_said() {
        let mut column = Column {
            nullable: false,
            default: Some("(uuid())".to_owned()),
            collation: Some("latin1_bin".to_owned()),
            comment: Some("it's".to_owned()),
            ..Column::new("a", "varchar(36)")
        };
        column.attributes.insert("INVISIBLE".to_owned(), String::new());
        assert_eq!(
            said(Dialect::MySql, &column),
            "varchar(36) COLLATE latin1_bin NOT NULL DEFAULT (uuid()) INVISIBLE COMMENT 'it''s'"
        );
    }

    #[test]
    fn json_is_said_with_its_own_word() {
        let mut column =
            Column { collation: Some("utf8mb4_bin".to_owned()), ..Column::new("a", "longtext") };
        assert_eq!(said(Dialect::MariaDb, &column), "longtext");
        column.attributes.insert("CHECK".to_owned(), "json_valid(`a`)".to_owned());
        assert_eq!(said(Dialect::MariaDb, &column), "json");
    }

    #[test]
    fn timestamps_say_null() {
        assert_eq!(said(Dialect::MySql, &Column::new("a", "timestamp(6)")), "timestamp(6) NULL");
        assert_eq!(said(Dialect::MariaDb, &Column::new("a", "int(11)")), "int");
    }
}

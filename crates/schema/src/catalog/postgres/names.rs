//! Names and texts as the server writes them.

use crate::model::{Name, TableOptions};

/// The attribute of a column whose sequence has another name than the server would choose.
pub(crate) const SEQUENCE_NAME: &str = "SEQUENCE NAME";

/// The attribute of a column that owns a sequence without counting with it.
pub(crate) const OWNED_SEQUENCE: &str = "OWNED SEQUENCE";

/// How many bytes a name has at most (`NAMEDATALEN` in `pg_config_manual.h`, less one).
const LONGEST: usize = 63;

/// The keywords that a name must not be without quotes: all but the unreserved of `pg_get_keywords()`.
const KEYWORDS: &str = " all analyse analyze and any array as asc asymmetric authorization between bigint binary bit \
    boolean both case cast char character check coalesce collate collation column concurrently constraint create \
    cross current_catalog current_date current_role current_schema current_time current_timestamp current_user dec \
    decimal default deferrable desc distinct do else end except exists extract false fetch float for foreign freeze \
    from full grant greatest group grouping having ilike in initially inner inout int integer intersect interval \
    into is isnull join json json_array json_arrayagg json_exists json_object json_objectagg json_query json_scalar \
    json_serialize json_table json_value lateral leading least left like limit localtime localtimestamp \
    merge_action national natural nchar none normalize not notnull null nullif numeric offset on only or order out \
    outer overlaps overlay placing position precision primary real references returning right row select \
    session_user setof similar smallint some substring symmetric system_user table tablesample then time timestamp \
    to trailing treat trim true union unique user using values varchar variadic verbose when where window with \
    xmlattributes xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize \
    xmltable ";

/// A name as it stands in SQL: in quotes where the server's `quote_ident` puts them.
pub(crate) fn quoted(name: &str) -> String {
    let begins = name.starts_with(|first: char| first.is_ascii_lowercase() || first == '_');
    let is_plain =
        begins && name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'));
    if is_plain && !KEYWORDS.contains(&format!(" {name} ")) {
        name.to_owned()
    } else {
        format!("\"{}\"", name.replace('"', "\"\""))
    }
}

/// An object's name as it stands in SQL.
pub(crate) fn qualified(name: &Name) -> String {
    match &name.schema {
        Some(schema) => format!("{}.{}", quoted(schema), quoted(&name.local)),
        None => quoted(&name.local),
    }
}

/// The last part of a name as it stands in SQL: `b` of `a.b`.
pub(crate) fn last_part(qualified: &str) -> &str {
    let (mut is_quoted, mut start) = (false, 0);
    for (at, character) in qualified.char_indices() {
        match character {
            '"' => is_quoted = !is_quoted,
            '.' if !is_quoted => start = at + 1,
            _ => {}
        }
    }
    qualified.get(start..).unwrap_or_default()
}

/// Names with commas between them.
pub(crate) fn list(names: &[String]) -> String {
    names.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", ")
}

/// A collation as it stands in SQL: the server's own by its name, another as the server prints it.
pub(crate) fn collation(name: &str) -> String {
    if name.contains('"') { name.to_owned() } else { format!("\"{name}\"") }
}

/// A text as the server's `quote_literal` writes it.
pub(crate) fn literal(text: &str) -> String {
    let doubled = text.replace('\'', "''");
    if text.contains('\\') {
        format!("E'{}'", doubled.replace('\\', "\\\\"))
    } else {
        format!("'{doubled}'")
    }
}

/// A name that is not longer than the server takes.
pub(crate) fn clipped(name: &str, length: usize) -> &str {
    let end = (0..=length.min(name.len())).rev().find(|at| name.is_char_boundary(*at));
    name.get(..end.unwrap_or_default()).unwrap_or_default()
}

/// A name made of a table's, a column's and a word, as the server chooses it: the longer of the first two
/// is cut where all are too long (`makeObjectName` in src/backend/commands/indexcmds.c).
pub(crate) fn chosen(table: &str, column: &str, word: &str) -> String {
    let room = LONGEST.saturating_sub(word.len() + 2);
    let (mut first, mut second) = (table.len(), column.len());
    while first + second > room {
        if first > second {
            first -= 1;
        } else {
            second -= 1;
        }
    }
    format!("{}_{}_{word}", clipped(table, first), clipped(column, second))
}

/// A name with a word behind it, for what stands there only while statements run.
pub(crate) fn suffixed(name: &Name, word: &str) -> Name {
    let stem = clipped(&name.local, LONGEST.saturating_sub(word.len() + 1));
    name.sibling(format!("{stem}_{word}"))
}

/// A text with a name in it replaced, where it is no part of another.
pub(crate) fn replaced(text: &str, old: &str, new: &str) -> String {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '"' | '$');
    let mut replaced = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(old) {
        let (before, behind) = rest.split_at(at);
        let behind = behind.strip_prefix(old).unwrap_or_default();
        replaced.push_str(before);
        let is_whole =
            !replaced.ends_with(|c| is_part(c) || c == '.') && !behind.starts_with(is_part);
        replaced.push_str(if is_whole { new } else { old });
        rest = behind;
    }
    replaced + rest
}

/// The name that the server gives the sequence of an identity or serial column.
pub(crate) fn sequence_name(table: &Name, column: &str) -> Name {
    table.sibling(chosen(&table.local, column, "seq"))
}

/// What a constraint has that its form in the model has no place for; it stands among the options of
/// its table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extra {
    /// Storage parameters of the index behind it.
    Index,
    /// Columns that a primary key's index carries.
    Include,
    /// When a primary key is checked.
    Deferral,
    /// `FULL`, of a foreign key.
    Match,
    /// The columns that `ON DELETE SET` sets.
    OnDelete,
    /// `NO INHERIT`, of a check.
    Inherit,
}

impl Extra {
    const ALL: [Self; 6] =
        [Self::Index, Self::Include, Self::Deferral, Self::Match, Self::OnDelete, Self::Inherit];

    const fn word(self) -> &'static str {
        match self {
            Self::Index => "WITH of ",
            Self::Include => "INCLUDE of ",
            Self::Deferral => "DEFERRABLE of ",
            Self::Match => "MATCH of ",
            Self::OnDelete => "ON DELETE of ",
            Self::Inherit => "INHERIT of ",
        }
    }

    /// The option that holds it for a constraint.
    pub(crate) fn key(self, constraint: &str) -> String {
        format!("{}{constraint}", self.word())
    }

    /// What the options say about a constraint.
    pub(crate) fn of<'a>(self, options: &'a TableOptions, constraint: &str) -> Option<&'a str> {
        options.parameters.get(&self.key(constraint)).map(String::as_str)
    }

    /// The constraint that an option is about, if it is about one.
    pub(crate) fn constraint(option: &str) -> Option<&str> {
        Self::ALL.into_iter().find_map(|extra| option.strip_prefix(extra.word()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted_where_they_have_to_be() {
        for (name, sql) in [
            ("users", "users"),
            ("_a1", "_a1"),
            ("order", "\"order\""),
            ("Users", "\"Users\""),
            ("1a", "\"1a\""),
            ("a b", "\"a b\""),
            ("a\"b", "\"a\"\"b\""),
            ("größe", "\"größe\""),
            ("name", "name"),
        ] {
            assert_eq!(quoted(name), sql);
        }
    }

    #[test]
    fn texts_are_quoted_whatever_the_server_takes_backslashes_for() {
        assert_eq!(literal("it's"), "'it''s'");
        assert_eq!(literal("a\\'b"), "E'a\\\\''b'");
    }

    #[test]
    fn long_names_are_cut_as_the_server_does() {
        let (table, column) = ("t".repeat(40), "c".repeat(40));
        let expected = format!("{}_{}_seq", "t".repeat(29), "c".repeat(29));
        assert_eq!(chosen(&table, &column, "seq"), expected);
        assert_eq!(chosen("t", "id", "seq"), "t_id_seq");
        assert_eq!(clipped("aé", 2), "a");
    }

    #[test]
    fn names_are_replaced_where_they_stand_alone() {
        assert_eq!(
            replaced("ALTER TABLE t ADD t2, at, s.t, (t.a), \"t\"", "t", "u"),
            "ALTER TABLE u ADD t2, at, s.t, (u.a), \"t\""
        );
    }
}

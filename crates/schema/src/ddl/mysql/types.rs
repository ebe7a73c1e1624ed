mod reads;

use crate::model::Dialect;
use crate::scan::{Kind, scan};

/// A type in its parts: `decimal(10,2) unsigned` is its word, two numbers and a mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Type<'a> {
    word: &'a str,
    arguments: &'a str,
    is_unsigned: bool,
}

impl<'a> Type<'a> {
    pub(super) fn parse(text: &'a str) -> Self {
        let head = text.split(' ').next().unwrap_or_default();
        let (word, arguments) = match text.split_once('(') {
            Some((word, rest)) => (word, rest.rsplit_once(')').map_or(rest, |(inner, _)| inner)),
            None => (head, ""),
        };
        let behind = text.rsplit_once(')').map_or(text, |(_, behind)| behind);
        Self { word, arguments, is_unsigned: behind.contains("unsigned") }
    }

    /// The values of an enum or a set, as literals.
    pub(super) fn values(&self) -> Option<Vec<String>> {
        if !matches!(self.word, "enum" | "set") {
            return None;
        }
        let tokens = scan(Dialect::MySql, self.arguments).unwrap_or_default();
        let texts = tokens.iter().filter(|token| token.kind == Kind::Text);
        Some(texts.map(|token| token.text.to_owned()).collect())
    }

    /// What a type makes of values that have room in it, in words behind those of the column; `None` if they stay as
    /// they are.
    pub(super) fn reshapes(&self, to: &Type<'_>) -> Option<&'static str> {
        let is_varying =
            matches!(self.word, "varchar" | "tinytext" | "text" | "mediumtext" | "longtext");
        match (self.word, to.word) {
            // The length is that of the type.
            ("binary", "binary") => None,
            (_, "binary") if self.room().is_some() => Some("the length, which zero bytes fill up"),
            (_, "char") if is_varying => Some("the spaces at the end"),
            (_, "json") if is_varying || self.word == "char" => {
                Some("how it is written: spaces, the order of keys, keys that are there twice")
            }
            _ => None,
        }
    }

    /// Whether a server makes of values of this type the ones at their places, or takes them for places.
    pub(super) fn is_taken_by_place(&self, to: &Type<'_>) -> bool {
        self.is_list() && to.is_number() || self.is_number() && to.is_list()
    }

    fn is_list(&self) -> bool {
        matches!(self.word, "enum" | "set")
    }

    pub(super) fn is_set(&self) -> bool {
        self.word == "set"
    }

    pub(super) fn is_bits(&self) -> bool {
        self.word == "bit"
    }

    pub(super) fn is_unsigned_64(&self) -> bool {
        self.word == "bigint" && self.is_unsigned
    }

    fn is_number(&self) -> bool {
        self.integer().is_some() || matches!(self.word, "decimal" | "float" | "double" | "bit")
    }

    /// How many characters a value of a list or a number takes at most.
    pub(super) fn written_width(&self) -> u64 {
        const OF_FLOATS: u64 = 32;
        self.width().unwrap_or(OF_FLOATS).max(1)
    }

    fn numbers(&self) -> Vec<u64> {
        self.arguments.split(',').filter_map(|number| number.trim().parse().ok()).collect()
    }

    fn number(&self, at: usize) -> Option<u64> {
        self.numbers().get(at).copied()
    }

    /// How many bits an integer has, and how many digits its greatest value.
    fn integer(&self) -> Option<(u64, u64)> {
        let known = match self.word {
            "tinyint" => (8, 3),
            "smallint" => (16, 5),
            "mediumint" => (24, 8),
            "int" => (32, 10),
            "bigint" => (64, 20),
            "year" => (13, 4),
            _ => return None,
        };
        Some(known)
    }

    /// How many characters or bytes a text has room for, and whether they are bytes.
    fn room(&self) -> Option<(u64, bool)> {
        let length = self.number(0).unwrap_or(1);
        let room = match self.word {
            "char" | "varchar" => (length, false),
            "binary" | "varbinary" => (length, true),
            // Room is in bytes, of which a character takes up to four.
            "tinytext" => (63, false),
            "text" => (0x3FFF, false),
            "mediumtext" => (0x3F_FFFF, false),
            "longtext" | "json" => (0x3FFF_FFFF, false),
            "tinyblob" => (0xFF, true),
            "blob" => (0xFFFF, true),
            "mediumblob" => (0xFF_FFFF, true),
            "longblob" => (0xFFFF_FFFF, true),
            _ => return None,
        };
        Some(room)
    }

    /// How many characters a value takes at most, written out; of those whose form loses nothing.
    fn width(&self) -> Option<u64> {
        let longest = |text: &String| text.chars().count() as u64;
        let width = match self.word {
            "uuid" => 36,
            "inet6" => 39,
            "inet4" => 15,
            "date" => 10,
            "time" => 17,
            "datetime" | "timestamp" => 26,
            "enum" => self.values()?.iter().map(longest).max().unwrap_or(0),
            "set" => self.values()?.iter().map(longest).sum(),
            "decimal" => self.number(0).unwrap_or(10) + 2,
            _ => self.integer()?.1 + 1,
        };
        Some(width)
    }
}

/// Whether every value of one type has room in the other.
pub(super) fn fits(from: &Type<'_>, to: &Type<'_>) -> bool {
    if let (Some((old, old_bytes)), Some((new, new_bytes))) = (from.room(), to.room()) {
        let fits = match (old_bytes, new_bytes) {
            (true, true) | (false, false) => new >= old,
            (false, true) => new >= old.saturating_mul(4),
            // Not all bytes are characters.
            (true, false) => false,
        };
        return fits;
    }
    if let (Some(width), Some((room, false))) = (from.width(), to.room()) {
        return room >= width;
    }
    match (from.integer(), to.integer()) {
        (Some((old, _)), Some((new, _))) => integers_fit(from, to, old, new),
        (Some((bits, digits)), None) => match to.word {
            "decimal" => !is_signed_lost(from, to) && whole_digits(to) >= digits,
            "double" => bits <= 53,
            "float" => bits <= 24,
            _ => false,
        },
        (None, Some(_) | None) => others_fit(from, to),
    }
}

fn is_signed_lost(from: &Type<'_>, to: &Type<'_>) -> bool {
    !from.is_unsigned && to.is_unsigned && from.word != "year"
}

fn integers_fit(from: &Type<'_>, to: &Type<'_>, old: u64, new: u64) -> bool {
    let needed = if from.is_unsigned && !to.is_unsigned { old + 1 } else { old };
    !is_signed_lost(from, to) && new >= needed && to.word != "year"
        || from.word == to.word && from.is_unsigned == to.is_unsigned
}

fn whole_digits(decimal: &Type<'_>) -> u64 {
    decimal.number(0).unwrap_or(10).saturating_sub(decimal.number(1).unwrap_or(0))
}

fn others_fit(from: &Type<'_>, to: &Type<'_>) -> bool {
    let argument = |one: &Type<'_>| one.number(0).unwrap_or(0);
    match (from.word, to.word) {
        ("decimal", "decimal") => {
            let scale = |one: &Type<'_>| one.number(1).unwrap_or(0);
            !is_signed_lost(from, to)
                && whole_digits(to) >= whole_digits(from)
                && scale(to) >= scale(from)
        }
        // Digits behind the type round the values.
        ("float" | "double", "double") | ("float", "float") => {
            !is_signed_lost(from, to) && (to.arguments.is_empty() || to.arguments == from.arguments)
        }
        ("bit", "bit")
        | ("time", "time")
        | ("datetime", "datetime")
        | ("timestamp", "timestamp" | "datetime") => argument(to) >= argument(from),
        ("date", "datetime")
        | ("enum", "enum")
        | ("set", "set")
        | ("inet4", "inet6")
        | ("point" | "linestring" | "polygon" | "geometrycollection", "geometry")
        | ("multipoint" | "multilinestring" | "multipolygon", "geometry" | "geometrycollection") => {
            true
        }
        (old, new) => old == new && from.arguments == to.arguments,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wider_types_lose_nothing() {
        for (from, to) in [
            ("int", "bigint"),
            ("int(11)", "int"),
            ("int unsigned", "bigint"),
            ("tinyint(1)", "int"),
            ("int", "double"),
            ("int", "varchar(11)"),
            ("int", "decimal(12,2)"),
            ("decimal(10,2)", "decimal(12,3)"),
            ("varchar(10)", "varchar(20)"),
            ("varchar(255)", "text"),
            ("text", "longtext"),
            ("varchar(10)", "varbinary(40)"),
            ("binary(4)", "varbinary(4)"),
            ("enum('a','b')", "varchar(10)"),
            ("datetime", "datetime(6)"),
            ("timestamp(3)", "datetime(3)"),
            ("date", "datetime"),
            ("float", "double"),
            ("json", "longtext"),
            ("uuid", "char(36)"),
            ("bit(1)", "bit(3)"),
            ("year", "int"),
        ] {
            assert!(fits(&Type::parse(from), &Type::parse(to)), "{from} to {to}");
        }
    }

    #[test]
    fn narrower_types_may_lose() {
        for (from, to) in [
            ("bigint", "int"),
            ("int", "int unsigned"),
            ("int unsigned", "int"),
            ("bigint", "double"),
            ("varchar(20)", "varchar(10)"),
            ("text", "varchar(255)"),
            ("varchar(10)", "int"),
            ("varbinary(10)", "varchar(10)"),
            ("decimal(10,2)", "decimal(10,3)"),
            ("decimal(10,2)", "int"),
            ("double", "float"),
            ("double", "double(10,2)"),
            ("datetime(6)", "datetime"),
            ("datetime", "date"),
            ("datetime", "timestamp"),
            ("varchar(9)", "enum('a')"),
            ("bit(3)", "bit(1)"),
            ("int", "year(4)"),
            ("date", "time"),
        ] {
            assert!(!fits(&Type::parse(from), &Type::parse(to)), "{from} to {to}");
        }
    }
}

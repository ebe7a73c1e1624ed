use super::{Type, whole_digits};

/// How many decimal digits each number of the type keeps.
const FLOAT_DIGITS: usize = 6;
const DOUBLE_DIGITS: usize = 15;

impl Type<'_> {
    /// Whether a literal is a number that this type of numbers has as it is.
    pub(in super::super) fn reads(&self, literal: &str) -> bool {
        let text = literal.trim_matches('\'');
        match self.word {
            "decimal" => self.has_digits(text),
            // Digits behind the type round the values.
            "float" | "double" if self.numbers().len() == 2 => self.has_digits(text),
            "float" => {
                let number = text.parse::<f32>();
                number.is_ok_and(|number| self.has(number.into(), text, FLOAT_DIGITS))
            }
            "double" => text.parse().is_ok_and(|number| self.has(number, text, DOUBLE_DIGITS)),
            // Of fewer digits the server makes a year of this century, or of the last.
            "year" => {
                text == "0000" || text.parse().is_ok_and(|year| (1901..=2155).contains(&year))
            }
            _ => text.parse::<i128>().is_ok_and(|number| self.has_integer(number)),
        }
    }

    /// How the server writes the number of a literal that this type has; `None` where that is not told.
    pub(in super::super) fn writes(&self, literal: &str) -> Option<String> {
        let text = literal.trim_matches('\'');
        let scale = self.number(1);
        let written = match self.word {
            "bit" | "year" => return None,
            "float" | "double" if scale.is_none() => text.parse::<f64>().ok()?.to_string(),
            "decimal" | "float" | "double" => with_digits(text, scale.unwrap_or(0)),
            _ => text.parse::<i128>().ok()?.to_string(),
        };
        Some(format!("'{written}'"))
    }

    /// The text of such a number as a number again.
    pub(in super::super) fn number_of(&self, column: &str) -> String {
        if matches!(self.word, "float" | "double") {
            return format!("{column} + 0");
        }
        let scale = if self.word == "decimal" { self.number(1).unwrap_or(0) } else { 0 };
        format!("CAST({column} AS DECIMAL(65,{scale}))")
    }

    /// Whether so many digits keep the number apart from all others.
    fn has(&self, number: f64, text: &str, most: usize) -> bool {
        let digits = text.split(['e', 'E']).next().unwrap_or_default();
        let digits: String = digits.chars().filter(char::is_ascii_digit).collect();
        let significant = digits.trim_matches('0').len();
        number.is_finite()
            && (number >= 0.0 || !self.is_unsigned)
            && significant <= most
            && (significant == 0 || number != 0.0)
    }

    fn has_integer(&self, number: i128) -> bool {
        let bits = self.integer().map_or_else(|| self.number(0).unwrap_or(1), |(bits, _)| bits);
        if self.is_unsigned || self.is_bits() {
            return (0..1 << bits).contains(&number);
        }
        let half = 1 << (bits - 1);
        (-half..half).contains(&number)
    }

    /// Whether the digits before and behind the point have room.
    fn has_digits(&self, text: &str) -> bool {
        let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let is_number = !whole.is_empty() || !fraction.is_empty();
        let is_of_digits =
            is_number && [whole, fraction].concat().chars().all(|one| one.is_ascii_digit());
        let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
        let is_negative = text.starts_with('-') && !(whole.is_empty() && fraction.is_empty());
        is_of_digits
            && !(is_negative && self.is_unsigned)
            && whole.len() as u64 <= whole_digits(self)
            && fraction.len() as u64 <= self.number(1).unwrap_or(0)
    }
}

/// With as many digits behind the point as there are always, and none before the first that counts.
fn with_digits(text: &str, scale: u64) -> String {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let (sign, whole) = whole.strip_prefix('-').map_or(("", whole), |whole| ("-", whole));
    let whole = whole.trim_start_matches(['+', '0']);
    let is_zero = whole.is_empty() && fraction.trim_matches('0').is_empty();
    let (sign, whole) =
        (if is_zero { "" } else { sign }, if whole.is_empty() { "0" } else { whole });
    let scale = usize::try_from(scale).unwrap_or_default();
    let fraction = fraction.trim_end_matches('0');
    let point = if scale == 0 { "" } else { "." };
    format!("{sign}{whole}{point}{fraction:0<scale$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_the_server_does() {
        for (data_type, literal, expected) in [
            ("int", "'007'", "'7'"),
            ("int", "'-5'", "'-5'"),
            ("decimal(5,2)", "'1.5'", "'1.50'"),
            ("decimal(5,2)", "'-.25'", "'-0.25'"),
            ("decimal(5,2)", "'-0'", "'0.00'"),
            ("decimal(5,0)", "'+012.0'", "'12'"),
            ("double", "'1e3'", "'1000'"),
            ("double(5,1)", "'2'", "'2.0'"),
        ] {
            let written = Type::parse(data_type).writes(literal);
            assert_eq!(written.as_deref(), Some(expected), "{literal} as {data_type}");
        }
    }

    #[test]
    fn numbers_that_a_type_has() {
        for (data_type, literal) in [
            ("tinyint(1)", "'-128'"),
            ("tinyint unsigned", "'255'"),
            ("bigint unsigned", "'18446744073709551615'"),
            ("int unsigned", "'-0'"),
            ("bit(3)", "'7'"),
            ("decimal(3,1)", "'-99.9'"),
            ("decimal(3,1) unsigned", "'-0.0'"),
            ("decimal(3,1)", "'007.50'"),
            ("decimal(2,2)", "'.25'"),
            ("double(4,1)", "'100.5'"),
            ("float", "'1e3'"),
            ("float", "'-0.00012500'"),
            ("double", "'1234567.25'"),
            ("year", "'0000'"),
        ] {
            assert!(Type::parse(data_type).reads(literal), "{literal} as {data_type}");
        }
    }

    #[test]
    fn numbers_that_a_type_lacks() {
        for (data_type, literal) in [
            ("tinyint", "'128'"),
            ("smallint", "'-32769'"),
            ("int unsigned", "'-2'"),
            ("bigint unsigned", "'18446744073709551616'"),
            ("int", "'1.5'"),
            ("bit(3)", "'8'"),
            ("bit(1)", "'-1'"),
            ("decimal(3,1)", "'1.55'"),
            ("decimal(3,1)", "'100'"),
            ("decimal(3,1) unsigned", "'-0.5'"),
            ("decimal(3,1)", "'.'"),
            ("decimal(3,1)", "''"),
            ("double(4,1)", "'1.55'"),
            ("double unsigned", "'-1'"),
            ("float", "'1e39'"),
            ("float", "'16777217'"),
            ("float", "'1e-50'"),
            ("double", "'0.12345678901234567'"),
            ("double", "'inf'"),
            ("year", "'70'"),
        ] {
            assert!(!Type::parse(data_type).reads(literal), "{literal} as {data_type}");
        }
    }
}

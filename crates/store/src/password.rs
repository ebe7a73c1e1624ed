use std::fmt;

use zeroize::Zeroizing;

use crate::{Checker, Invalid};

const MIN: usize = 8;
const MAX: usize = 64;

/// A password that keeps the rules; wiped from memory when dropped.
///
/// 8 to 64 code points, with a digit, a lower-case letter, an upper-case letter and a character that
/// is neither letter nor digit, of any script.
#[derive(Clone)]
pub struct Password(Zeroizing<String>);

impl Password {
    /// Checks every rule and names each that is broken.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        if text.is_empty() {
            return Err(Invalid::value("must be set"));
        }
        let mut checker = Checker::new();
        let length = text.chars().count();
        let is_special = |letter: char| !letter.is_alphanumeric();
        let rules = [
            (length >= MIN, "must have at least 8 characters"),
            (length <= MAX, "must not be longer than 64 characters"),
            (text.chars().any(char::is_numeric), "must have a digit"),
            (text.chars().any(char::is_lowercase), "must have a lower-case letter"),
            (text.chars().any(char::is_uppercase), "must have an upper-case letter"),
            (
                text.chars().any(is_special),
                "must have a character that is neither letter nor digit",
            ),
        ];
        for (_, description) in rules.into_iter().filter(|(is_kept, _)| !is_kept) {
            checker.add("", description);
        }
        checker.finish(Some(())).map(|()| Self(Zeroizing::new(text.to_owned())))
    }

    /// The password, to be hashed.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Password(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken(text: &str) -> Vec<String> {
        let violations = Password::parse(text).err().map(Invalid::into_violations);
        violations.unwrap_or_default().into_iter().map(|found| found.description).collect()
    }

    #[test]
    fn what_the_predecessor_took_is_taken() {
        for text in ["ValidPassword123!", "Çã1!ÇãAa", "Aa1_aaaa", "Aa1 aaaa"] {
            assert!(broken(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn each_rule_is_named() {
        assert_eq!(broken("aA1!"), ["must have at least 8 characters"]);
        assert_eq!(broken("aAaAaAa!"), ["must have a digit"]);
        assert_eq!(broken("AAAAAA1!"), ["must have a lower-case letter"]);
        assert_eq!(broken("aaaaaa1!"), ["must have an upper-case letter"]);
        assert_eq!(broken("aAaAaAa1"), ["must have a character that is neither letter nor digit"]);
        assert_eq!(broken(""), ["must be set"]);
        assert_eq!(broken("x").len(), 4);
    }

    #[test]
    fn length_counts_code_points() {
        let text = |n: usize| format!("aA1!{}", "é".repeat(n - 4));
        assert!(broken(&text(8)).is_empty());
        assert!(broken(&text(64)).is_empty());
        assert_eq!(broken(&text(65)), ["must not be longer than 64 characters"]);
    }

    #[test]
    fn debug_shows_no_password() {
        let password = Password::parse("ValidPassword123!").expect("a password");
        assert_eq!(format!("{password:?}"), "Password(..)");
    }
}

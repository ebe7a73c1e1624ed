use std::fmt;

use crate::Invalid;

/// A text without control characters, of at least `MIN` and at most `MAX` code points.
///
/// The bytes are kept as given: nothing is trimmed or normalised. With a `MIN` above zero a text of
/// white space alone is refused.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Line<const MIN: usize, const MAX: usize>(String);

impl<const MIN: usize, const MAX: usize> Line<MIN, MAX> {
    /// Checks the length and the characters.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        check_length(text, MIN, MAX)?;
        if text.chars().any(char::is_control) {
            return Err(Invalid::value("must not have control characters"));
        }
        Ok(Self(text.to_owned()))
    }

    /// The text as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A text that was checked before it was stored.
    pub(crate) fn stored(text: String) -> Self {
        Self(text)
    }
}

/// A text of at most `MAX` code points that may have line ends and tabs.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Prose<const MAX: usize>(String);

impl<const MAX: usize> Prose<MAX> {
    /// Checks the length and the characters.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        check_length(text, 0, MAX)?;
        if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
            return Err(Invalid::value("must not have control characters but line ends and tabs"));
        }
        Ok(Self(text.to_owned()))
    }

    /// The text as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A text that was checked before it was stored.
    pub(crate) fn stored(text: String) -> Self {
        Self(text)
    }
}

fn check_length(text: &str, min: usize, max: usize) -> Result<(), Invalid> {
    let length = text.chars().count();
    if length > max {
        return Err(Invalid::value(format!("must not be longer than {max} characters")));
    }
    if min > 0 && text.is_empty() {
        return Err(Invalid::value("must be set"));
    }
    if min > 0 && text.chars().all(char::is_whitespace) {
        return Err(Invalid::value("must not be blank"));
    }
    if length < min {
        return Err(Invalid::value(format!("must have at least {min} characters")));
    }
    Ok(())
}

impl<const MIN: usize, const MAX: usize> fmt::Debug for Line<MIN, MAX> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl<const MIN: usize, const MAX: usize> fmt::Display for Line<MIN, MAX> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl<const MAX: usize> fmt::Debug for Prose<MAX> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl<const MAX: usize> fmt::Display for Prose<MAX> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem<T>(parsed: Result<T, Invalid>) -> Option<String> {
        parsed.err().map(|invalid| invalid.to_string())
    }

    #[test]
    fn length_counts_code_points() {
        assert!(Line::<1, 3>::parse("ção").is_ok());
        assert!(Line::<1, 3>::parse("🧵🧵🧵").is_ok());
        assert_eq!(
            problem(Line::<1, 3>::parse("abcd")).as_deref(),
            Some("must not be longer than 3 characters")
        );
    }

    #[test]
    fn a_required_line_is_neither_empty_nor_blank() {
        assert_eq!(problem(Line::<1, 3>::parse("")).as_deref(), Some("must be set"));
        assert_eq!(problem(Line::<1, 3>::parse(" \u{3000}")).as_deref(), Some("must not be blank"));
        assert!(Line::<0, 3>::parse("").is_ok());
    }

    #[test]
    fn nothing_is_trimmed_or_normalised() {
        let text = " Joa\u{303}o ";
        assert_eq!(Line::<1, 10>::parse(text).map(|line| line.to_string()), Ok(text.to_owned()));
    }

    #[test]
    fn control_characters_are_refused() {
        assert!(Line::<0, 9>::parse("a\u{0}b").is_err());
        assert!(Line::<0, 9>::parse("a\nb").is_err());
        assert!(Prose::<9>::parse("a\n\tb").is_ok());
        assert!(Prose::<9>::parse("a\u{7f}").is_err());
    }
}

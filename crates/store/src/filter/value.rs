use super::FilterError;

/// The right side of a condition, as it was written.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Given {
    pub(super) text: String,
    /// Whether an unescaped `*` stands at the end.
    pub(super) is_prefix: bool,
    /// Where it begins.
    pub(super) position: usize,
}

impl Given {
    /// `*` alone: any value.
    pub(super) fn is_any(&self) -> bool {
        self.is_prefix && self.text.is_empty()
    }
}

/// Collects the letters of a value, and sees to its wildcard.
pub(super) struct Letters {
    text: String,
    position: usize,
    has_star: bool,
}

impl Letters {
    pub(super) fn at(position: usize) -> Self {
        Self { text: String::new(), position, has_star: false }
    }

    pub(super) fn letter(&mut self, letter: char, position: usize) -> Result<(), FilterError> {
        if letter.is_control() {
            return Err(FilterError::syntax(position, "control characters are not allowed"));
        }
        if self.has_star {
            return Err(FilterError::new(
                super::FilterProblem::NotIndexed,
                position,
                "* is allowed at the end of a value only, since indexes begin at its first letter; \
                 write \\* in quotes for the character itself",
            ));
        }
        self.text.push(letter);
        Ok(())
    }

    pub(super) fn star(&mut self, position: usize) -> Result<(), FilterError> {
        if self.has_star {
            return self.letter('*', position);
        }
        self.has_star = true;
        Ok(())
    }

    pub(super) fn finish(self) -> Given {
        Given { text: self.text, is_prefix: self.has_star, position: self.position }
    }
}

/// What comes right after every text with this prefix; nothing if no text does.
pub(super) fn after_prefix(prefix: &str) -> Option<String> {
    let mut letters: Vec<char> = prefix.chars().collect();
    while let Some(last) = letters.pop() {
        if let Some(next) = successor(last) {
            letters.push(next);
            return Some(letters.into_iter().collect());
        }
    }
    None
}

/// The next code point that is a character: surrogates are none.
fn successor(letter: char) -> Option<char> {
    (letter..=char::MAX).nth(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_prefix_is_its_successor() {
        assert_eq!(after_prefix("Salv").as_deref(), Some("Salw"));
        assert_eq!(after_prefix("a\u{10ffff}").as_deref(), Some("b"));
        assert_eq!(after_prefix("\u{d7ff}").as_deref(), Some("\u{e000}"));
        assert_eq!(after_prefix("\u{10ffff}"), None);
        assert_eq!(after_prefix(""), None);
    }
}

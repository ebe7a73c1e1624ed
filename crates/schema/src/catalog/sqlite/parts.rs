use crate::scan::Token;

/// Walks over the tokens of a definition.
#[derive(Clone, Debug)]
pub(super) struct Parts<'t, 'a> {
    tokens: &'t [Token<'a>],
    at: usize,
}

impl<'t, 'a> Parts<'t, 'a> {
    pub(super) const fn of(tokens: &'t [Token<'a>]) -> Self {
        Self { tokens, at: 0 }
    }

    pub(super) fn peek(&self) -> Option<&'t Token<'a>> {
        self.tokens.get(self.at)
    }

    pub(super) fn next(&mut self) -> Option<&'t Token<'a>> {
        let token = self.peek()?;
        self.at += 1;
        Some(token)
    }

    /// Takes the keyword if it stands next.
    pub(super) fn take(&mut self, keyword: &str) -> bool {
        let is_next = self.peek().is_some_and(|token| token.is(keyword));
        self.at += usize::from(is_next);
        is_next
    }

    /// Takes what stands next in parentheses, and gives what is inside.
    pub(super) fn group(&mut self) -> Option<&'t [Token<'a>]> {
        self.peek().filter(|token| token.is_sign("("))?;
        let start = self.at + 1;
        let mut depth = 0_usize;
        while let Some(token) = self.next() {
            if token.is_sign("(") {
                depth += 1;
            } else if token.is_sign(")") {
                depth -= 1;
            }
            if depth == 0 {
                return self.tokens.get(start..self.at - 1);
            }
        }
        None
    }

    /// Skips to what follows the keyword, outside of parentheses.
    pub(super) fn skip_past(&mut self, keyword: &str) -> bool {
        while self.peek().is_some() {
            if self.take(keyword) {
                return true;
            }
            if self.group().is_none() {
                self.next();
            }
        }
        false
    }

    pub(super) fn rest(&self) -> &'t [Token<'a>] {
        self.tokens.get(self.at..).unwrap_or_default()
    }
}

/// The tokens between commas that stand in no parentheses.
pub(super) fn items<'t, 'a>(tokens: &'t [Token<'a>]) -> Vec<&'t [Token<'a>]> {
    let mut depth = 0_usize;
    tokens
        .split(|token| {
            if token.is_sign("(") {
                depth += 1;
            } else if token.is_sign(")") {
                depth = depth.saturating_sub(1);
            }
            depth == 0 && token.is_sign(",")
        })
        .collect()
}

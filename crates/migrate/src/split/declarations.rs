use super::lexer::Token;

/// What stands before blocks, has semicolons, and no `END` of its own: declarations, as Oracle has them
/// (`sql_mode = ORACLE` of `MariaDB`), and the heads of a package's routines:
/// <https://mariadb.com/kb/en/sql_modeoracle/>, <https://mariadb.com/kb/en/create-package-body/>.
#[derive(Default)]
pub(super) struct Declarations {
    place: Place,
    /// They go on up to the next `BEGIN`.
    is_open: bool,
    /// The head of a package's routine was seen, and not yet its block.
    has_head: bool,
}

#[derive(Clone, Copy, Default, PartialEq)]
enum Place {
    #[default]
    Other,
    Routine,
    Package,
}

impl Declarations {
    pub(super) fn of(kind: &Token<'_>) -> Self {
        let place = if kind.is_word("PROCEDURE") || kind.is_word("FUNCTION") {
            Place::Routine
        } else if kind.is_word("PACKAGE") {
            Place::Package
        } else {
            Place::Other
        };
        Self { place, ..Self::default() }
    }

    /// Those of a block without a name, which begins with `DECLARE`.
    pub(super) fn opened() -> Self {
        Self { is_open: true, ..Self::default() }
    }

    pub(super) const fn is_open(&self) -> bool {
        self.is_open
    }

    pub(super) fn is_package(&self) -> bool {
        self.place == Place::Package
    }

    /// Takes a token that stands so deep and in no parentheses, and the one before.
    pub(super) fn see(&mut self, token: &Token<'_>, last: Option<&Token<'_>>, is_oracle: bool) {
        let is_package = self.place == Place::Package;
        if is_package && (token.is_word("PROCEDURE") || token.is_word("FUNCTION")) {
            self.has_head = true;
        }
        if token.is_sign(";") && !self.is_open {
            self.has_head = false;
        }
        let is_behind_head = (token.is_word("IS") || token.is_word("AS"))
            && (self.has_head || self.place == Place::Routine);
        let is_of_trigger =
            token.is_word("DECLARE") && last.is_some_and(|last| last.is_word("ROW"));
        self.is_open |= is_oracle && (is_behind_head || is_of_trigger);
    }

    /// Takes a `BEGIN` that stands so deep; whether an `END` belongs to it. That of a package's own block ends the
    /// package.
    pub(super) fn begin(&mut self) -> bool {
        let has_end = self.is_open || self.has_head || self.place != Place::Package;
        (self.is_open, self.has_head) = (false, false);
        has_end
    }
}

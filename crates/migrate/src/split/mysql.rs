use super::blocks::{Blocks, Kind, awaits_operand};
use super::declarations::Declarations;
use super::lexer::{Token, TokenKind};
use super::modes::Modes;
use super::start::{Start, is_verb};
use crate::Engine;

/// Compound statements in routines, triggers and events, without any `DELIMITER`.
#[derive(Default)]
pub(super) struct Compound<'a> {
    head: Head,
    blocks: Blocks,
    parentheses: usize,
    declarations: Declarations,
    start: Start,
    /// The last token opened a block.
    has_opened: bool,
    /// A handler is declared, whose statement follows the conditions.
    is_handler: bool,
    last: Option<Token<'a>>,
    /// The one before the last.
    before: Option<Token<'a>>,
    flavour: Flavour,
}

#[derive(Clone, Copy, Default, PartialEq)]
enum Flavour {
    #[default]
    MySql,
    /// It takes compound statements outside of routines as well.
    MariaDb,
    /// `MariaDB` with `sql_mode = ORACLE`.
    Oracle,
}

#[derive(Clone, Copy, Default, PartialEq)]
enum Head {
    #[default]
    Start,
    Create,
    /// `ALTER`, of which only that of an event has a body.
    Alter,
    /// `BEGIN`, which `NOT ATOMIC` makes a block and anything else a transaction.
    Begin,
    Body,
    Other,
}

const ROUTINES: [&str; 4] = ["PROCEDURE", "FUNCTION", "TRIGGER", "EVENT"];
const OTHERS: [&str; 17] = [
    "TABLE",
    "VIEW",
    "INDEX",
    "UNIQUE",
    "FULLTEXT",
    "SPATIAL",
    "DATABASE",
    "SCHEMA",
    "USER",
    "TEMPORARY",
    "SERVER",
    "SEQUENCE",
    "ROLE",
    "TABLESPACE",
    "LOGFILE",
    "UNDO",
    "RESOURCE",
];
const BLOCKS: [&str; 5] = ["IF", "LOOP", "WHILE", "REPEAT", "FOR"];
/// The words behind which a statement begins.
const LEADS: [&str; 8] = ["BEGIN", "ATOMIC", "THEN", "ELSE", "DO", "LOOP", "REPEAT", "ROW"];

impl<'a> Compound<'a> {
    pub(super) fn new(engine: Engine, modes: Modes) -> Self {
        let flavour = match engine {
            Engine::MariaDb if modes.is_oracle => Flavour::Oracle,
            Engine::MariaDb => Flavour::MariaDb,
            Engine::Sqlite | Engine::MySql | Engine::Postgres => Flavour::MySql,
        };
        Self { flavour, ..Self::default() }
    }

    fn is_mariadb(&self) -> bool {
        self.flavour != Flavour::MySql
    }

    fn is_oracle(&self) -> bool {
        self.flavour == Flavour::Oracle
    }

    pub(super) fn see(&mut self, token: &Token<'a>) {
        self.see_head(token);
        if self.head == Head::Body {
            self.see_sign(token);
            self.has_opened = self.see_word(token);
        }
        (self.before, self.last) = (self.last, Some(*token));
    }

    pub(super) fn is_open_at_semicolon(&self) -> bool {
        self.head == Head::Body && (!self.blocks.is_empty() || self.declarations.is_open())
    }

    fn see_head(&mut self, token: &Token<'a>) {
        self.head = match self.head {
            Head::Start if token.is_word("CREATE") => Head::Create,
            Head::Start if token.is_word("ALTER") => Head::Alter,
            Head::Start if token.is_word("BEGIN") => Head::Begin,
            Head::Start if self.is_mariadb() => self.start(token),
            Head::Begin if token.is_word("NOT") || (self.is_oracle() && !token.is_word("WORK")) => {
                self.blocks.open(Kind::Block, 0);
                self.has_opened = true;
                Head::Body
            }
            Head::Create if is_any(token, &ROUTINES) || self.is_package(token) => {
                self.declarations = Declarations::of(token);
                self.start = Start::of(token);
                if self.declarations.is_package() {
                    self.blocks.open(Kind::Block, 0);
                }
                Head::Body
            }
            Head::Create if is_any(token, &OTHERS) => Head::Other,
            Head::Create => Head::Create,
            Head::Alter => self.alter(token),
            Head::Body => Head::Body,
            Head::Start | Head::Begin | Head::Other => Head::Other,
        };
    }

    /// The head of what may be a compound statement of `MariaDB`'s: `IF … THEN …; END IF`, or `DECLARE` as Oracle has it.
    /// It takes no labels there.
    fn start(&mut self, token: &Token<'a>) -> Head {
        if self.is_oracle() && token.is_word("DECLARE") {
            self.declarations = Declarations::opened();
            return Head::Body;
        }
        if token.is_word("CASE") || is_any(token, &BLOCKS) { Head::Body } else { Head::Other }
    }

    /// `ALTER EVENT`, with a `DEFINER = …` between the words.
    fn alter(&self, token: &Token<'a>) -> Head {
        let is_first = self.last.is_some_and(|last| last.is_word("ALTER"));
        if token.is_word("EVENT") {
            Head::Body
        } else if is_any(token, &OTHERS) || (is_first && !token.is_word("DEFINER")) {
            Head::Other
        } else {
            Head::Alter
        }
    }

    fn is_package(&self, token: &Token<'a>) -> bool {
        self.is_mariadb() && token.is_word("PACKAGE")
    }

    fn see_sign(&mut self, token: &Token<'a>) {
        if token.is_sign("(") {
            self.parentheses += 1;
        } else if token.is_sign(")") {
            self.parentheses = self.parentheses.saturating_sub(1);
        }
    }

    /// Whether a block or `CASE` begins with it.
    fn see_word(&mut self, token: &Token<'a>) -> bool {
        let is_outside = self.is_outside();
        if is_outside {
            self.declarations.see(token, self.last.as_ref(), self.is_oracle());
        }
        if token.is_sign(";") {
            self.is_handler = false;
            // Within a package another routine may follow.
            self.start = Start::Ready;
        }
        let behind = |sign: &str| self.last.is_some_and(|last| last.is_sign(sign));
        let is_word = matches!(token.kind, TokenKind::Word | TokenKind::Executable);
        if !is_word || behind(".") || behind("@") {
            return false;
        }
        if token.is_word("END") {
            self.end();
            return false;
        }
        if self.last.is_some_and(|last| self.is_name(last)) {
            return false;
        }
        if let Some(last) = self.last {
            if is_outside {
                self.start.see(token, &last);
            }
            self.is_handler &= !is_verb(token, &last);
        }
        self.is_handler |= token.is_word("HANDLER") && !self.blocks.is_empty();
        let is_statement = self.is_statement_position(token);
        let opens_block = is_any(token, &BLOCKS) && is_statement;
        let begins = token.is_word("BEGIN") && self.is_block(is_statement);
        let kind = if token.is_word("CASE") {
            if is_statement { Kind::Loose } else { Kind::Expression }
        } else if opens_block && token.is_word("REPEAT") {
            Kind::Loose
        } else if opens_block || (begins && (!is_outside || self.declarations.begin())) {
            self.is_handler = false;
            Kind::Block
        } else {
            return false;
        };
        self.blocks.open(kind, self.parentheses);
        if is_outside {
            self.start = Start::Begun;
        }
        true
    }

    /// Whether a name may stand behind the last token, or what an `END` ends.
    fn is_name(&self, last: Token<'a>) -> bool {
        let is_of_package =
            last.is_word("BODY") && self.before.is_some_and(|before| self.is_package(&before));
        let is_order = self.is_outside() && is_any(&last, &["FOLLOWS", "PRECEDES"]);
        is_any(&last, &["END", "EXISTS"])
            || is_any(&last, &ROUTINES)
            || self.is_package(&last)
            || is_of_package
            || is_order
    }

    /// Takes an `END`, which may be a column's name too.
    fn end(&mut self) {
        let begins_package = |last: &Token<'_>| {
            self.declarations.is_package() && (last.is_word("AS") || last.is_word("IS"))
        };
        let is_first = self.is_first();
        let is_behind_statement = self.last.is_some_and(|last| {
            is_first
                || last.kind == TokenKind::Executable
                || self.leads(&last)
                || begins_package(&last)
        });
        let is_behind_operand = self.last.is_some_and(|last| !awaits_operand(&last));
        let closes = match self.blocks.innermost(self.parentheses) {
            Some(Kind::Block) => is_behind_statement,
            Some(Kind::Loose) => is_first || is_behind_operand,
            Some(Kind::Expression) => is_behind_operand,
            None => false,
        };
        if closes {
            self.blocks.close();
        }
    }

    /// Whether it stands where the head of a routine may, or its only statement.
    fn is_outside(&self) -> bool {
        let own = usize::from(self.declarations.is_package());
        self.parentheses == 0 && self.blocks.depth() == own
    }

    /// Whether a `BEGIN` is that of a block, and no column's name.
    fn is_block(&self, is_statement: bool) -> bool {
        if self.is_outside() {
            self.declarations.is_open() || self.start == Start::Ready
        } else {
            is_statement
        }
    }

    /// Whether a statement begins here for certain, where no function could stand.
    fn is_first(&self) -> bool {
        self.last.is_none_or(|last| [";", ":"].iter().any(|sign| last.is_sign(sign)))
    }

    /// Whether a statement may begin behind the last token, and `BEGIN` and `DO` are not of another kind.
    fn leads(&self, last: &Token<'a>) -> bool {
        let is_statement = last.is_word("DO")
            && self.before.is_some_and(|before| before.is_sign(";") || is_any(&before, &LEADS));
        is_any(last, &LEADS) && !is_statement && (self.has_opened || !last.is_word("BEGIN"))
    }

    fn is_statement_position(&self, token: &Token<'a>) -> bool {
        if self.blocks.innermost(self.parentheses) == Some(Kind::Expression) {
            return false;
        }
        let is_mark = |token: Token<'a>| token.is_sign(">");
        let is_marked =
            self.is_oracle() && [self.before, self.last].iter().all(|t| t.is_some_and(is_mark));
        let is_handled = |last: &Token<'_>| {
            self.is_handler
                && !token.is_word("FOR")
                && !awaits_operand(last)
                && !is_any(last, &OTHERS)
        };
        self.is_first()
            || self.last.is_some_and(|last| {
                is_marked
                    || self.leads(&last)
                    || is_handled(&last)
                    || (self.is_outside() && self.start == Start::Ready && !awaits_operand(&last))
            })
    }
}

fn is_any(token: &Token<'_>, words: &[&str]) -> bool {
    words.iter().any(|word| token.is_word(word))
}

/// The statement within `/*!50001 … */`.
pub(crate) fn executed(comment: &str) -> &str {
    behind_mark(comment).trim_end_matches("*/")
}

/// What follows `/*!50001` or `/*M!100100`.
pub(crate) fn behind_mark(comment: &str) -> &str {
    let inner = comment.trim_start_matches("/*").trim_start_matches('M').trim_start_matches('!');
    inner.trim_start_matches(|c: char| c.is_ascii_digit())
}

/// What stands between the commas that no parentheses enclose.
pub(crate) fn assignments<'t, 'a>(tokens: &'t [Token<'a>]) -> Vec<&'t [Token<'a>]> {
    let mut depth = 0_usize;
    let parts = tokens.split(|token| {
        depth += usize::from(token.is_sign("("));
        depth = depth.saturating_sub(usize::from(token.is_sign(")")));
        depth == 0 && token.is_sign(",")
    });
    parts.collect()
}

#[cfg(test)]
mod tests;

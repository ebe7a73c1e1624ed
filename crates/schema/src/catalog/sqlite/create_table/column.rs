use std::ops::Range;

use super::{Reading, span};
use crate::catalog::sqlite::expression::without_parentheses;
use crate::catalog::sqlite::names::{is_keyword, literal};
use crate::catalog::sqlite::parts::Parts;
use crate::model::{Column, Generated, Identity, Storage};
use crate::scan::{Kind, Token};

/// A column's declaration, as far as it matters for ALTER TABLE.
#[derive(Clone, Debug)]
pub(crate) struct ColumnText {
    pub(crate) name: String,
    /// All of it, from the name on.
    pub(crate) span: Range<usize>,
    pub(crate) is_key: bool,
    pub(crate) is_unique: bool,
    pub(crate) refers: bool,
    pub(crate) default: DefaultText,
}

/// What kind of default a declaration has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum DefaultText {
    /// None, or NULL.
    #[default]
    Null,
    /// A value, as SQL takes it.
    Constant(String),
    /// What is computed for each row, as SQL takes it.
    Computed(String),
}

/// The words that end the type of a column.
const CONSTRAINTS: [&str; 11] = [
    "CONSTRAINT",
    "PRIMARY",
    "NOT",
    "NULL",
    "UNIQUE",
    "CHECK",
    "DEFAULT",
    "COLLATE",
    "REFERENCES",
    "GENERATED",
    "AS",
];

impl Reading<'_> {
    /// A column with its constraints.
    pub(super) fn column(&mut self, item: &[Token<'_>]) {
        let mut parts = Parts::of(item);
        let Some(name) = parts.next().map(Token::name) else { return };
        let data_type = data_type(&mut parts);
        self.made.table.columns.push(Column::new(name.clone(), data_type));
        self.made.columns.push(ColumnText {
            name,
            span: span(item),
            is_key: false,
            is_unique: false,
            refers: false,
            default: DefaultText::Null,
        });
        self.constraints_in(&mut parts);
    }

    /// What only a column says; one token at least is taken.
    pub(super) fn column_property(&mut self, parts: &mut Parts<'_, '_>, name: &mut Option<String>) {
        if parts.take("COLLATE") {
            let collation = parts.next().map(|token| token.name().to_ascii_lowercase());
            if let Some((column, _)) = self.last_column() {
                column.collation = collation.filter(|collation| collation != "binary");
            }
        } else if parts.take("AS") {
            let expression = self.context.expression(parts.group().unwrap_or_default());
            let stored = parts.take("STORED");
            let storage = if stored { Storage::Stored } else { Storage::Virtual };
            if let Some((column, _)) = self.last_column() {
                column.generated = Some(Generated { expression, storage });
            }
        } else if parts.take("AUTOINCREMENT") {
            if let Some((column, _)) = self.last_column() {
                column.identity = Some(Identity::AutoIncrement);
            }
        } else if parts.take("DEFAULT") {
            // Any name that was given belonged to the default.
            *name = None;
            self.default(parts);
        } else if parts.group().is_none() {
            parts.next();
        }
    }

    fn default(&mut self, parts: &mut Parts<'_, '_>) {
        let start = parts.rest();
        let is_group = parts.group().is_some();
        if !is_group {
            let mut first = parts.next();
            if first.is_some_and(is_sign_of_number) {
                first = parts.next();
            }
            if first.is_some_and(has_open_exponent) {
                parts.next();
                parts.next();
            }
        }
        let taken = start.len() - parts.rest().len();
        let tokens = without_parentheses(start.get(..taken).unwrap_or_default());
        let default = default(tokens, is_group);
        let text = match (&default, tokens) {
            (DefaultText::Null, _) => None,
            (DefaultText::Constant(text), [_]) => Some(text.clone()),
            // A number with its sign.
            (DefaultText::Constant(text), _) => Some(text.replace(' ', "").to_ascii_lowercase()),
            (DefaultText::Computed(_), _) => Some(self.context.expression(tokens)),
        };
        if let Some((column, declared)) = self.last_column() {
            column.default = text;
            declared.default = default;
        }
    }
}

/// The type in capitals, as `SQLite` ignores the case of it.
fn data_type(parts: &mut Parts<'_, '_>) -> String {
    let mut text = String::new();
    while let Some(token) = parts.peek() {
        if CONSTRAINTS.iter().any(|word| token.is(word)) {
            break;
        }
        if let Some(arguments) = parts.group() {
            text.push('(');
            for (at, token) in arguments.iter().enumerate() {
                let before = at.checked_sub(1).and_then(|at| arguments.get(at));
                if before.is_some_and(|before| before.is_sign(",")) {
                    text.push(' ');
                }
                text.push_str(token.text);
            }
            text.push(')');
            continue;
        }
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&token.name());
        parts.next();
    }
    text.to_ascii_uppercase()
}

fn default(tokens: &[Token<'_>], is_group: bool) -> DefaultText {
    match tokens {
        [] => DefaultText::Null,
        [one] if one.is("NULL") => DefaultText::Null,
        [one]
            if one.is("CURRENT_DATE") || one.is("CURRENT_TIME") || one.is("CURRENT_TIMESTAMP") =>
        {
            DefaultText::Computed(one.text.to_ascii_uppercase())
        }
        // A bare name is a text: https://www.sqlite.org/lang_createtable.html#dfltval
        [one] if !is_group && is_name(one) => DefaultText::Constant(literal(&one.name())),
        [one] if one.kind == Kind::Word && !is_keyword(one.text) => {
            DefaultText::Constant(one.text.to_ascii_lowercase())
        }
        [one] => DefaultText::Constant(one.text.to_owned()),
        [sign, number @ ..] if is_sign_of_number(sign) && is_number(number) => {
            DefaultText::Constant(folded(tokens))
        }
        number if is_number(number) => DefaultText::Constant(folded(number)),
        _ => DefaultText::Computed(folded(tokens)),
    }
}

fn is_sign_of_number(token: &Token<'_>) -> bool {
    token.is_sign("-") || token.is_sign("+")
}

/// Of `1e-5`, which is no single token.
fn has_open_exponent(token: &Token<'_>) -> bool {
    token.kind == Kind::Word
        && token.text.starts_with(|first: char| first.is_ascii_digit() || first == '.')
        && token.text.ends_with(['e', 'E'])
        && !token.text.starts_with("0x")
        && !token.text.starts_with("0X")
}

fn is_number(tokens: &[Token<'_>]) -> bool {
    match tokens {
        [one] => one.kind == Kind::Word && !is_keyword(one.text),
        [first, sign, _] => has_open_exponent(first) && is_sign_of_number(sign),
        _ => false,
    }
}

/// The tokens as they stand, each run of white space and comments as one space.
fn folded(tokens: &[Token<'_>]) -> String {
    let mut text = String::new();
    let mut end = None;
    for token in tokens {
        if end.is_some_and(|end| end < token.start) {
            text.push(' ');
        }
        text.push_str(token.text);
        end = Some(token.end());
    }
    text
}

/// Whether a token alone is a name, and neither a number nor a truth value.
fn is_name(token: &Token<'_>) -> bool {
    match token.kind {
        Kind::QuotedName => true,
        Kind::Word => {
            let is_number =
                token.text.starts_with(|first: char| first.is_ascii_digit() || first == '.');
            !is_number && !token.is("TRUE") && !token.is("FALSE")
        }
        Kind::Text | Kind::Sign => false,
    }
}

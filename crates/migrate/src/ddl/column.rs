use super::Name;
use super::reader::Reader;
use crate::split::TokenKind;

/// A column as `CREATE TABLE`, `ADD COLUMN` or `MODIFY` defines it.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a word of the definition")]
pub(crate) struct Column {
    pub(crate) name: Name,
    pub(crate) ty: Type,
    pub(crate) not_null: bool,
    pub(crate) default: Option<Default>,
    pub(crate) is_primary: bool,
    pub(crate) is_unique: bool,
    pub(crate) references: Option<Name>,
    pub(crate) generated: Option<Generated>,
    /// What it is computed from, a space between its words.
    pub(crate) expression: Option<String>,
    pub(crate) is_identity: bool,
    /// `AUTO_INCREMENT`, or SQLite's `AUTOINCREMENT`.
    pub(crate) increments: bool,
    pub(crate) has_check: bool,
    pub(crate) has_comment: bool,
    /// `FIRST` or `AFTER`.
    pub(crate) is_placed: bool,
    /// In capitals, like the collation.
    pub(crate) charset: Option<String>,
    pub(crate) collation: Option<String>,
}

/// A type by its usual name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Type {
    /// In capitals, synonyms made one: `VARCHAR`, `BIGINT UNSIGNED`, `TIMESTAMPTZ`.
    pub(crate) name: String,
    /// What stands in its parentheses.
    pub(crate) args: Vec<String>,
    pub(crate) is_array: bool,
}

/// What a new row gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Default {
    Null,
    Constant,
    /// The time of the statement or transaction.
    Now,
    /// An expression; with the functions that it calls, in small letters.
    Expression(Vec<String>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Generated {
    Stored,
    Virtual,
}

/// Words that end a type or a default value.
const STOPS: [&str; 29] = [
    "NOT",
    "NULL",
    "DEFAULT",
    "PRIMARY",
    "UNIQUE",
    "REFERENCES",
    "CHECK",
    "CONSTRAINT",
    "GENERATED",
    "AS",
    "COLLATE",
    "AUTO_INCREMENT",
    "AUTOINCREMENT",
    "COMMENT",
    "ON",
    "FIRST",
    "AFTER",
    "KEY",
    "USING",
    "INVISIBLE",
    "VISIBLE",
    "VIRTUAL",
    "STORED",
    "PERSISTENT",
    "CHARSET",
    "STORAGE",
    "COMPRESSION",
    "SRID",
    "DEFERRABLE",
];

impl Column {
    /// Reads `name type …`.
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let name = reader.name()?;
        let ty = Type::read(reader);
        let mut column = Self {
            name,
            ty,
            not_null: false,
            default: None,
            is_primary: false,
            is_unique: false,
            references: None,
            generated: None,
            expression: None,
            is_identity: false,
            increments: false,
            has_check: false,
            has_comment: false,
            is_placed: false,
            charset: None,
            collation: None,
        };
        while !reader.is_done() {
            column.attribute(reader);
        }
        Some(column)
    }

    fn attribute(&mut self, reader: &mut Reader<'_>) {
        let before = reader.rest().len();
        match reader.word().as_str() {
            "NOT" if reader.eat("NULL") => self.not_null = true,
            "DEFAULT" => self.default = Some(Default::read(reader)),
            "PRIMARY" => self.is_primary = true,
            "UNIQUE" => self.is_unique = true,
            "REFERENCES" => self.references = reader.name(),
            "CHECK" => {
                self.has_check = true;
                reader.parentheses();
            }
            "CONSTRAINT" => drop(reader.name()),
            "GENERATED" => self.generated(reader),
            "AS" => self.computed(reader),
            "AUTO_INCREMENT" | "AUTOINCREMENT" => self.increments = true,
            "COMMENT" => self.has_comment = true,
            "FIRST" | "AFTER" => self.is_placed = true,
            "COLLATE" => self.collation = Some(reader.word()),
            "CHARSET" => self.charset = Some(reader.word()),
            "CHARACTER" if reader.eat("SET") => self.charset = Some(reader.word()),
            _ => {}
        }
        if reader.rest().len() == before && reader.parentheses().is_none() {
            reader.advance();
        }
    }

    fn generated(&mut self, reader: &mut Reader<'_>) {
        reader.eat("ALWAYS");
        reader.eat_all(&["BY", "DEFAULT"]);
        if reader.eat_all(&["AS", "IDENTITY"]) {
            self.is_identity = true;
        } else if reader.eat("AS") {
            self.computed(reader);
        }
    }

    fn computed(&mut self, reader: &mut Reader<'_>) {
        self.expression = reader.parentheses().map(|inner| {
            let words: Vec<&str> = inner.rest().iter().map(|token| token.text).collect();
            words.join(" ")
        });
        let is_stored = reader.eat_any(&["STORED", "PERSISTENT"]);
        self.generated = Some(if is_stored { Generated::Stored } else { Generated::Virtual });
    }

    /// The character set that `MySQL` gives it; a collation's name begins with its own.
    pub(crate) fn own_charset(&self) -> Option<&str> {
        let of_collation = || self.collation.as_deref().and_then(|name| name.split('_').next());
        self.charset.as_deref().or_else(of_collation)
    }

    /// Whether the server numbers the rows.
    pub(crate) fn is_numbered(&self) -> bool {
        self.is_identity || self.increments || self.ty.name.ends_with("SERIAL")
    }
}

impl Type {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let mut words: Vec<String> = Vec::new();
        let (mut args, mut is_array) = (Vec::new(), false);
        loop {
            if let Some(inner) = reader.parentheses() {
                args = inner.items().iter().map(|item| item.text().to_owned()).collect();
                continue;
            }
            let ahead = reader.ahead(0);
            let is_charset = ahead == "CHARACTER" && !words.is_empty() && reader.ahead(1) == "SET";
            if STOPS.contains(&ahead.as_str()) || is_charset || reader.is_done() {
                break;
            }
            match reader.peek() {
                Some(token) if token.kind == TokenKind::Word => words.push(ahead),
                // The one byte of PostgreSQL, which `CHAR` is not.
                Some(token) if token.text == "\"char\"" => words.push(token.text.to_owned()),
                Some(token) if token.kind == TokenKind::Name => {
                    words.push(token.text.trim_matches(['"', '`', '[', ']']).to_ascii_uppercase());
                }
                Some(token) if token.is_sign("[") => is_array = true,
                Some(token) if token.is_sign("]") || token.is_sign(".") => {}
                _ => break,
            }
            reader.advance();
        }
        if words.len() > 1 && words.last().is_some_and(|word| word == "ARRAY") {
            words.pop();
            is_array = true;
        }
        words.retain(|word| word != "PG_CATALOG");
        Self { name: usual(&words.join(" ")), args, is_array }
    }

    /// Whether it is the type of a name, or an array of it, in whatever schema.
    pub(crate) fn is_named(&self, name: &Name) -> bool {
        self.name.rsplit(' ').next().is_some_and(|own| own.eq_ignore_ascii_case(name.last()))
    }

    /// The number in its parentheses.
    pub(crate) fn length(&self) -> Option<u64> {
        self.args.first()?.trim().parse().ok()
    }

    pub(crate) fn is_text(&self) -> bool {
        matches!(self.name.as_str(), "VARCHAR" | "CHAR" | "TEXT")
    }

    /// Bytes of a whole number's type.
    pub(crate) fn integer_bytes(&self) -> Option<u8> {
        match self.name.split(' ').next()? {
            "TINYINT" => Some(1),
            "SMALLINT" | "SMALLSERIAL" => Some(2),
            "MEDIUMINT" => Some(3),
            "INT" | "SERIAL" => Some(4),
            "BIGINT" | "BIGSERIAL" => Some(8),
            _ => None,
        }
    }

    /// Binary fractions, which money must not be kept in.
    pub(crate) fn is_float(&self) -> bool {
        matches!(self.name.split(' ').next(), Some("FLOAT" | "REAL" | "DOUBLE"))
    }
}

impl std::fmt::Display for Type {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.name)?;
        if !self.args.is_empty() {
            write!(f, "({})", self.args.join(", "))?;
        }
        f.write_str(if self.is_array { "[]" } else { "" })
    }
}

fn usual(name: &str) -> String {
    let usual = match name {
        "INTEGER" | "INT4" => "INT",
        "INTEGER UNSIGNED" => "INT UNSIGNED",
        "INT8" => "BIGINT",
        "INT2" => "SMALLINT",
        "CHARACTER VARYING" | "CHAR VARYING" => "VARCHAR",
        "CHARACTER" | "BPCHAR" => "CHAR",
        "DECIMAL" | "DEC" => "NUMERIC",
        "BOOL" => "BOOLEAN",
        "TIMESTAMP WITH TIME ZONE" => "TIMESTAMPTZ",
        "TIMESTAMP WITHOUT TIME ZONE" => "TIMESTAMP",
        "TIME WITH TIME ZONE" => "TIMETZ",
        "FLOAT4" => "REAL",
        "FLOAT8" | "DOUBLE" => "DOUBLE PRECISION",
        "SERIAL4" => "SERIAL",
        "SERIAL8" => "BIGSERIAL",
        "SERIAL2" => "SMALLSERIAL",
        other => other,
    };
    usual.to_owned()
}

impl Default {
    fn read(reader: &mut Reader<'_>) -> Self {
        let before = reader.rest();
        if reader.parentheses().is_none() {
            reader.advance();
        }
        while !reader.is_done() && !STOPS.contains(&reader.ahead(0).as_str()) {
            if reader.parentheses().is_none() {
                reader.advance();
            }
        }
        let count = before.len() - reader.rest().len();
        let tokens = before.get(..count).unwrap_or_default();
        Self::of(tokens)
    }

    fn of(tokens: &[crate::split::Token<'_>]) -> Self {
        let words: Vec<String> =
            tokens.iter().map(|token| token.text.to_ascii_lowercase()).collect();
        if words.iter().all(|word| word == "null" || word == "(" || word == ")") {
            return Self::Null;
        }
        let first = words.iter().find(|word| *word != "(").map(String::as_str);
        let is_now = matches!(
            first,
            Some(
                "now"
                    | "current_timestamp"
                    | "current_date"
                    | "current_time"
                    | "localtime"
                    | "localtimestamp"
            )
        );
        if is_now && words.len() <= 5 {
            return Self::Now;
        }
        let pairs = tokens.iter().zip(tokens.iter().skip(1));
        let calls: Vec<String> = pairs
            .filter(|(word, sign)| word.kind == TokenKind::Word && sign.is_sign("("))
            .map(|(word, _)| word.text.to_ascii_lowercase())
            .collect();
        let is_wrapped = words.first().is_some_and(|word| word == "(");
        if calls.is_empty() && !is_wrapped { Self::Constant } else { Self::Expression(calls) }
    }
}

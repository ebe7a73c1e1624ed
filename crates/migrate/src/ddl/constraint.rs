use super::Name;
use super::reader::Reader;

/// A constraint of a table.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Constraint {
    pub(crate) name: Option<Name>,
    pub(crate) kind: ConstraintKind,
    pub(crate) columns: Vec<Name>,
    /// Whether a part of it is an expression.
    pub(crate) computes: bool,
    /// The table that a foreign key points at.
    pub(crate) references: Option<Name>,
    /// `NOT VALID` or `NOT ENFORCED`: existing rows are not looked at.
    pub(crate) is_unchecked: bool,
    /// `USING INDEX`: the index is there already.
    pub(crate) uses_index: bool,
    /// The condition of a check.
    pub(crate) condition: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ConstraintKind {
    Check,
    ForeignKey,
    Unique,
    PrimaryKey,
    Exclusion,
    /// PostgreSQL 18's named one.
    NotNull,
}

impl Constraint {
    /// Reads `[CONSTRAINT [name]] CHECK …`, `FOREIGN KEY …` and so on; `None` where none begins.
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let mut name = None;
        if reader.eat("CONSTRAINT") && !is_kind(&reader.ahead(0)) {
            name = reader.name();
        }
        let kind = match reader.word().as_str() {
            "CHECK" => ConstraintKind::Check,
            "FOREIGN" => ConstraintKind::ForeignKey,
            "UNIQUE" => ConstraintKind::Unique,
            "PRIMARY" => ConstraintKind::PrimaryKey,
            "EXCLUDE" => ConstraintKind::Exclusion,
            "NOT" => ConstraintKind::NotNull,
            _ => return None,
        };
        reader.eat_any(&["KEY", "INDEX", "NULL"]);
        reader.eat_if_not_exists();
        if !reader.is_sign("(") && reader.ahead(0) != "USING" && kind != ConstraintKind::Exclusion {
            // MySQL names the index here; PostgreSQL 18 the column of NOT NULL.
            let inner = reader.name();
            name = name.or(inner);
        }
        let uses_index = reader.eat_all(&["USING", "INDEX"]);
        if !uses_index && reader.eat("USING") {
            reader.word();
        }
        let condition = reader.clone().parentheses().map(|inner| inner.text().to_owned());
        let computes = reader.computes();
        let columns = reader.columns();
        let references = if reader.has("REFERENCES") && reader.find("REFERENCES") {
            reader.name()
        } else {
            None
        };
        let words = reader.words();
        let is_unchecked =
            words.windows(2).any(|pair| pair == ["NOT", "VALID"] || pair == ["NOT", "ENFORCED"]);
        let condition = condition.unwrap_or_default();
        Some(Self {
            name,
            kind,
            columns,
            computes,
            references,
            is_unchecked,
            uses_index,
            condition,
        })
    }
}

pub(super) fn is_kind(word: &str) -> bool {
    matches!(word, "CHECK" | "FOREIGN" | "UNIQUE" | "PRIMARY" | "EXCLUDE")
}

use serde::Serialize;

use super::Written;

/// The primary key of a table.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct PrimaryKey {
    /// The constraint's name, where the engine keeps one.
    pub name: Option<String>,
    /// The columns in key order.
    pub columns: Vec<String>,
}

/// A unique constraint.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Unique {
    /// The constraint's name; `SQLite` may have none.
    pub name: Option<String>,
    /// The columns in key order.
    pub columns: Vec<String>,
    /// `PostgreSQL`: columns that are carried in the index only.
    pub include: Vec<String>,
    /// `PostgreSQL`: two NULLs are equal.
    pub nulls_not_distinct: bool,
    /// When it is checked.
    pub deferral: Deferral,
}

/// A reference to the rows of another table, or of the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct ForeignKey {
    /// The constraint's name; `SQLite` may have none.
    pub name: Option<String>,
    /// The referencing columns.
    pub columns: Vec<String>,
    /// The other schema or database, where the referenced table is not in this one.
    pub referenced_schema: Option<String>,
    /// The referenced table.
    pub referenced_table: String,
    /// The referenced columns, in the order of `columns`.
    pub referenced_columns: Vec<String>,
    /// What deleting the referenced row does.
    pub on_delete: Action,
    /// What changing the referenced key does.
    pub on_update: Action,
    /// `MySQL`, `MariaDB`: what was written of that and does what the server does anyway, as it prints it again:
    /// ` ON DELETE RESTRICT`.
    #[serde(skip)]
    pub written: Written,
    /// When it is checked.
    pub deferral: Deferral,
    /// Whether existing rows were checked; false after `PostgreSQL`'s `NOT VALID`.
    pub validated: bool,
}

/// What a change of the referenced row does to the referencing one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// The change is refused. `InnoDB` knows no difference between this and `Restrict`, so `MySQL` and
    /// `MariaDB` always say this.
    #[default]
    NoAction,
    /// The change is refused, even where the check could be deferred.
    Restrict,
    /// The referencing row is deleted or changed as well.
    Cascade,
    /// The reference becomes NULL.
    SetNull,
    /// The reference becomes its default.
    SetDefault,
}

impl Action {
    /// The action in the words that `information_schema` and `SQLite` use.
    pub(crate) fn from_words(words: &str) -> Self {
        match words {
            "RESTRICT" => Self::Restrict,
            "CASCADE" => Self::Cascade,
            "SET NULL" => Self::SetNull,
            "SET DEFAULT" => Self::SetDefault,
            _ => Self::NoAction,
        }
    }
}

/// When a constraint is checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Deferral {
    /// At each statement.
    #[default]
    NotDeferrable,
    /// At each statement, unless the transaction asks otherwise.
    InitiallyImmediate,
    /// At commit, unless the transaction asks otherwise.
    InitiallyDeferred,
}

/// A condition that every row meets.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Check {
    /// The constraint's name; `SQLite` may have none.
    pub name: Option<String>,
    /// The condition, without the parentheses around it.
    pub expression: String,
    /// Whether new rows are checked; false after `MySQL`'s and `PostgreSQL`'s `NOT ENFORCED`.
    pub enforced: bool,
    /// Whether existing rows were checked; false after `PostgreSQL`'s `NOT VALID`.
    pub validated: bool,
}

/// `PostgreSQL`: rows that must not overlap.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Exclusion {
    /// The constraint's name.
    pub name: String,
    /// The constraint as the server prints it, from `EXCLUDE` on.
    pub definition: String,
}

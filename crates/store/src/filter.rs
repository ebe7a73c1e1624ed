//! The filter of a list (AIP-160), on indexed fields only.

use std::fmt;

mod condition;
mod expression;
mod field;
mod parser;
mod query;
mod value;

pub(crate) use query::{joins, predicate};

use condition::Condition;
use expression::Expression;

use crate::User;

/// How long a filter may be, in code points.
const MAX_LENGTH: usize = 2000;
/// How deep its parentheses and negations may be nested.
const MAX_DEPTH: usize = 20;
/// How many conditions it may have.
const MAX_CONDITIONS: usize = 50;

/// Which users a list shows.
///
/// The grammar is that of AIP-160: `field operator value`, put together with `AND`, `OR`, `NOT`, `-`
/// and parentheses. `OR` binds closer than `AND`, and conditions side by side are all required. Only
/// what an index serves can be asked for, and a text is matched from its beginning: `"Salv*"`.
/// Comparisons are by code point; e-mail addresses are compared without regard to case.
///
/// ```
/// use artisan_store::{Filter, FilterProblem};
///
/// let filter = Filter::parse(r#"state = ACTIVE AND address.city = "Salv*""#);
/// assert!(filter.is_ok());
/// let refused = Filter::parse(r#"artisan.bio = "x""#).unwrap_err();
/// assert_eq!(refused.problem, FilterProblem::NotIndexed);
/// assert_eq!(refused.field.as_deref(), Some("artisan.bio"));
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Filter(Expression);

/// A filter may name an e-mail address, which stays out of logs.
impl fmt::Debug for Filter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Filter(..)")
    }
}

impl Filter {
    /// Reads a filter; an empty one lets everybody through.
    pub fn parse(text: &str) -> Result<Self, FilterError> {
        parser::parse(text).map(Self)
    }

    /// Whether the filter lets this user through: the same answer as the database's.
    #[must_use]
    pub fn matches(&self, user: &User) -> bool {
        self.0.holds(user)
    }

    fn expression(&self) -> &Expression {
        &self.0
    }
}

/// What is wrong with a filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FilterProblem {
    /// It does not follow the grammar, or is too long, too deep or has too many conditions.
    Syntax,
    /// There is no such field.
    UnknownField,
    /// No index serves the field, or this way of asking for it.
    NotIndexed,
    /// The field cannot have such a value.
    Value,
}

/// Why a filter is refused, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterError {
    /// What is wrong.
    pub problem: FilterProblem,
    /// The place, in code points from 1.
    pub position: usize,
    /// The field that the condition is about, when it is known.
    pub field: Option<String>,
    /// What to write instead: a sentence without its subject.
    pub description: String,
}

impl FilterError {
    fn syntax(position: usize, description: impl Into<String>) -> Self {
        Self::new(FilterProblem::Syntax, position, description)
    }

    fn new(problem: FilterProblem, position: usize, description: impl Into<String>) -> Self {
        Self { problem, position, field: None, description: description.into() }
    }

    fn about(mut self, field: &str) -> Self {
        // It goes back to who wrote it: no more than a name.
        self.field = Some(field.chars().take(64).collect());
        self
    }

    /// The fields that a filter may name, for messages.
    #[must_use]
    pub fn allowed() -> String {
        field::names().collect::<Vec<_>>().join(", ")
    }
}

impl fmt::Display for FilterError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "at character {}: {}", self.position, self.description)
    }
}

impl std::error::Error for FilterError {}

#[cfg(test)]
mod tests;

use super::Condition;
use crate::User;

/// Conditions put together. Negations stand at the conditions only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Expression {
    /// All hold; none is always true.
    All(Vec<Self>),
    /// At least one holds.
    Any(Vec<Self>),
    /// A condition that holds.
    Is(Condition),
    /// A condition that does not hold.
    IsNot(Condition),
}

impl Expression {
    /// The opposite, after De Morgan.
    pub(super) fn negated(self) -> Self {
        match self {
            Self::All(parts) => Self::Any(parts.into_iter().map(Self::negated).collect()),
            Self::Any(parts) => Self::All(parts.into_iter().map(Self::negated).collect()),
            Self::Is(condition) => match condition.complement() {
                Ok(complement) => Self::Is(complement),
                Err(condition) => Self::IsNot(condition),
            },
            Self::IsNot(condition) => Self::Is(condition),
        }
    }

    /// Several as one, without a layer around a single one.
    pub(super) fn all(mut parts: Vec<Self>) -> Self {
        match (parts.pop(), parts.is_empty()) {
            (Some(only), true) => only,
            (last, _) => {
                parts.extend(last);
                Self::All(parts)
            }
        }
    }

    /// Several as one, without a layer around a single one.
    pub(super) fn any(mut parts: Vec<Self>) -> Self {
        match (parts.pop(), parts.is_empty()) {
            (Some(only), true) => only,
            (last, _) => {
                parts.extend(last);
                Self::Any(parts)
            }
        }
    }

    pub(super) fn holds(&self, user: &User) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.holds(user)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(user)),
            Self::Is(condition) => condition.holds(user),
            Self::IsNot(condition) => !condition.holds(user),
        }
    }
}

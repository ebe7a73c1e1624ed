use std::collections::BTreeSet;

/// Names of what is there and out of scope, which nothing else can take.
///
/// They are no part of what a schema *is*: two of them always compare as equal.
#[derive(Clone, Debug, Default)]
pub struct PassedOver(pub BTreeSet<String>);

impl PassedOver {
    /// None.
    #[must_use]
    pub const fn none() -> Self {
        Self(BTreeSet::new())
    }
}

impl PartialEq for PassedOver {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for PassedOver {}

use std::borrow::Cow;

use crate::pattern::Capture;

/// What the variables of a template hold for one path, decoded.
#[derive(Debug, Clone, Default)]
pub struct Captures<'p> {
    variables: &'static [Capture],
    values: Vec<Cow<'p, str>>,
}

static NONE: Captures<'static> = Captures { variables: &[], values: Vec::new() };

impl<'p> Captures<'p> {
    pub(crate) fn new(variables: &'static [Capture], values: Vec<Cow<'p, str>>) -> Self {
        Self { variables, values }
    }

    /// The value of the variable with this field path, such as `user.name`.
    #[must_use]
    pub fn get(&self, field: &str) -> Option<&str> {
        self.iter().find(|(name, _)| *name == field).map(|(_, value)| value)
    }

    /// The variables' field paths and values, in the order of the template.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.variables
            .iter()
            .map(|variable| variable.field)
            .zip(self.values.iter().map(AsRef::as_ref))
    }
}

impl Default for &Captures<'_> {
    fn default() -> Self {
        &NONE
    }
}

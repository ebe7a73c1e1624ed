use std::fmt;

/// One thing that is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The field's path, relative to what was parsed: empty for the value itself, else such as
    /// `zip_code` or `address.zip_code`.
    pub field: String,
    /// What the field must be; a sentence without its subject, and without the value.
    pub description: String,
}

/// Everything that is wrong with an input; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalid(Vec<Violation>);

impl Invalid {
    /// The value itself must be something else.
    pub(crate) fn value(description: impl Into<String>) -> Self {
        Self(vec![Violation { field: String::new(), description: description.into() }])
    }

    /// What was found, in the order of the fields.
    #[must_use]
    pub fn violations(&self) -> &[Violation] {
        &self.0
    }

    /// What was found, in the order of the fields.
    #[must_use]
    pub fn into_violations(self) -> Vec<Violation> {
        self.0
    }

    /// The same findings, seen from the message that holds the field.
    #[must_use]
    pub fn at(mut self, parent: &str) -> Self {
        for violation in &mut self.0 {
            violation.field = join(parent, &violation.field);
        }
        self
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, Violation { field, description }) in self.0.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            let space = if field.is_empty() { "" } else { " " };
            write!(formatter, "{separator}{field}{space}{description}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Invalid {}

fn join(parent: &str, field: &str) -> String {
    match (parent.is_empty(), field.is_empty()) {
        (true, _) => field.to_owned(),
        (_, true) => parent.to_owned(),
        _ => format!("{parent}.{field}"),
    }
}

/// Collects the violations of several fields, so that one answer names them all.
///
/// ```
/// use artisan_store::{Checker, Email, Password};
///
/// let mut checker = Checker::new();
/// let email = checker.take("user.email", Email::parse("joao@example.com"));
/// let password = checker.take("user.password", Password::parse("short"));
/// let invalid = checker.finish(email.zip(password)).unwrap_err();
/// assert!(invalid.violations().iter().all(|found| found.field == "user.password"));
/// ```
#[derive(Debug, Default)]
pub struct Checker {
    found: Vec<Violation>,
}

impl Checker {
    /// A checker that has found nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a parsed field, or notes what is wrong with it under the field's path.
    pub fn take<T>(&mut self, field: &str, parsed: Result<T, Invalid>) -> Option<T> {
        match parsed {
            Ok(value) => Some(value),
            Err(invalid) => {
                self.found.extend(invalid.at(field).into_violations());
                None
            }
        }
    }

    /// Notes a finding that no parser makes, such as two fields that exclude each other.
    pub fn add(&mut self, field: &str, description: impl Into<String>) {
        self.found.push(Violation { field: field.to_owned(), description: description.into() });
    }

    /// The value, when nothing was found.
    ///
    /// A value that is missing although nothing was found counts as a finding of its own.
    pub fn finish<T>(mut self, value: Option<T>) -> Result<T, Invalid> {
        match value {
            Some(value) if self.found.is_empty() => Ok(value),
            _ => {
                if self.found.is_empty() {
                    self.add("", "must be set");
                }
                Err(Invalid(self.found))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_joined_by_dots() {
        let invalid = Invalid::value("must be set").at("zip_code").at("address").at("user");
        assert_eq!(invalid.violations()[0].field, "user.address.zip_code");
        assert_eq!(invalid.to_string(), "user.address.zip_code must be set");
    }

    #[test]
    fn every_finding_is_kept() {
        let mut checker = Checker::new();
        let one: Option<u8> = checker.take("one", Err(Invalid::value("is wrong")));
        let two = checker.take("two", Ok(2));
        checker.add("three", "is wrong");
        let fields = checker.finish(one.zip(two)).unwrap_err().into_violations();
        assert_eq!(fields.iter().map(|v| v.field.as_str()).collect::<Vec<_>>(), ["one", "three"]);
    }

    #[test]
    fn a_missing_value_is_never_accepted() {
        assert!(Checker::new().finish(None::<u8>).is_err());
        assert_eq!(Checker::new().finish(Some(1)), Ok(1));
    }
}

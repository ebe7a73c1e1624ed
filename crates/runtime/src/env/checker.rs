//! Collects everything that is wrong with a configuration.

use std::fmt;

use super::var::{State, Var};

/// What is wrong with one variable; the message never repeats the value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The variable's name.
    pub variable: String,
    /// What is wrong, and what to write instead.
    pub message: String,
}

/// A configuration that cannot be used: programs end with [`Exit::Config`](crate::exit::Exit::Config).
///
/// Its text has one line per bad variable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct ConfigError {
    problems: Vec<Problem>,
}

impl ConfigError {
    /// A configuration with one bad variable.
    pub fn new(variable: impl Into<String>, message: impl Into<String>) -> Self {
        Self { problems: vec![Problem { variable: variable.into(), message: message.into() }] }
    }

    /// Both values, or everything that is wrong with either.
    pub fn both<A, B>(one: Result<A, Self>, other: Result<B, Self>) -> Result<(A, B), Self> {
        match (one, other) {
            (Ok(one), Ok(other)) => Ok((one, other)),
            (Err(error), Ok(_)) | (Ok(_), Err(error)) => Err(error),
            (Err(mut error), Err(other)) => {
                error.problems.extend(other.problems);
                Err(error)
            }
        }
    }

    /// Everything that is wrong, in the order in which it was checked.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}

impl From<Vec<Problem>> for ConfigError {
    fn from(problems: Vec<Problem>) -> Self {
        Self { problems }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, Problem { variable, message }) in self.problems.iter().enumerate() {
            let separator = if index == 0 { "" } else { "\n" };
            write!(f, "{separator}{variable}: {message}")?;
        }
        Ok(())
    }
}

/// Takes variables apart and remembers the bad ones.
#[derive(Debug, Default)]
pub struct Checker {
    problems: Vec<Problem>,
}

impl Checker {
    /// A checker that has found nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The value, if there is a good one; a bad one is remembered.
    pub fn optional<T>(&mut self, var: Var<T>, name: &str) -> Option<T> {
        match var.0 {
            State::Unset => None,
            State::Good(value) => Some(value),
            State::Bad(message) => {
                self.problem(name, message);
                None
            }
        }
    }

    /// The value, or the default when it is unset.
    pub fn or<T>(&mut self, var: Var<T>, name: &str, default: T) -> T {
        self.optional(var, name).unwrap_or(default)
    }

    /// The value; unset is as bad as unreadable.
    pub fn required<T>(&mut self, var: Var<T>, name: &str) -> Option<T> {
        if matches!(var.0, State::Unset) {
            self.problem(name, "is not set");
        }
        self.optional(var, name)
    }

    /// Remembers a problem that only the program itself can see.
    pub fn problem(&mut self, name: &str, message: impl Into<String>) {
        self.problems.push(Problem { variable: name.to_owned(), message: message.into() });
    }

    /// Fails when anything was bad.
    pub fn finish(self) -> Result<(), ConfigError> {
        if self.problems.is_empty() { Ok(()) } else { Err(self.problems.into()) }
    }

    /// Builds the configuration when nothing was bad; required values are taken with `?`.
    pub fn build<T>(self, config: impl FnOnce() -> Option<T>) -> Result<T, ConfigError> {
        self.finish()?;
        config().ok_or_else(|| ConfigError::new("configuration", "is incomplete"))
    }
}

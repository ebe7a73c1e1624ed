//! One variable that may be unset, good or bad.

use std::any::TypeId;
use std::fmt::Display;
use std::marker::PhantomData;
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use serde::de::{Deserialize, Deserializer};

/// Environment variables cannot hold NUL, and files with one are refused, so a value that begins with
/// it is our own message about a variable that could not be read.
const UNREADABLE: char = '\0';

/// The field type of a raw configuration: it never fails to deserialise, but keeps its error, so
/// that a [`Checker`](super::Checker) can report every bad variable at once.
///
/// The parser's messages are shown to the user: they must not repeat the value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Var<T>(pub(super) State<T>);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum State<T> {
    Unset,
    Good(T),
    Bad(String),
}

impl<T> Default for Var<T> {
    fn default() -> Self {
        Self(State::Unset)
    }
}

impl<T: FromStr<Err: Display> + 'static> Var<T> {
    /// Parses a value as the environment would give it.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        if let Some(message) = text.strip_prefix(UNREADABLE) {
            return Self(State::Bad(message.to_owned()));
        }
        match text.parse() {
            Ok(value) => Self(State::Good(value)),
            Err(error) => Self(State::Bad(explain::<T>(&error.to_string()))),
        }
    }
}

impl<'de, T: FromStr<Err: Display> + 'static> Deserialize<'de> for Var<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self::parse(&text))
    }
}

/// Wraps a message so that it passes through envy as if it were a value.
pub(super) fn unreadable(message: &str) -> String {
    format!("{UNREADABLE}{message}")
}

/// Says what to write, for types whose own errors only say that something is wrong.
fn explain<T: 'static>(error: &str) -> String {
    let is = |id: TypeId| TypeId::of::<PhantomData<T>>() == id;
    macro_rules! any_of {
        ($($t:ty),*) => { $(is(TypeId::of::<PhantomData<$t>>()))||* };
    }
    if any_of!(SocketAddr) {
        "is not an address with a port; write it as 127.0.0.1:8080".to_owned()
    } else if any_of!(IpAddr) {
        "is not an IP address".to_owned()
    } else if any_of!(bool) {
        "is neither true nor false".to_owned()
    } else if any_of!(u8, u16, u32, u64, usize) {
        format!("is not a whole number ({error})")
    } else {
        error.to_owned()
    }
}

//! Lists separated by commas.

use std::fmt::Display;
use std::str::FromStr;

/// Values separated by commas; spaces around them and empty items are dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List<T>(pub Vec<T>);

/// An item of the list is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("item {position} of the list {message}")]
pub struct ParseListError {
    position: usize,
    message: String,
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: FromStr<Err: Display>> FromStr for List<T> {
    type Err = ParseListError;

    fn from_str(text: &str) -> Result<Self, ParseListError> {
        let items = text.split(',').map(str::trim).enumerate().filter(|(_, item)| !item.is_empty());
        items
            .map(|(index, item)| {
                item.parse::<T>().map_err(|error| ParseListError {
                    position: index + 1,
                    message: error.to_string(),
                })
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::List;

    #[test]
    fn items_are_trimmed_and_a_bad_one_is_counted() {
        assert_eq!(" 1, 2,,3 ".parse(), Ok(List(vec![1_u8, 2, 3])));
        let error = "1, x".parse::<List<u8>>().unwrap_err().to_string();
        assert!(error.starts_with("item 2 of the list"), "{error}");
    }
}

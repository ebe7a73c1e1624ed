use std::path::{Path, PathBuf};

use time::UtcOffset;

use crate::Error;

/// How versions, names and texts of new files are made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Style {
    /// How versions are made; as those of the folder, if nobody says it.
    pub versioning: Option<Versioning>,
    /// What times of versions are told in: UTC, unless all who make revisions agree on another offset.
    pub offset: UtcOffset,
    /// How many characters of the message a file's name takes at most.
    pub longest_slug: usize,
    /// The text of up files below their directives.
    pub up: Option<Template>,
    /// The text of down files.
    pub down: Option<Template>,
}

/// How the version of a new revision is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Versioning {
    /// The time, as `YYYYMMDDHHMMSS`.
    Timestamp,
    /// One more than the newest.
    Sequential,
}

/// A text with places for what is known of a new revision only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// Where it stands, for messages.
    pub path: PathBuf,
    /// Its text, with `${message}`, `${name}`, `${version}`, `${revises}` and `${date}` in it.
    pub text: String,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            versioning: None,
            offset: UtcOffset::UTC,
            // As with Alembic.
            longest_slug: 40,
            up: None,
            down: None,
        }
    }
}

impl Template {
    /// Reads a template; `None` if there is no such file.
    pub fn find(path: &Path) -> Result<Option<Self>, Error> {
        match std::fs::read_to_string(path) {
            Ok(text) => Ok(Some(Self { path: path.to_owned(), text })),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => {
                let message = format!("cannot read {}: {error}", path.display());
                Err(Error::usage("BAD_TEMPLATE", message))
            }
        }
    }

    /// The text with every place filled in. Line ends become those of Unix, as checksums count them.
    pub(super) fn fill(&self, values: &[(&str, &str)]) -> Result<String, Error> {
        let text = self.text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
        let mut filled = String::new();
        let mut rest = text.as_str();
        while let Some((before, after)) = rest.split_once("${") {
            filled.push_str(before);
            let (name, behind) = after.split_once('}').unwrap_or((after, ""));
            let Some((_, value)) = values.iter().find(|(known, _)| *known == name) else {
                let known: Vec<String> =
                    values.iter().map(|(name, _)| format!("${{{name}}}")).collect();
                let name = name.lines().next().unwrap_or_default();
                return Err(self.bad(&format!(
                    "`${{{name}` is no place that can be filled in; these are: {}",
                    known.join(", ")
                )));
            };
            filled.push_str(value);
            rest = behind;
        }
        filled.push_str(rest);
        Ok(filled)
    }

    pub(super) fn bad(&self, cause: &str) -> Error {
        Error::usage("BAD_TEMPLATE", format!("{} cannot be used: {cause}", self.path.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(text: &str) -> Result<String, String> {
        let template = Template { path: "t.sql".into(), text: text.to_owned() };
        let filled = template.fill(&[("message", "a ${version} b"), ("version", "7")]);
        filled.map_err(|error| error.to_string())
    }

    #[test]
    fn places_are_filled_in_once() {
        assert_eq!(fill("-- ${version}: ${message}\r\n").unwrap(), "-- 7: a ${version} b\n");
        assert_eq!(fill("\u{feff}$$ $ {x} ${version}").unwrap(), "$$ $ {x} 7");
    }

    #[test]
    fn unknown_place_is_named_with_those_that_are_known() {
        let error = fill("${autor}\n").unwrap_err();
        assert!(error.contains("${autor") && error.contains("${message}, ${version}"), "{error}");
        assert!(fill("${message\nx").unwrap_err().contains("`${message`"));
    }
}

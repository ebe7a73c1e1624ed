//! Where variables come from.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::io::Read;
use std::path::Path;

use serde::de::DeserializeOwned;

use super::checker::{ConfigError, Problem};
use super::{fields, var};

/// A file named by `NAME_FILE` holds a password, a key or a certificate chain, never more than this.
const MAX_FILE: u64 = 1 << 20;

/// The environment of a program, read once at its start.
///
/// The variables of the process win over those of `.env`. An empty value counts as unset, spaces
/// around a value are dropped, and `NAME_FILE` names a file that holds the value of `NAME`: an empty file
/// is an error, since what stands in for the value may be weaker.
#[derive(Clone, Default)]
pub struct Env {
    layers: Vec<BTreeMap<String, OsString>>,
}

impl fmt::Debug for Env {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.layers.iter().flat_map(BTreeMap::keys);
        f.debug_set().entries(names).finish()
    }
}

impl Env {
    /// The variables of this process, and behind them those of `.env` in the working directory.
    ///
    /// Fails when there is a `.env` that cannot be read.
    pub fn from_process() -> Result<Self, ConfigError> {
        let process = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value)))
            .collect();
        let file = dotenv(Path::new(".env"))?;
        Ok(Self { layers: vec![process, file] })
    }

    /// An environment made of these pairs alone: what tests use.
    pub fn from_pairs<K, V>(pairs: impl IntoIterator<Item = (K, V)>) -> Self
    where
        K: Into<String>,
        V: Into<OsString>,
    {
        let layer = pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        Self { layers: vec![layer] }
    }

    /// The same environment, with a variable set above all others.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.layers.insert(0, BTreeMap::from([(name.to_owned(), value.into())]));
        self
    }

    /// The same environment, with a variable set below all others: a default.
    #[must_use]
    pub fn or(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.layers.push(BTreeMap::from([(name.to_owned(), value.into())]));
        self
    }

    /// The value of a variable, from `NAME` or from the file that `NAME_FILE` names.
    ///
    /// Fails when the value is not UTF-8, or the file is empty or cannot be read.
    pub fn get(&self, name: &str) -> Result<Option<String>, ConfigError> {
        self.find(name).map_err(|message| {
            ConfigError::from(vec![Problem { variable: name.to_owned(), message }])
        })
    }

    /// Whether spaces stand around a value, which [`Self::get`] drops, and libraries that read the
    /// process's variables themselves do not.
    pub(crate) fn is_padded(&self, name: &str) -> bool {
        let mut values = self.layers.iter().filter_map(|layer| layer.get(name)?.to_str());
        values.any(|value| value != value.trim())
    }

    /// Reads a flat struct whose fields are named like the variables, in lower case.
    ///
    /// Fields of type [`Var`](super::Var) with `#[serde(default)]` on the struct never fail here:
    /// their [`Checker`](super::Checker) reports them together. Other types stop at the first error.
    pub fn load<T: DeserializeOwned>(&self) -> Result<T, ConfigError> {
        let pairs = fields::of::<T>().iter().filter_map(|field| {
            let name = field.to_ascii_uppercase();
            match self.find(&name) {
                Ok(value) => value.map(|value| (name, value)),
                Err(message) => Some((name, var::unreadable(&message))),
            }
        });
        // Collected, because the iterator would tie its lifetime to the deserializer.
        let pairs: Vec<_> = pairs.collect();
        envy::from_iter(pairs).map_err(|error| ConfigError::from(vec![without_value(&error)]))
    }

    fn find(&self, name: &str) -> Result<Option<String>, String> {
        let file_name = format!("{name}_FILE");
        for layer in &self.layers {
            if let Some(value) = layer.get(name) {
                let value = value.to_str().ok_or("is not UTF-8")?.trim();
                if !value.is_empty() {
                    return Ok(Some(value.to_owned()));
                }
            }
            if let Some(path) = layer.get(&file_name).filter(|path| !path.is_empty()) {
                let value = read_file(Path::new(path));
                return value.map(Some).map_err(|error| format!("{file_name}: {error}"));
            }
        }
        Ok(None)
    }
}

fn read_file(path: &Path) -> Result<String, String> {
    let failed = |error: std::io::Error| format!("cannot read {}: {error}", path.display());
    let mut text = String::new();
    std::fs::File::open(path)
        .and_then(|file| file.take(MAX_FILE + 1).read_to_string(&mut text))
        .map_err(failed)?;
    if text.len() as u64 > MAX_FILE {
        return Err(format!("{} is larger than 1 MiB", path.display()));
    }
    if text.contains('\0') {
        return Err(format!("{} is not text in UTF-8", path.display()));
    }
    let text = text.trim();
    if text.is_empty() {
        let path = path.display();
        return Err(format!("{path} is empty; write the value into it, or leave the variable out"));
    }
    Ok(text.to_owned())
}

fn dotenv(path: &Path) -> Result<BTreeMap<String, OsString>, ConfigError> {
    // dotenvy's own messages hold the line, and with it perhaps a secret.
    let problem =
        |message: String| ConfigError::from(vec![Problem { variable: ".env".to_owned(), message }]);
    let text = match std::fs::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Err(error) => return Err(problem(format!("cannot be read: {error}"))),
    };
    // As some editors save it.
    let text = text.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&text);
    let mut variables = BTreeMap::new();
    for (index, pair) in dotenvy::from_read_iter(text).enumerate() {
        let (name, value) = pair.map_err(|_| {
            problem(format!(
                "entry {} is not of the form NAME=VALUE; quote values that hold spaces",
                index + 1
            ))
        })?;
        variables.insert(name, value.into());
    }
    Ok(variables)
}

/// envy's own messages echo the value, which may be a secret in the wrong place.
fn without_value(error: &envy::Error) -> Problem {
    match error {
        envy::Error::MissingValue(field) => {
            Problem { variable: field.to_ascii_uppercase(), message: "is not set".to_owned() }
        }
        envy::Error::Custom(text) => {
            let variable = text.rsplit_once("provided by ").map_or("a variable", |(_, name)| name);
            Problem { variable: variable.to_owned(), message: "does not parse".to_owned() }
        }
    }
}

//! What somebody decided about rows that cannot be taken as they are.

use std::collections::BTreeMap;

use artisan_store::{LegacyColumn, LegacyUser};
use serde::Deserialize;
use serde_json::{Value, json};
use thiserror::Error;

/// The one format that there is.
const FORMAT: u64 = 1;

/// Decisions about users, by their id in the source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decisions(BTreeMap<String, Decision>);

/// What becomes of one user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Decision {
    /// It is left behind.
    Skip,
    /// It is taken with changes.
    Take(Change),
}

/// What is taken instead of what the source says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Change {
    /// Other values for columns.
    set: BTreeMap<LegacyColumn, Option<String>>,
    /// What the column `password` holds.
    pub(super) password: Option<PasswordIs>,
    /// Which of the two profiles counts; none at all.
    pub(super) profile: Option<ProfileIs>,
    /// That there is no address.
    pub(super) without_address: bool,
}

/// What the column `password` holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PasswordIs {
    /// The password, whatever it looks like.
    Plain,
    /// The hash that another system made of it.
    Hash,
    /// Nothing to be taken: the user sets a new one by mail.
    None,
}

/// Which of the two profiles counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ProfileIs {
    Artisan,
    Buyer,
    None,
}

/// What is wrong with a file of decisions; never shows a value.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DecisionsError {
    /// It is no such file.
    #[error("it is not a file of decisions: {0}")]
    Malformed(String),
    /// Another format.
    #[error("its format is not 1")]
    Format,
    /// One decision.
    #[error("the decision about user {user}: {problem}")]
    Decision {
        /// Whose id in the source.
        user: String,
        /// What is wrong with it.
        problem: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: u64,
    users: BTreeMap<String, Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    #[serde(default, rename = "email")]
    _email: Option<String>,
    #[serde(default, rename = "problems")]
    _problems: Vec<String>,
    #[serde(default)]
    decision: Option<Raw>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Raw {
    Word(String),
    Change(BTreeMap<String, Option<String>>),
}

impl Decisions {
    /// Reads a file of decisions. Entries without a decision count as not there.
    pub fn parse(text: &str) -> Result<Self, DecisionsError> {
        let malformed = |error: serde_json::Error| {
            // The message of a wrong value shows the value.
            let place = format!("line {}, column {}", error.line(), error.column());
            DecisionsError::Malformed(place)
        };
        let file: File = serde_json::from_str(text).map_err(malformed)?;
        if file.format != FORMAT {
            return Err(DecisionsError::Format);
        }
        let mut decisions = BTreeMap::new();
        for (user, entry) in file.users {
            let Some(raw) = entry.decision else { continue };
            let decision = decide(raw)
                .map_err(|problem| DecisionsError::Decision { user: user.clone(), problem })?;
            decisions.insert(user, decision);
        }
        Ok(Self(decisions))
    }

    pub(super) fn about(&self, user: &str) -> Option<&Decision> {
        self.0.get(user)
    }

    pub(super) fn users(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

impl Change {
    /// The row with the other values.
    pub(super) fn apply(&self, row: &mut LegacyUser) {
        for (column, value) in &self.set {
            row.set(*column, value.clone());
        }
    }
}

fn decide(raw: Raw) -> Result<Decision, String> {
    let values = match raw {
        Raw::Word(word) if word == "skip" => return Ok(Decision::Skip),
        Raw::Word(_) => return Err("is neither \"skip\" nor what is to be taken instead".into()),
        Raw::Change(values) => values,
    };
    let mut change = Change::default();
    for (key, value) in values {
        match (key.as_str(), value.as_deref()) {
            ("password", Some("plain")) => change.password = Some(PasswordIs::Plain),
            ("password", Some("hash")) => change.password = Some(PasswordIs::Hash),
            ("password", Some("none")) => change.password = Some(PasswordIs::None),
            ("password", _) => return Err("password is \"plain\", \"hash\" or \"none\"".into()),
            ("profile", Some("artisan")) => change.profile = Some(ProfileIs::Artisan),
            ("profile", Some("buyer")) => change.profile = Some(ProfileIs::Buyer),
            ("profile", Some("none")) => change.profile = Some(ProfileIs::None),
            ("profile", _) => return Err("profile is \"artisan\", \"buyer\" or \"none\"".into()),
            ("address", Some("none")) => change.without_address = true,
            ("address", _) => return Err("address can only be \"none\"".into()),
            (path, _) => {
                let column = settable(path).ok_or_else(|| format!("{path} cannot be set"))?;
                change.set.insert(column, value);
            }
        }
    }
    Ok(Decision::Take(change))
}

/// A column that somebody may give another value: no password in a file, and no key to another row.
fn settable(path: &str) -> Option<LegacyColumn> {
    use LegacyColumn::{AddressId, AddressRow, ArtisanId, BuyerId, Password};
    let column = LegacyColumn::from_path(path)?;
    let is_refused = matches!(column, Password | AddressId | AddressRow | ArtisanId | BuyerId);
    (!is_refused).then_some(column)
}

/// A user about whom somebody has to decide.
#[derive(Clone, Debug, Default)]
pub(super) struct Undecided {
    pub(super) email: String,
    pub(super) problems: Vec<String>,
}

/// A file in which nothing is decided yet.
pub(super) fn template(users: &BTreeMap<String, Undecided>) -> Value {
    let entry = |(id, user): (&String, &Undecided)| {
        let Undecided { email, problems } = user;
        (id.clone(), json!({"email": email, "problems": problems, "decision": null}))
    };
    let users: serde_json::Map<String, Value> = users.iter().map(entry).collect();
    json!({"format": FORMAT, "users": users})
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(decision: &str) -> Result<Decisions, DecisionsError> {
        Decisions::parse(&format!(
            "{{\"format\": 1, \"users\": {{\"u\": {{\"decision\": {decision}}}}}}}"
        ))
    }

    #[test]
    fn each_decision_is_read() {
        assert_eq!(parse("null"), Ok(Decisions::default()));
        assert_eq!(parse("\"skip\"").unwrap().about("u"), Some(&Decision::Skip));
        let taken = parse(
            r#"{"users.email": "a@example.com", "artisans.bio": null, "password": "hash",
                "profile": "buyer", "address": "none"}"#,
        );
        let decisions = taken.unwrap();
        let Some(Decision::Take(change)) = decisions.about("u") else { panic!("not taken") };
        assert_eq!(change.password, Some(PasswordIs::Hash));
        assert_eq!(change.profile, Some(ProfileIs::Buyer));
        assert!(change.without_address);
        let mut row = LegacyUser::default();
        row.set(LegacyColumn::Bio, Some("long".to_owned()));
        change.apply(&mut row);
        assert_eq!(row.get(LegacyColumn::Bio), None);
        assert_eq!(row.get(LegacyColumn::Email), Some("a@example.com"));
    }

    #[test]
    fn what_decides_nothing_is_refused_without_its_values() {
        for decision in [
            "\"leave\"",
            "7",
            r#"{"users.password": "Hunter2-hunter"}"#,
            r#"{"users.address_id": "x"}"#,
            r#"{"users.role": "admin"}"#,
            r#"{"password": "Hunter2-hunter"}"#,
            r#"{"profile": "both"}"#,
            r#"{"address": "Rua Chile"}"#,
        ] {
            let error = parse(decision).expect_err(decision).to_string();
            assert!(!error.contains("Hunter2"), "{error}");
        }
        assert_eq!(Decisions::parse(r#"{"format": 2, "users": {}}"#), Err(DecisionsError::Format));
        assert!(Decisions::parse(r#"{"format": 1, "users": {}, "more": 1}"#).is_err());
    }

    #[test]
    fn a_template_decides_nothing() {
        let user = Undecided { email: "a@b".to_owned(), problems: vec!["x".to_owned()] };
        let text = template(&BTreeMap::from([("u".to_owned(), user)])).to_string();
        assert_eq!(Decisions::parse(&text), Ok(Decisions::default()));
    }
}

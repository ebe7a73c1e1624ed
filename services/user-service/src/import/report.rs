//! What an import has found and done.

use std::collections::{BTreeMap, HashMap};

use artisan_store::{LegacyColumn, LegacyCounts, LegacyUser};
use serde_json::{Value, json};

use super::EXIT_FINDINGS;
use super::convert::Problem;
use super::decisions::{Undecided, template};
use super::examine::is_hashed;
use super::page::{Fate, Item, Known};

mod text;

/// What an import has found and done. Names users by their ids; only [`Self::template`] has e-mail
/// addresses, and nothing has a password.
#[derive(Debug)]
pub struct Report {
    pub(super) dry_run: bool,
    pub(super) engine: &'static str,
    pub(super) counts: LegacyCounts,
    pub(super) shared_addresses: u64,
    pub(super) users_sharing: u64,
    pub(super) unused_addresses: u64,
    pub(super) findings: Vec<Finding>,
    pub(super) planned: Outcome,
    /// How many passwords are to be hashed.
    pub(super) passwords: u64,
    /// How many users this run has written, if it wrote.
    pub(super) imported: Option<u64>,
    pub(super) verified: Option<Verified>,
    undecided: BTreeMap<String, Undecided>,
}

/// Something about a row of the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Finding {
    /// The user's id; empty for a row that belongs to none.
    pub(super) user: String,
    /// The table.
    pub(super) table: &'static str,
    /// The row's id in that table.
    pub(super) id: String,
    /// The column.
    pub(super) column: &'static str,
    /// What is wrong, without the value.
    pub(super) problem: String,
    /// What may be decided; nothing has to be where it is absent.
    pub(super) next: Option<String>,
}

/// What becomes of the users, as it looked before anything was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Outcome {
    /// They are to be written.
    pub(super) new: u64,
    /// They are here already.
    pub(super) here: u64,
    /// They were here, and were erased or purged: they do not come back.
    pub(super) gone: u64,
    /// They are left behind by a decision.
    pub(super) skipped: u64,
    /// Something waits for a decision.
    pub(super) open: u64,
}

/// What came of comparing both sides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Verified {
    pub(super) users: u64,
    pub(super) changed_since: u64,
    pub(super) gone: u64,
    pub(super) passwords: u64,
    pub(super) passwords_changed: u64,
    pub(super) counts_agree: bool,
    pub(super) differences: Vec<Difference>,
}

/// A user of whom the platform has something else than the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Difference {
    /// The id.
    pub(super) user: String,
    /// What differs; `user` for one who is not here at all.
    pub(super) field: &'static str,
}

impl Report {
    pub(super) fn new(engine: &'static str, counts: LegacyCounts) -> Self {
        Self {
            dry_run: false,
            engine,
            counts,
            shared_addresses: 0,
            users_sharing: 0,
            unused_addresses: 0,
            findings: Vec::new(),
            planned: Outcome::default(),
            passwords: 0,
            imported: None,
            verified: None,
            undecided: BTreeMap::new(),
        }
    }

    /// How many users wait for a decision.
    #[must_use]
    pub fn undecided(&self) -> usize {
        self.undecided.len()
    }

    /// The process's exit code: 9 while something is undecided or differs.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        let differs = self
            .verified
            .as_ref()
            .is_some_and(|verified| !verified.differences.is_empty() || !verified.counts_agree);
        if self.undecided() > 0 || differs { EXIT_FINDINGS } else { 0 }
    }

    /// The file of decisions, with none for each user who waits for one. Shows e-mail addresses, since
    /// nobody could decide without.
    #[must_use]
    pub fn template(&self) -> String {
        format!("{:#}\n", template(&self.undecided))
    }

    pub(super) fn count(&mut self, item: &Item, known: &Known) {
        let planned = &mut self.planned;
        match &item.fate {
            Fate::Skipped => planned.skipped += 1,
            Fate::Open => planned.open += 1,
            Fate::Ready(prepared) if known.here.contains_key(&prepared.user.id) => {
                planned.here += 1;
            }
            Fate::Ready(prepared) if known.gone.contains(&prepared.user.id) => planned.gone += 1,
            Fate::Ready(prepared) => {
                planned.new += 1;
                self.passwords += u64::from(is_hashed(&prepared.password));
            }
        }
    }

    pub(super) fn found(&mut self, row: &LegacyUser, problem: &Problem) {
        let key = match problem.column.table() {
            "addresses" => LegacyColumn::AddressRow,
            "artisans" => LegacyColumn::ArtisanId,
            "buyers" => LegacyColumn::BuyerId,
            _ => LegacyColumn::UserId,
        };
        let (user, email) = (row.text(LegacyColumn::UserId), row.text(LegacyColumn::Email));
        self.add(user, email, row.text(key).to_owned(), problem);
    }

    /// A value that several users share and must not.
    pub(super) fn shared(&mut self, user: &str, email: &str, column: LegacyColumn, text: String) {
        let next = Some(format!("set {}", column.path()));
        self.add(user, email, user.to_owned(), &Problem { column, text, next });
    }

    pub(super) fn stray(&mut self, column: LegacyColumn, id: &str) {
        let text = "belongs to no user; it is left behind".to_owned();
        self.add("", "", id.to_owned(), &Problem { column, text, next: None });
    }

    pub(super) fn addresses(&mut self, users: &HashMap<String, u64>) {
        let shared = || users.values().filter(|count| **count > 1);
        self.shared_addresses = u64::try_from(shared().count()).unwrap_or(u64::MAX);
        self.users_sharing = shared().sum();
        let used = u64::try_from(users.len()).unwrap_or(u64::MAX);
        self.unused_addresses = self.counts.addresses.saturating_sub(used);
    }

    fn add(&mut self, user: &str, email: &str, id: String, problem: &Problem) {
        let Problem { column, text, next } = problem;
        // To leave the user behind is always a way.
        let next = next.as_ref().map(|next| format!("{next}, or \"skip\""));
        if let Some(next) = &next {
            let undecided = self.undecided.entry(user.to_owned()).or_default();
            email.clone_into(&mut undecided.email);
            undecided.problems.push(format!("{} {text}: {next}", column.path()));
        }
        self.findings.push(Finding {
            user: user.to_owned(),
            table: column.table(),
            id,
            column: column.name(),
            problem: text.clone(),
            next,
        });
    }

    /// One JSON document.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let Outcome { new, here, gone, skipped, open } = self.planned;
        let findings = self.findings.iter().map(|finding| {
            let Finding { user, table, id, column, problem, next } = finding;
            json!({"user": user, "table": table, "id": id, "column": column, "problem": problem,
                "next": next})
        });
        json!({
            "format": 1,
            "command": "import",
            "dry_run": self.dry_run,
            "source": {
                "engine": self.engine,
                "users": self.counts.users,
                "artisans": self.counts.artisans,
                "buyers": self.counts.buyers,
                "addresses": self.counts.addresses,
                "addresses_shared": self.shared_addresses,
                "users_sharing": self.users_sharing,
                "addresses_unused": self.unused_addresses,
            },
            "findings": findings.collect::<Vec<_>>(),
            "undecided": self.undecided(),
            "planned": {"new": new, "here": here, "gone": gone, "skipped": skipped, "open": open,
                "passwords": self.passwords},
            "imported": self.imported,
            "verified": self.verified.as_ref().map(Verified::to_json),
        })
    }
}

impl Verified {
    fn to_json(&self) -> Value {
        let differences = self.differences.iter();
        let differences = differences.map(|d| json!({"user": d.user, "field": d.field}));
        json!({
            "users": self.users,
            "changed_since": self.changed_since,
            "gone": self.gone,
            "passwords": self.passwords,
            "passwords_changed": self.passwords_changed,
            "counts_agree": self.counts_agree,
            "differences": differences.collect::<Vec<_>>(),
        })
    }
}

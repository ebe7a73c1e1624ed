//! Everything that stands against an import, found before anything is written.

use std::collections::{BTreeSet, HashMap};

use artisan_store::{LegacyColumn, LegacyCounts, LegacySource, UserId};

use super::convert::Problem;
use super::decisions::Decisions;
use super::page::{Fate, Item, Known, Pages};
use super::password::Taken;
use super::report::Report;
use super::{Import, ImportError};

/// What is found out about all users together.
#[derive(Debug, Default)]
struct Survey {
    /// Who has the e-mail address of that key: id and address, as the source has them.
    emails: HashMap<String, Vec<(String, String)>>,
    /// The ids as they will be: two texts may be the same UUID.
    ids: HashMap<UserId, Vec<(String, String)>>,
    /// How many users have the address of that id.
    addresses: HashMap<String, u64>,
    /// Users about whom something was decided, and who are there.
    decided: BTreeSet<String>,
}

impl Import {
    pub(super) async fn examine(
        &self,
        source: &mut LegacySource,
        decisions: &Decisions,
        counts: LegacyCounts,
        is_empty: bool,
    ) -> Result<Report, ImportError> {
        let mut report = Report::new(source.system(), counts);
        let strays = source.strays().await.map_err(ImportError::source)?;
        let mut survey = Survey::default();
        let mut pages = Pages::new(source, decisions, self.sources.now());
        loop {
            let items = pages.next().await?;
            if items.is_empty() {
                break;
            }
            let known =
                if is_empty { Known::default() } else { Known::of(&self.store, &items).await? };
            for item in &items {
                survey.take(item, decisions);
                report.count(item, &known);
                for problem in &item.problems {
                    report.found(&item.row, problem);
                }
            }
            if !is_empty {
                self.find_taken(&items, &known, &mut report).await?;
            }
        }
        survey.finish(decisions, &mut report)?;
        for (column, id) in &strays {
            report.stray(*column, id);
        }
        Ok(report)
    }

    /// Users whose e-mail address belongs to somebody else here.
    async fn find_taken(
        &self,
        items: &[Item],
        known: &Known,
        report: &mut Report,
    ) -> Result<(), ImportError> {
        let new: Vec<(&Item, UserId, String)> = items
            .iter()
            .filter_map(|item| Some((item, &item.prepared()?.user)))
            .filter(|(_, user)| known.lacks(user.id))
            .map(|(item, user)| (item, user.id, user.email.key()))
            .collect();
        let keys: Vec<String> = new.iter().map(|(_, _, key)| key.clone()).collect();
        let owners = self.store.find_email_owners(&keys).await.map_err(ImportError::Target)?;
        let owners: HashMap<String, UserId> = owners.into_iter().collect();
        for (item, id, key) in &new {
            if owners.get(key).is_some_and(|owner| owner != id) {
                report.found(&item.row, &taken());
            }
        }
        Ok(())
    }
}

impl Survey {
    fn take(&mut self, item: &Item, decisions: &Decisions) {
        if decisions.about(&item.id).is_some() {
            self.decided.insert(item.id.clone());
        }
        if let Some(address) = item.row.get(LegacyColumn::AddressRow) {
            *self.addresses.entry(address.to_owned()).or_default() += 1;
        }
        if let Fate::Ready(prepared) = &item.fate {
            let holder = (item.id.clone(), prepared.user.email.as_str().to_owned());
            self.ids.entry(prepared.user.id).or_default().push(holder.clone());
            self.emails.entry(prepared.user.email.key()).or_default().push(holder);
        }
    }

    fn finish(self, decisions: &Decisions, report: &mut Report) -> Result<(), ImportError> {
        let unknown: Vec<&str> =
            decisions.users().filter(|user| !self.decided.contains(*user)).collect();
        if !unknown.is_empty() {
            return Err(ImportError::Unknown(unknown.join(", ")));
        }
        report.addresses(&self.addresses);
        let mut emails: Vec<_> = self.emails.into_values().filter(|all| all.len() > 1).collect();
        emails.sort_unstable();
        for (id, email, others) in emails.iter().flat_map(|all| each_with_others(all)) {
            let text = format!("is, but for case, the address of {others} as well");
            report.shared(&id, &email, LegacyColumn::Email, text);
        }
        let mut ids: Vec<_> = self.ids.into_values().filter(|all| all.len() > 1).collect();
        ids.sort_unstable();
        for (id, email, others) in ids.iter().flat_map(|all| each_with_others(all)) {
            let text = format!("is the same UUID as {others}");
            report.shared(&id, &email, LegacyColumn::UserId, text);
        }
        Ok(())
    }
}

/// Each of some users, with the ids of the others.
fn each_with_others(all: &[(String, String)]) -> Vec<(String, String, String)> {
    let others = |at: usize| {
        let others = all.iter().enumerate().filter(|(other, _)| *other != at);
        others.map(|(_, (id, _))| id.as_str()).collect::<Vec<_>>().join(", ")
    };
    let each = all.iter().enumerate();
    each.map(|(at, (id, email))| (id.clone(), email.clone(), others(at))).collect()
}

/// What is told of a user whose address belongs to somebody else here.
pub(super) fn taken() -> Problem {
    Problem {
        column: LegacyColumn::Email,
        text: "belongs to another account of the platform".to_owned(),
        next: Some(format!("set {}", LegacyColumn::Email.path())),
    }
}

/// Whether something has to be computed for the password.
pub(super) fn is_hashed(taken: &Taken) -> bool {
    matches!(taken, Taken::Plain(_))
}

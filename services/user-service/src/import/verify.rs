//! Every row again, on both sides, compared.

use artisan_store::{LegacySource, ListEvents, NewUser, Revision, User, UserId};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use super::convert::Prepared;
use super::decisions::Decisions;
use super::page::{Fate, Known, Pages};
use super::password::Taken;
use super::report::{Difference, Report, Verified};
use super::{Import, ImportError, Observer, Progress};

/// The revision of a user whom nobody has changed since.
const UNCHANGED: Revision = Revision(1);
/// How many of a user's events are looked at.
const EVENTS: u32 = 1000;

/// How a password compares with what is kept of it.
enum Compared {
    Same,
    /// Its owner has another one by now.
    ChangedSince,
    Different,
}

impl Import {
    pub(super) async fn verify(
        &self,
        source: &mut LegacySource,
        decisions: &Decisions,
        sample: Option<u64>,
        report: &mut Report,
        observer: Observer<'_>,
    ) -> Result<(), ImportError> {
        let total = report.counts.users;
        let step = sample.map_or(Some(1), |sample| total.max(1).div_ceil(sample.max(1)).into());
        let step = if sample == Some(0) { None } else { step };
        let mut verified = Verified::default();
        let (mut seen, mut skipped) = (0, 0);
        let mut pages = Pages::new(source, decisions, self.sources.now());
        loop {
            let items = pages.next().await?;
            if items.is_empty() {
                break;
            }
            let known = Known::of(&self.store, &items).await?;
            let mut checked: Vec<&Prepared> = Vec::new();
            for item in &items {
                seen += 1;
                match &item.fate {
                    Fate::Skipped => skipped += 1,
                    Fate::Open => verified.differ(&item.id, "user"),
                    Fate::Ready(prepared) => {
                        let is_checked = step.is_some_and(|step| seen % step == 0);
                        let is_here = verified.compare(&item.id, prepared, &known);
                        if is_here && is_checked {
                            checked.push(prepared);
                        }
                    }
                }
            }
            self.verify_passwords(&checked, &mut verified).await?;
            observer(Progress::Verified { done: seen, total });
        }
        verified.counts_agree = seen == total && verified.users + verified.gone + skipped == total;
        report.verified = Some(verified);
        Ok(())
    }

    async fn verify_passwords(
        &self,
        checked: &[&Prepared],
        verified: &mut Verified,
    ) -> Result<(), ImportError> {
        let compared: Vec<(UserId, Compared)> = stream::iter(checked)
            .map(|prepared| async move {
                Ok::<_, ImportError>((prepared.user.id, self.compare_password(prepared).await?))
            })
            .buffered(self.threads.saturating_mul(2))
            .try_collect()
            .await?;
        for (id, compared) in compared {
            match compared {
                Compared::Same => verified.passwords += 1,
                Compared::ChangedSince => verified.passwords_changed += 1,
                Compared::Different => verified.differ(&id.to_string(), "password"),
            }
        }
        Ok(())
    }

    async fn compare_password(&self, prepared: &Prepared) -> Result<Compared, ImportError> {
        let id = prepared.user.id;
        let kept = self.store.find_password_hash(id).await.map_err(ImportError::Target)?;
        let is_same = match (&prepared.password, kept) {
            (Taken::Plain(password), Some(hash)) => {
                self.hashing.verify(password.clone(), Some(hash), None).await?.is_right
            }
            (Taken::Hash(hash), Some(kept)) => *hash == kept,
            (Taken::Nothing, None) => true,
            (Taken::Plain(_) | Taken::Hash(_), None) | (Taken::Nothing, Some(_)) => false,
        };
        if is_same {
            return Ok(Compared::Same);
        }
        let list = ListEvents { user: id, page_size: EVENTS, after: None };
        let page = self.store.list_events(&list).await.map_err(ImportError::Target)?;
        let is_changed = page.events.iter().any(|event| event.kind.starts_with("password."));
        Ok(if is_changed { Compared::ChangedSince } else { Compared::Different })
    }
}

impl Verified {
    /// Compares a user; whether it is here.
    fn compare(&mut self, id: &str, prepared: &Prepared, known: &Known) -> bool {
        let expected = &prepared.user;
        let Some(user) = known.here.get(&expected.id) else {
            if known.gone.contains(&expected.id) {
                self.gone += 1;
            } else {
                self.differ(id, "user");
            }
            return false;
        };
        self.users += 1;
        if user.revision == UNCHANGED {
            differences(expected, user).for_each(|field| self.differ(id, field));
        } else {
            self.changed_since += 1;
        }
        true
    }

    fn differ(&mut self, user: &str, field: &'static str) {
        self.differences.push(Difference { user: user.to_owned(), field });
    }
}

/// The fields in which a user is not what was imported.
fn differences(expected: &NewUser, user: &User) -> impl Iterator<Item = &'static str> {
    let time = expected.create_time;
    let time = time.replace_microsecond(time.microsecond()).unwrap_or(time);
    let fields = [
        ("email", expected.email == user.email),
        ("state", expected.state == user.state),
        ("profile", expected.profile == user.profile),
        ("address", expected.address == user.address),
        ("roles", expected.roles == user.roles),
        ("create_time", time == user.create_time),
    ];
    fields.into_iter().filter(|(_, is_same)| !is_same).map(|(field, _)| field)
}

use std::collections::HashSet;
use std::sync::atomic::{AtomicU32, Ordering};

use time::OffsetDateTime;
use uuid::Uuid;

use crate::columns::Columns;
use crate::db::{Abort, Db, Tx, Work, is_duplicate};
use crate::engine::{Engine, Value};
use crate::error::StoreError;
use crate::events::record_all;
use crate::query::Query;
use crate::sql::{events, users as sql};
use crate::users::create::{created, user_values};
use crate::users::profile::{address_values, artisan_values, buyer_values};
use crate::{EventKind, NewUser, Profile, Taken, User};

/// Rows per statement, so that there are few different statements, which the server keeps prepared,
/// and none with more parameters than `SQLite` takes (32766).
const SIZES: [usize; 10] = [1000, 500, 200, 100, 50, 20, 10, 5, 2, 1];

pub(crate) async fn create_batch<E: Engine>(
    db: &Db<E>,
    users: &[NewUser],
    now: Option<OffsetDateTime>,
) -> Result<Vec<Result<User, Taken>>, StoreError> {
    let keys = users.iter().map(|user| user.email.key()).collect();
    db.write(&CreateBatch { users, keys, now, runs: AtomicU32::new(0) }).await
}

struct CreateBatch<'a> {
    users: &'a [NewUser],
    /// The e-mail key of each.
    keys: Vec<String>,
    /// When it is done, where the users are older.
    now: Option<OffsetDateTime>,
    /// How often it was begun.
    runs: AtomicU32,
}

impl<E: Engine> Work<E> for CreateBatch<'_> {
    type Output = Vec<Result<User, Taken>>;
    type Error = StoreError;

    /// That nothing is taken is decided by the constraints. A look at what is taken only sorts the users,
    /// and is dear beside their insertion: it is done once something was, or when somebody was faster.
    async fn run(&self, transaction: &mut Tx<E>) -> Result<Self::Output, Abort<StoreError>> {
        let mut known = self.find_trails(transaction).await?;
        if self.runs.fetch_add(1, Ordering::Relaxed) > 0 {
            self.find_owned(transaction, &mut known).await?;
        }
        let verdicts = self.verdicts(known);
        let free = || {
            let all = self.users.iter().zip(&self.keys).zip(&verdicts);
            all.filter(|(_, verdict)| verdict.is_none()).map(|(user, _)| user)
        };
        match insert_all(transaction, &free().collect::<Vec<_>>()).await {
            Err(error) if is_duplicate::<E>(&error) => return Err(Abort::Overtaken(error)),
            result => result?,
        }
        let created_at = free().map(|(user, _)| (user.id, self.now.unwrap_or(user.create_time)));
        record_all(transaction, created_at, EventKind::UserCreated).await?;
        let all = self.users.iter().zip(verdicts);
        Ok(all.map(|(user, verdict)| verdict.map_or_else(|| Ok(created(user)), Err)).collect())
    }
}

/// What is somebody's already.
#[derive(Default)]
struct Known {
    ids: HashSet<Uuid>,
    keys: HashSet<String>,
}

impl CreateBatch<'_> {
    /// What stands against each user: in the database, or before it in the batch.
    fn verdicts(&self, mut known: Known) -> Vec<Option<Taken>> {
        let all = self.users.iter().zip(&self.keys);
        let verdict = |(user, key): (&NewUser, &String)| {
            if known.ids.contains(&user.id.0) {
                Some(Taken::Id)
            } else if known.keys.contains(key) {
                Some(Taken::Email)
            } else {
                known.ids.insert(user.id.0);
                known.keys.insert(key.clone());
                None
            }
        };
        all.map(verdict).collect()
    }

    /// The ids that those who are gone have left behind: they stay theirs, and no constraint says so.
    async fn find_trails<E: Engine>(&self, transaction: &mut Tx<E>) -> Result<Known, sqlx::Error> {
        let given: Vec<&NewUser> = self.users.iter().filter(|user| user.has_given_id).collect();
        let mut known = Known::default();
        find_ids(transaction, events::FIND_TRAILS, &given, &mut known.ids).await?;
        Ok(known)
    }

    /// Adds what those have who are there.
    async fn find_owned<E: Engine>(
        &self,
        transaction: &mut Tx<E>,
        known: &mut Known,
    ) -> Result<(), sqlx::Error> {
        // Addresses first: who is written between the two looks is seen by the id, and not as somebody else.
        for chunk in chunks(&self.keys) {
            let mut query = Query::new::<E>("SELECT email_key FROM users WHERE email_key IN ");
            query.bind_row(chunk.iter().map(|key| Value::Text(key)));
            for row in &transaction.fetch_built(&query).await? {
                known.keys.insert(Columns::<E>::of(row).text("users.email_key")?);
            }
        }
        let users: Vec<&NewUser> = self.users.iter().collect();
        find_ids(transaction, "SELECT id FROM users WHERE id IN ", &users, &mut known.ids).await
    }
}

/// Adds those of the users' ids that a query finds.
async fn find_ids<E: Engine>(
    transaction: &mut Tx<E>,
    head: &'static str,
    users: &[&NewUser],
    ids: &mut HashSet<Uuid>,
) -> Result<(), sqlx::Error> {
    for chunk in chunks(users) {
        let mut query = Query::new::<E>(head);
        query.bind_row(chunk.iter().map(|user| Value::Id(user.id.0)));
        for row in &transaction.fetch_built(&query).await? {
            ids.insert(Columns::<E>::of(row).id("id")?);
        }
    }
    Ok(())
}

async fn insert_all<E: Engine>(
    transaction: &mut Tx<E>,
    users: &[(&NewUser, &String)],
) -> Result<(), sqlx::Error> {
    let rows = users.iter().map(|(user, key)| user_values(user, key));
    insert(transaction, sql::INSERT_USERS, rows.collect()).await?;
    let users: Vec<&NewUser> = users.iter().map(|(user, _)| *user).collect();
    let (mut artisans, mut buyers) = (Vec::new(), Vec::new());
    for user in &users {
        match &user.profile {
            Some(Profile::Artisan(artisan)) => artisans.push(artisan_values(user.id, artisan)),
            Some(Profile::Buyer(buyer)) => buyers.push(buyer_values(user.id, buyer)),
            None => {}
        }
    }
    insert(transaction, sql::INSERT_ARTISANS, artisans).await?;
    insert(transaction, sql::INSERT_BUYERS, buyers).await?;
    let addresses = users.iter().copied();
    let addresses =
        addresses.filter_map(|user| Some(address_values(user.id, user.address.as_ref()?)));
    insert(transaction, sql::INSERT_ADDRESSES, addresses.collect()).await?;
    let with_password = users.iter().filter(|user| !user.password_hash.is_empty());
    let credentials = with_password.map(|user| {
        let (id, now) = (Value::Id(user.id.0), Value::Time(user.create_time));
        [id, Value::Text(&user.password_hash), now]
    });
    insert(transaction, sql::INSERT_CREDENTIALS, credentials.collect()).await?;
    let roles = users.iter().flat_map(|user| user.roles.iter().map(move |role| (*user, role)));
    let roles = roles.map(|(user, role)| {
        let (id, now) = (Value::Id(user.id.0), Value::Time(user.create_time));
        [id, Value::Text(role.as_str()), now]
    });
    insert(transaction, sql::INSERT_ROLES, roles.collect()).await
}

/// Inserts many rows with few statements.
async fn insert<E: Engine, const N: usize>(
    transaction: &mut Tx<E>,
    head: &'static str,
    rows: Vec<[Value<'_>; N]>,
) -> Result<(), sqlx::Error> {
    for chunk in chunks(&rows) {
        transaction.insert(head, chunk).await?;
    }
    Ok(())
}

/// Cuts rows into pieces of the few sizes that there are.
pub(crate) fn chunks<T>(rows: &[T]) -> impl Iterator<Item = &[T]> {
    let mut rest = rows;
    std::iter::from_fn(move || {
        let size = SIZES.into_iter().find(|size| *size <= rest.len())?;
        let (chunk, left) = rest.split_at(size);
        rest = left;
        Some(chunk)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_hold_every_row_once() {
        for count in [0, 1, 3, 999, 1000, 2718] {
            let rows: Vec<usize> = (0..count).collect();
            let sizes: Vec<usize> = chunks(&rows).map(<[_]>::len).collect();
            assert_eq!(sizes.iter().sum::<usize>(), count);
            assert!(sizes.iter().all(|size| SIZES.contains(size)), "{sizes:?}");
            assert!(chunks(&rows).flatten().eq(&rows));
        }
    }
}

use std::collections::HashSet;

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
use crate::users::profile::{address_values, profile_values};
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
    db.write(&CreateBatch { users, keys, now }).await
}

struct CreateBatch<'a> {
    users: &'a [NewUser],
    /// The e-mail key of each.
    keys: Vec<String>,
    /// When it is done, where the users are older.
    now: Option<OffsetDateTime>,
}

impl<E: Engine> Work<E> for CreateBatch<'_> {
    type Output = Vec<Result<User, Taken>>;
    type Error = StoreError;

    /// The look at what is taken only sorts the users. That nothing is taken is decided by the
    /// constraints: when somebody was faster, everything begins anew with another look.
    async fn run(&self, transaction: &mut Tx<E>) -> Result<Self::Output, Abort<StoreError>> {
        let verdicts = self.verdicts(transaction).await?;
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

impl CreateBatch<'_> {
    /// What stands against each user: in the database, or before it in the batch.
    async fn verdicts<E: Engine>(
        &self,
        transaction: &mut Tx<E>,
    ) -> Result<Vec<Option<Taken>>, sqlx::Error> {
        let mut ids: HashSet<Uuid> = HashSet::new();
        let mut keys: HashSet<String> = HashSet::new();
        // Addresses first: who is written between the two looks is seen by the id, and not as somebody else.
        for chunk in chunks(&self.keys) {
            let mut query = Query::new::<E>("SELECT email_key FROM users WHERE email_key IN ");
            query.bind_row(chunk.iter().map(|key| Value::Text(key)));
            for row in &transaction.fetch_built(&query).await? {
                keys.insert(Columns::<E>::of(row).text("users.email_key")?);
            }
        }
        for chunk in chunks(self.users) {
            let mut query = Query::new::<E>("SELECT id FROM users WHERE id IN ");
            query.bind_row(chunk.iter().map(|user| Value::Id(user.id.0)));
            // The ids of those who are gone stay theirs.
            let mut trails = Query::new::<E>(events::FIND_TRAILS);
            trails.bind_row(chunk.iter().map(|user| Value::Id(user.id.0)));
            for query in [query, trails] {
                for row in &transaction.fetch_built(&query).await? {
                    ids.insert(Columns::<E>::of(row).id("id")?);
                }
            }
        }
        let all = self.users.iter().zip(&self.keys);
        let verdict = |(user, key): (&NewUser, &String)| {
            if ids.contains(&user.id.0) {
                Some(Taken::Id)
            } else if keys.contains(key) {
                Some(Taken::Email)
            } else {
                ids.insert(user.id.0);
                keys.insert(key.clone());
                None
            }
        };
        Ok(all.map(verdict).collect())
    }
}

async fn insert_all<E: Engine>(
    transaction: &mut Tx<E>,
    users: &[(&NewUser, &String)],
) -> Result<(), sqlx::Error> {
    insert(transaction, sql::INSERT_USERS, users, |query, (user, key)| {
        query.bind_row(user_values(user, key));
    })
    .await?;
    let users: Vec<&NewUser> = users.iter().map(|(user, _)| *user).collect();
    let (artisans, buyers): (Vec<_>, Vec<_>) = users
        .iter()
        .filter_map(|user| Some((user.id, user.profile.as_ref()?)))
        .partition(|(_, profile)| matches!(profile, Profile::Artisan(_)));
    for (head, profiles) in [(sql::INSERT_ARTISANS, artisans), (sql::INSERT_BUYERS, buyers)] {
        insert(transaction, head, &profiles, |query, (id, profile)| {
            query.bind_row(profile_values(*id, profile));
        })
        .await?;
    }
    let addresses = users.iter().filter_map(|user| Some((user.id, user.address.as_ref()?)));
    insert(
        transaction,
        sql::INSERT_ADDRESSES,
        &addresses.collect::<Vec<_>>(),
        |query, (id, address)| {
            query.bind_row(address_values(*id, address));
        },
    )
    .await?;
    let with_password = users.iter().copied().filter(|user| !user.password_hash.is_empty());
    insert(
        transaction,
        sql::INSERT_CREDENTIALS,
        &with_password.collect::<Vec<_>>(),
        |query, user| {
            let (id, now) = (Value::Id(user.id.0), Value::Time(user.create_time));
            query.bind_row([id, Value::Text(&user.password_hash), now]);
        },
    )
    .await?;
    let roles = users.iter().flat_map(|user| user.roles.iter().map(move |role| (*user, role)));
    insert(transaction, sql::INSERT_ROLES, &roles.collect::<Vec<_>>(), |query, (user, role)| {
        let (id, now) = (Value::Id(user.id.0), Value::Time(user.create_time));
        query.bind_row([id, Value::Text(role.as_str()), now]);
    })
    .await
}

/// Inserts many rows with few statements.
async fn insert<'a, E: Engine, T: Sync>(
    transaction: &mut Tx<E>,
    head: &'static str,
    rows: &'a [T],
    bind: impl Fn(&mut Query<'a>, &'a T) + Send,
) -> Result<(), sqlx::Error> {
    for chunk in chunks(rows) {
        let mut query = Query::new::<E>(head);
        for (number, row) in chunk.iter().enumerate() {
            query.push(if number == 0 { "" } else { ", " });
            bind(&mut query, row);
        }
        transaction.execute_built(&query).await?;
    }
    Ok(())
}

/// Cuts rows into pieces of the few sizes that there are.
pub(super) fn chunks<T>(rows: &[T]) -> impl Iterator<Item = &[T]> {
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

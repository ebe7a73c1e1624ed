use crate::columns::Columns;
use crate::db::{Abort, Db, Tx, Work, is_duplicate};
use crate::engine::{Engine, Row};
use crate::error::{CreateUserError, StoreError};
use crate::sql::users as sql;
use crate::users::create::{insert, which_is_taken};
use crate::{EnsuredAdmin, NewUser};

pub(crate) async fn count_active_admins<E: Engine>(db: &Db<E>) -> Result<u64, StoreError> {
    db.read(&sql::COUNT_ACTIVE_ADMINS, &[], count::<E>).await
}

pub(crate) async fn ensure_admin<E: Engine>(
    db: &Db<E>,
    new: &NewUser,
) -> Result<EnsuredAdmin, CreateUserError> {
    // Without writing anything, as at nearly every start.
    if count_active_admins(db).await? > 0 {
        return Ok(EnsuredAdmin::Exists);
    }
    match db.write(&Ensure(new)).await {
        Err(CreateUserError::EmailTaken) => Err(which_is_taken(db, new.id).await?),
        result => result,
    }
}

struct Ensure<'a>(&'a NewUser);

impl<E: Engine> Work<E> for Ensure<'_> {
    type Output = EnsuredAdmin;
    type Error = CreateUserError;

    async fn run(&self, transaction: &mut Tx<E>) -> Result<EnsuredAdmin, Abort<CreateUserError>> {
        guard_admins(transaction).await?;
        if other_active_admins(transaction).await? > 0 {
            return Ok(EnsuredAdmin::Exists);
        }
        insert(transaction, self.0).await.map(EnsuredAdmin::Created)
    }
}

/// Keeps everybody else from changing the number of active admins until the transaction ends.
pub(super) async fn guard_admins<E: Engine, R>(transaction: &mut Tx<E>) -> Result<(), Abort<R>> {
    if transaction.execute(&sql::GUARD_ADMINS, &[]).await? > 0 {
        return Ok(());
    }
    match transaction.execute(&sql::INSERT_ADMINS_GUARD, &[]).await {
        Err(error) if is_duplicate::<E>(&error) => Err(Abort::Overtaken(error)),
        result => Ok(result.map(drop)?),
    }
}

/// The number of active admins as this transaction sees it, under the guard.
pub(super) async fn other_active_admins<E: Engine>(
    transaction: &mut Tx<E>,
) -> Result<u64, sqlx::Error> {
    count::<E>(&transaction.fetch(&sql::COUNT_ACTIVE_ADMINS, &[]).await?)
}

fn count<E: Engine>(rows: &[Row<E>]) -> Result<u64, sqlx::Error> {
    let row = rows.first().ok_or(sqlx::Error::RowNotFound)?;
    Ok(Columns::<E>::of(row).number("count")?.unsigned_abs())
}

use crate::db::{Abort, Db, Tx, Work};
use crate::engine::{Engine, Value};
use crate::error::UpdateUserError;
use crate::sql::users as sql;
use crate::users::profile::{insert_profile, replace_address, update_profile};
use crate::users::touch::{Obstacle, expectation, obstacle, reload};
use crate::{Profile, UpdateUser, User, UserId};

pub(crate) async fn update<E: Engine>(
    db: &Db<E>,
    change: &UpdateUser,
) -> Result<User, UpdateUserError> {
    db.write(&Update(change)).await
}

struct Update<'a>(&'a UpdateUser);

impl<E: Engine> Work<E> for Update<'_> {
    type Output = User;
    type Error = UpdateUserError;

    async fn run(&self, transaction: &mut Tx<E>) -> Result<User, Abort<UpdateUserError>> {
        let UpdateUser { id, expected, profile, address, update_time } = self.0;
        let [any, revision] = expectation(*expected);
        let values = [Value::Time(*update_time), Value::Id(id.0), any, revision];
        if transaction.execute(&sql::TOUCH, &values).await? == 0 {
            return Err(Abort::Refused(match obstacle(transaction, *id).await? {
                Obstacle::Missing => UpdateUserError::NotFound,
                Obstacle::Deleted => UpdateUserError::Deleted,
                Obstacle::Stale => UpdateUserError::Stale,
            }));
        }
        if let Some(profile) = profile {
            write_profile(transaction, *id, profile).await?;
        }
        if let Some(address) = address {
            replace_address(transaction, *id, address.as_ref()).await?;
        }
        Ok(reload(transaction, *id).await?)
    }
}

/// A user without a profile gets one, for there is no kind to keep.
async fn write_profile<E: Engine>(
    transaction: &mut Tx<E>,
    id: UserId,
    profile: &Profile,
) -> Result<(), Abort<UpdateUserError>> {
    if update_profile(transaction, id, profile).await? {
        return Ok(());
    }
    if reload(transaction, id).await?.profile.is_some() {
        return Err(Abort::Refused(UpdateUserError::KindChanged));
    }
    Ok(insert_profile(transaction, id, profile).await?)
}

use crate::db::{Abort, Db, Tx, Work};
use crate::engine::{Engine, Value};
use crate::error::{ChangeEmailError, UpdateUserError};
use crate::events::{changed_fields, record};
use crate::sql::users as sql;
use crate::users::profile::{insert_profile, replace_address, update_profile};
use crate::users::touch::{Obstacle, expectation, obstacle, reload};
use crate::{EmailChange, EventDetails, EventKind, Profile, UpdateUser, User, UserId, mails};

pub(crate) async fn update<E: Engine>(
    db: &Db<E>,
    change: &UpdateUser,
) -> Result<User, UpdateUserError> {
    db.write(&Update(change)).await
}

pub(super) struct Update<'a>(pub(super) &'a UpdateUser);

impl<E: Engine> Work<E> for Update<'_> {
    type Output = User;
    type Error = UpdateUserError;

    async fn run(&self, transaction: &mut Tx<E>) -> Result<User, Abort<UpdateUserError>> {
        let (before, after) = write(transaction, self.0).await?;
        let details = EventDetails::of_fields(&changed_fields(&before, &after));
        let time = self.0.update_time;
        record(transaction, after.id, EventKind::UserUpdated, time, &details).await?;
        Ok(after)
    }
}

pub(crate) async fn change_email<E: Engine>(
    db: &Db<E>,
    change: &UpdateUser,
    email: &EmailChange,
) -> Result<User, ChangeEmailError> {
    db.write(&Change { change, email }).await
}

pub(super) struct Change<'a> {
    pub(super) change: &'a UpdateUser,
    pub(super) email: &'a EmailChange,
}

impl<E: Engine> Work<E> for Change<'_> {
    type Output = User;
    type Error = ChangeEmailError;

    async fn run(&self, transaction: &mut Tx<E>) -> Result<User, Abort<ChangeEmailError>> {
        let changing = write(transaction, self.change).await;
        let (before, after) = changing.map_err(Abort::refused_as)?;
        let time = self.change.update_time;
        let changed = changed_fields(&before, &after);
        if !changed.is_empty() {
            let details = EventDetails::of_fields(&changed);
            record(transaction, after.id, EventKind::UserUpdated, time, &details).await?;
        }
        mails::write_change(transaction, &after, self.email).await?;
        Ok(after)
    }
}

/// Writes what changes, under the lock of the user: the user before and after it.
async fn write<E: Engine>(
    transaction: &mut Tx<E>,
    change: &UpdateUser,
) -> Result<(User, User), Abort<UpdateUserError>> {
    let UpdateUser { id, expected, profile, address, update_time } = change;
    let [any, revision] = expectation(*expected);
    let values = [Value::Time(*update_time), Value::Id(id.0), any, revision];
    if transaction.execute(&sql::TOUCH, &values).await? == 0 {
        return Err(Abort::Refused(match obstacle(transaction, *id).await? {
            Obstacle::Missing => UpdateUserError::NotFound,
            Obstacle::Deleted => UpdateUserError::Deleted,
            Obstacle::Stale => UpdateUserError::Stale,
        }));
    }
    // Locked by now, and all but the revision and the time as it was.
    let before = reload(transaction, *id).await?;
    if let Some(profile) = profile {
        write_profile(transaction, *id, profile).await?;
    }
    if let Some(address) = address {
        replace_address(transaction, *id, address.as_ref()).await?;
    }
    let after = reload(transaction, *id).await?;
    Ok((before, after))
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

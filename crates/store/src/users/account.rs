//! What administrators decide about an account.

use crate::db::{Abort, Db, Tx, Work};
use crate::engine::{Engine, Value, to_micros};
use crate::error::ChangeAccountError;
use crate::events::{changed_fields, record};
use crate::sql::{sessions, users as sql};
use crate::users::admins::{guard_admins, other_active_admins};
use crate::users::touch::{expectation, lock, reload};
use crate::{
    AccountChange, ChangeAccount, EventDetails, EventKind, Role, Roles, User, UserId, UserState,
};

pub(crate) async fn change_account<E: Engine>(
    db: &Db<E>,
    change: &ChangeAccount,
) -> Result<User, ChangeAccountError> {
    db.write(&Change(change)).await
}

struct Change<'a>(&'a ChangeAccount);

impl<E: Engine> Work<E> for Change<'_> {
    type Output = User;
    type Error = ChangeAccountError;

    async fn run(&self, transaction: &mut Tx<E>) -> Result<User, Abort<ChangeAccountError>> {
        let ChangeAccount { id, change, time, .. } = self.0;
        if lock(transaction, *id).await?.is_none() {
            return Err(Abort::Refused(ChangeAccountError::NotFound));
        }
        let before = reload(transaction, *id).await?;
        self.check(&before).map_err(Abort::Refused)?;
        if is_done(change, &before) {
            return Ok(before);
        }
        self.write(transaction, &before).await?;
        let after = reload(transaction, *id).await?;
        if is_active_admin(&before) && !is_active_admin(&after) {
            guard_admins(transaction).await?;
            // The change is made already, as far as this transaction sees.
            if other_active_admins(transaction).await? == 0 {
                return Err(Abort::Refused(ChangeAccountError::LastAdmin));
            }
        }
        let mut details = EventDetails::of_fields(&changed_fields(&before, &after));
        if ends_sessions(change) {
            let values = [Value::Time(*time), Value::Id(id.0)];
            let ended = transaction.execute(&sessions::REVOKE_ALL, &values).await?;
            details.sessions_ended = Some(ended);
        }
        record(transaction, *id, kind(change), *time, &details).await?;
        Ok(after)
    }
}

impl Change<'_> {
    fn check(&self, user: &User) -> Result<(), ChangeAccountError> {
        let ChangeAccount { expected, change, time, .. } = self.0;
        match (change, user.delete_time) {
            (AccountChange::Undelete, None) => return Err(ChangeAccountError::NotDeleted),
            (AccountChange::Undelete, Some(_)) => {
                if user.purge_time.is_some_and(|purge| purge <= to_micros(*time)) {
                    return Err(ChangeAccountError::PurgeDue);
                }
            }
            (_, Some(_)) => return Err(ChangeAccountError::Deleted),
            (_, None) => {}
        }
        match expected {
            Some(revision) if *revision != user.revision => Err(ChangeAccountError::Stale),
            Some(_) | None => Ok(()),
        }
    }

    async fn write<E: Engine>(
        &self,
        transaction: &mut Tx<E>,
        before: &User,
    ) -> Result<(), sqlx::Error> {
        let ChangeAccount { id, change, time, .. } = self.0;
        let (id_value, now) = (Value::Id(id.0), Value::Time(*time));
        let state = |state: UserState| [now, Value::Text(state.as_str()), id_value];
        match change {
            AccountChange::Undelete => {
                transaction.execute(&sql::UNDELETE, &[now, id_value]).await?;
            }
            AccountChange::Activate => {
                transaction.execute(&sql::SET_STATE, &state(UserState::Active)).await?;
            }
            AccountChange::Deactivate => {
                transaction.execute(&sql::SET_STATE, &state(UserState::Inactive)).await?;
            }
            AccountChange::SetRoles(roles) => {
                let [any, revision] = expectation(None);
                transaction.execute(&sql::TOUCH, &[now, id_value, any, revision]).await?;
                write_roles(transaction, *id, &before.roles, roles, now).await?;
            }
        }
        Ok(())
    }
}

/// What stays keeps the time of its grant.
async fn write_roles<E: Engine>(
    transaction: &mut Tx<E>,
    id: UserId,
    before: &Roles,
    after: &Roles,
    now: Value<'_>,
) -> Result<(), sqlx::Error> {
    let id = Value::Id(id.0);
    for role in before.iter().filter(|role| !after.contains(*role)) {
        transaction.execute(&sql::DELETE_ROLE, &[id, Value::Text(role.as_str())]).await?;
    }
    for role in after.iter().filter(|role| !before.contains(*role)) {
        transaction.execute(&sql::INSERT_ROLE, &[id, Value::Text(role.as_str()), now]).await?;
    }
    Ok(())
}

fn is_done(change: &AccountChange, user: &User) -> bool {
    match change {
        AccountChange::Undelete => false,
        AccountChange::Activate => user.state == UserState::Active,
        AccountChange::Deactivate => user.state == UserState::Inactive,
        AccountChange::SetRoles(roles) => user.roles == *roles,
    }
}

fn is_active_admin(user: &User) -> bool {
    user.is_active() && user.roles.contains(Role::Admin)
}

fn ends_sessions(change: &AccountChange) -> bool {
    match change {
        AccountChange::Undelete | AccountChange::Activate => false,
        AccountChange::Deactivate | AccountChange::SetRoles(_) => true,
    }
}

fn kind(change: &AccountChange) -> EventKind {
    match change {
        AccountChange::Undelete => EventKind::UserUndeleted,
        AccountChange::Activate => EventKind::UserActivated,
        AccountChange::Deactivate => EventKind::UserDeactivated,
        AccountChange::SetRoles(_) => EventKind::UserRolesSet,
    }
}

use crate::db::{Abort, Db, Tx, Work};
use crate::engine::{Engine, Value};
use crate::error::DeleteUserError;
use crate::events::record;
use crate::sql::{sessions, users as sql};
use crate::users::admins::{guard_admins, other_active_admins};
use crate::users::touch::{Obstacle, expectation, obstacle, reload};
use crate::{DeleteUser, EventDetails, EventKind, Role, User, UserState};

pub(crate) async fn delete<E: Engine>(
    db: &Db<E>,
    deletion: &DeleteUser,
) -> Result<User, DeleteUserError> {
    db.write(&Delete(*deletion)).await
}

struct Delete(DeleteUser);

impl<E: Engine> Work<E> for Delete {
    type Output = User;
    type Error = DeleteUserError;

    async fn run(&self, transaction: &mut Tx<E>) -> Result<User, Abort<DeleteUserError>> {
        let DeleteUser { id, expected, delete_time, purge_time } = self.0;
        let [any, revision] = expectation(expected);
        let (id_value, now) = (Value::Id(id.0), Value::Time(delete_time));
        let values = [now, now, Value::Time(purge_time), id_value, any, revision];
        if transaction.execute(&sql::DELETE, &values).await? == 0 {
            return Err(Abort::Refused(match obstacle(transaction, id).await? {
                Obstacle::Missing => DeleteUserError::NotFound,
                Obstacle::Deleted => DeleteUserError::AlreadyDeleted,
                Obstacle::Stale => DeleteUserError::Stale,
            }));
        }
        let user = reload(transaction, id).await?;
        if user.state == UserState::Active && user.roles.contains(Role::Admin) {
            guard_admins(transaction).await?;
            // The user is deleted already, as far as this transaction sees.
            if other_active_admins(transaction).await? == 0 {
                return Err(Abort::Refused(DeleteUserError::LastAdmin));
            }
        }
        let ended = transaction.execute(&sessions::REVOKE_ALL, &[now, id_value]).await?;
        let details = EventDetails::of_ended_sessions(ended);
        record(transaction, id, EventKind::UserDeleted, delete_time, &details).await?;
        Ok(user)
    }
}

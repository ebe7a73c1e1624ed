use time::OffsetDateTime;

use crate::db::{Abort, Db, Tx, Work};
use crate::engine::{Engine, Value};
use crate::error::DeleteUserError;
use crate::events::record;
use crate::sql::users as sql;
use crate::users::admins::{guard_admins, other_active_admins};
use crate::users::touch::{lock, reload};
use crate::{EventDetails, EventKind, Role, UserId};

pub(crate) async fn erase<E: Engine>(
    db: &Db<E>,
    id: UserId,
    now: OffsetDateTime,
) -> Result<(), DeleteUserError> {
    db.write(&Erase { id, now }).await
}

struct Erase {
    id: UserId,
    now: OffsetDateTime,
}

impl<E: Engine> Work<E> for Erase {
    type Output = ();
    type Error = DeleteUserError;

    async fn run(&self, transaction: &mut Tx<E>) -> Result<(), Abort<DeleteUserError>> {
        let Some(locked) = lock(transaction, self.id).await? else {
            return Err(Abort::Refused(DeleteUserError::NotFound));
        };
        let user = reload(transaction, self.id).await?;
        remove(transaction, self.id).await?;
        if locked.is_active() && user.roles.contains(Role::Admin) {
            guard_admins(transaction).await?;
            // The user is gone already, as far as this transaction sees.
            if other_active_admins(transaction).await? == 0 {
                return Err(Abort::Refused(DeleteUserError::LastAdmin));
            }
        }
        // The id alone, which leads to nobody any more.
        let (kind, details) = (EventKind::UserErased, EventDetails::default());
        record(transaction, self.id, kind, self.now, &details).await?;
        Ok(())
    }
}

/// Takes the row of a user away, and with it, by foreign keys, everything that identifies: profile,
/// address, roles, credentials, sessions, and answers that are kept for repeated requests. What is
/// kept without such a key, as an audit trail is, may hold the id alone.
pub(crate) async fn remove<E: Engine>(
    transaction: &mut Tx<E>,
    id: UserId,
) -> Result<(), sqlx::Error> {
    transaction.execute(&sql::REMOVE, &[Value::Id(id.0)]).await.map(drop)
}

//! Reading users.

use crate::columns::Columns;
use crate::db::Db;
use crate::decode;
use crate::engine::{Engine, Row, Value};
use crate::error::StoreError;
use crate::sql::users as sql;
use crate::{Credential, Email, Roles, User, UserId};

mod account;
mod admins;
mod batch;
mod create;
mod delete;
mod erase;
mod known;
mod list;
mod once;
mod passwords;
mod profile;
mod touch;
mod update;

pub(crate) use account::change_account;
pub(crate) use admins::{count_active_admins, ensure_admin};
pub(crate) use batch::{chunks, create_batch};
pub(crate) use create::{create, is_id_free, register};
pub(crate) use delete::delete;
pub(crate) use erase::{erase, remove};
pub(crate) use known::{find_email_owners, find_mentioned};
pub(crate) use list::{explain_list, list, list_text};
pub(crate) use once::{
    change_email_once, create_once, find as find_request, register_once, remember, update_once,
};
pub(crate) use passwords::{change_password, find_hash, rehash, replace_password, write_hash};
pub(crate) use touch::{LockedUser, lock, reload};
pub(crate) use update::{change_email, update};

pub(crate) async fn find<E: Engine>(db: &Db<E>, id: UserId) -> Result<Option<User>, StoreError> {
    db.read(&sql::FIND, &[Value::Id(id.0)], first::<E>).await
}

/// Those of the users that exist, in no order that means anything.
pub(crate) async fn find_many<E: Engine>(
    db: &Db<E>,
    ids: &[UserId],
) -> Result<Vec<User>, StoreError> {
    let mut found = Vec::with_capacity(ids.len());
    for some in ids.chunks(sql::MANY) {
        let (statement, size) = sql::find_many(some.len());
        // The places that are left repeat an id: few statements are prepared, whatever the number.
        let padding = some.iter().cycle().take(size);
        let values: Vec<Value<'_>> = padding.map(|id| Value::Id(id.0)).collect();
        found.extend(db.read(statement, &values, decode::users::<E>).await?);
    }
    Ok(found)
}

pub(crate) async fn find_by_email<E: Engine>(
    db: &Db<E>,
    email: &Email,
) -> Result<Option<User>, StoreError> {
    db.read(&sql::FIND_BY_EMAIL, &[Value::Text(&email.key())], first::<E>).await
}

pub(crate) async fn find_admin<E: Engine>(db: &Db<E>) -> Result<Option<User>, StoreError> {
    db.read(&sql::FIND_ADMIN, &[], first::<E>).await
}

pub(crate) async fn find_credential<E: Engine>(
    db: &Db<E>,
    email: &Email,
) -> Result<Option<Credential>, StoreError> {
    let decode = |rows: &[Row<E>]| {
        let (Some(row), Some(user)) = (rows.first(), first::<E>(rows)?) else { return Ok(None) };
        let mut columns = Columns::<E>::of(row);
        columns.skip(decode::USER_COLUMNS);
        let password_hash = columns.text("credentials.password_hash")?;
        Ok(Some(Credential { user, password_hash }))
    };
    db.read(&sql::FIND_CREDENTIAL, &[Value::Text(&email.key())], decode).await
}

pub(crate) async fn find_roles<E: Engine>(
    db: &Db<E>,
    id: UserId,
) -> Result<Option<Roles>, StoreError> {
    let decode = |rows: &[Row<E>]| {
        let mut roles = Roles::none();
        for row in rows {
            decode::add_role(&mut roles, &mut Columns::<E>::of(row))?;
        }
        Ok((!rows.is_empty()).then_some(roles))
    };
    db.read(&sql::FIND_ROLES, &[Value::Id(id.0)], decode).await
}

fn first<E: Engine>(rows: &[Row<E>]) -> Result<Option<User>, sqlx::Error> {
    Ok(decode::users::<E>(rows)?.into_iter().next())
}

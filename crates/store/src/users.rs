//! Reading users.

use time::OffsetDateTime;
use uuid::Uuid;

use crate::columns::Columns;
use crate::db::Db;
use crate::decode;
use crate::engine::{Engine, Row, Value};
use crate::error::StoreError;
use crate::sql::users as sql;
use crate::{Credential, Email, ListUsers, Page, Position, Roles, User, UserId};

mod admins;
mod create;
mod delete;
mod passwords;
mod profile;
mod touch;
mod update;

pub(crate) use admins::{count_active_admins, ensure_admin};
pub(crate) use create::create;
pub(crate) use delete::delete;
pub(crate) use passwords::{rehash, replace_password};
pub(crate) use touch::{LockedUser, lock, reload};
pub(crate) use update::update;

/// Before every user.
const START: Position =
    Position { create_time: OffsetDateTime::UNIX_EPOCH, id: UserId(Uuid::nil()) };

pub(crate) async fn find<E: Engine>(db: &Db<E>, id: UserId) -> Result<Option<User>, StoreError> {
    db.read(&sql::FIND, &[Value::Id(id.0)], first::<E>).await
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

pub(crate) async fn list<E: Engine>(db: &Db<E>, list: &ListUsers) -> Result<Page, StoreError> {
    let after = list.after.unwrap_or(START);
    let values = [
        Value::Time(after.create_time),
        Value::Time(after.create_time),
        Value::Id(after.id.0),
        Value::Flag(list.show_deleted),
        // One more tells whether there is a next page.
        Value::Number(i64::from(list.page_size) + 1),
    ];
    let mut users = db.read(&sql::LIST, &values, decode::users::<E>).await?;
    let page_size = usize::try_from(list.page_size).unwrap_or(usize::MAX);
    let has_more = users.len() > page_size;
    users.truncate(page_size);
    let next = if has_more { users.last().map(User::position) } else { None };
    Ok(Page { users, next })
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

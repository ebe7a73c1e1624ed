use crate::columns::Columns;
use crate::db::{Abort, Db, Tx, Work, is_duplicate};
use crate::engine::{Engine, Row, Value, to_micros};
use crate::error::{CreateUserError, StoreError};
use crate::events::record;
use crate::sql::{events, users as sql};
use crate::users::profile;
use crate::{EventDetails, EventKind, NewUser, Revision, TokenMail, User, UserId, mails};

const FIRST_REVISION: Revision = Revision(1);

pub(crate) async fn create<E: Engine>(db: &Db<E>, new: &NewUser) -> Result<User, CreateUserError> {
    write(db, &Create { new, verification: None }).await
}

pub(crate) async fn register<E: Engine>(
    db: &Db<E>,
    new: &NewUser,
    verification: &TokenMail,
) -> Result<User, CreateUserError> {
    write(db, &Create { new, verification: Some(verification) }).await
}

async fn write<E: Engine>(db: &Db<E>, create: &Create<'_>) -> Result<User, CreateUserError> {
    match db.write(create).await {
        Err(CreateUserError::EmailTaken) => Err(which_is_taken(db, create.new.id).await?),
        result => result,
    }
}

/// Which of the two unique keys has refused the row. The refusal itself came from the constraint;
/// the engines' codes do not tell which one, and their messages decide nothing here.
pub(super) async fn which_is_taken<E: Engine>(
    db: &Db<E>,
    id: UserId,
) -> Result<CreateUserError, CreateUserError> {
    let count = db.read(&sql::EXISTS, &[Value::Id(id.0)], count::<E>).await?;
    Ok(if count == 0 { CreateUserError::EmailTaken } else { CreateUserError::IdTaken })
}

pub(crate) async fn is_id_free<E: Engine>(db: &Db<E>, id: UserId) -> Result<bool, StoreError> {
    let id = [Value::Id(id.0)];
    Ok(db.read(&sql::EXISTS, &id, count::<E>).await? == 0
        && db.read(&events::HAS_TRAIL, &id, count::<E>).await? == 0)
}

fn count<E: Engine>(rows: &[Row<E>]) -> Result<i64, sqlx::Error> {
    match rows.first() {
        Some(row) => Columns::<E>::of(row).number("count"),
        None => Ok(0),
    }
}

pub(super) struct Create<'a> {
    pub(super) new: &'a NewUser,
    pub(super) verification: Option<&'a TokenMail>,
}

impl<E: Engine> Work<E> for Create<'_> {
    type Output = User;
    type Error = CreateUserError;

    async fn run(&self, transaction: &mut Tx<E>) -> Result<User, Abort<CreateUserError>> {
        let user = insert(transaction, self.new).await?;
        if let Some(mail) = self.verification {
            mails::write_verification(transaction, user.id, &user.email, mail).await?;
        }
        Ok(user)
    }
}

/// Inserts the user and everything that belongs to it.
pub(super) async fn insert<E: Engine>(
    transaction: &mut Tx<E>,
    new: &NewUser,
) -> Result<User, Abort<CreateUserError>> {
    match insert_user(transaction, new).await {
        Err(error) if is_duplicate::<E>(&error) => {
            return Err(Abort::Refused(CreateUserError::EmailTaken));
        }
        result => result?,
    }
    let id = Value::Id(new.id.0);
    // Looked at now, when nobody else can have the row: the id of one who is gone stays theirs, with the
    // trail and with whatever other services keep under it.
    if new.has_given_id && count::<E>(&transaction.fetch(&events::HAS_TRAIL, &[id]).await?)? > 0 {
        return Err(Abort::Refused(CreateUserError::IdTaken));
    }
    let now = Value::Time(new.create_time);
    if let Some(profile) = &new.profile {
        profile::insert_profile(transaction, new.id, profile).await?;
    }
    if let Some(address) = &new.address {
        profile::insert_address(transaction, new.id, address).await?;
    }
    let hash = Value::Text(&new.password_hash);
    transaction.execute(&sql::INSERT_CREDENTIAL, &[id, hash, now]).await?;
    for role in new.roles.iter() {
        transaction.execute(&sql::INSERT_ROLE, &[id, Value::Text(role.as_str()), now]).await?;
    }
    let details = EventDetails::default();
    record(transaction, new.id, EventKind::UserCreated, new.create_time, &details).await?;
    Ok(created(new))
}

async fn insert_user<E: Engine>(transaction: &mut Tx<E>, new: &NewUser) -> Result<(), sqlx::Error> {
    let key = new.email.key();
    transaction.execute(&sql::INSERT, &user_values(new, &key)).await.map(drop)
}

pub(super) fn user_values<'a>(new: &'a NewUser, key: &'a str) -> [Value<'a>; 8] {
    [
        Value::Id(new.id.0),
        Value::Text(new.email.as_str()),
        Value::Text(key),
        Value::Flag(new.email_verified),
        Value::Text(new.state.as_str()),
        Value::Number(FIRST_REVISION.0),
        Value::Time(new.create_time),
        Value::Time(new.create_time),
    ]
}

/// The user as it can be read from now on.
pub(super) fn created(new: &NewUser) -> User {
    User {
        id: new.id,
        email: new.email.clone(),
        email_verified: new.email_verified,
        state: new.state,
        profile: new.profile.clone(),
        address: new.address.clone(),
        roles: new.roles.clone(),
        revision: FIRST_REVISION,
        create_time: to_micros(new.create_time),
        update_time: to_micros(new.create_time),
        delete_time: None,
        purge_time: None,
    }
}

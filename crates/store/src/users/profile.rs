//! Writing what hangs on a user: the profile and the address.

use crate::db::Tx;
use crate::engine::{Engine, Value};
use crate::sql::Statement;
use crate::sql::users as sql;
use crate::{Address, Artisan, Buyer, Profile, ProfileKind, UserId};

pub(super) async fn insert_profile<E: Engine>(
    transaction: &mut Tx<E>,
    id: UserId,
    profile: &Profile,
) -> Result<(), sqlx::Error> {
    let statement = match profile.kind() {
        ProfileKind::Artisan => &sql::INSERT_ARTISAN,
        ProfileKind::Buyer => &sql::INSERT_BUYER,
    };
    write_profile(transaction, statement, id, profile).await.map(drop)
}

/// Whether there was one of that kind.
pub(super) async fn update_profile<E: Engine>(
    transaction: &mut Tx<E>,
    id: UserId,
    profile: &Profile,
) -> Result<bool, sqlx::Error> {
    let statement = match profile.kind() {
        ProfileKind::Artisan => &sql::UPDATE_ARTISAN,
        ProfileKind::Buyer => &sql::UPDATE_BUYER,
    };
    Ok(write_profile(transaction, statement, id, profile).await? > 0)
}

async fn write_profile<E: Engine>(
    transaction: &mut Tx<E>,
    statement: &'static Statement,
    id: UserId,
    profile: &Profile,
) -> Result<u64, sqlx::Error> {
    transaction.execute(statement, &profile_values(id, profile)).await
}

/// The columns of the kind's table, in the order of its statements.
fn profile_values(id: UserId, profile: &Profile) -> Vec<Value<'_>> {
    match profile {
        Profile::Artisan(artisan) => artisan_values(id, artisan).to_vec(),
        Profile::Buyer(buyer) => buyer_values(id, buyer).to_vec(),
    }
}

pub(super) fn artisan_values(id: UserId, artisan: &Artisan) -> [Value<'_>; 5] {
    [
        Value::Text(artisan.store_name.as_str()),
        Value::Text(artisan.bio.as_str()),
        Value::Text(artisan.phone.as_str()),
        Value::Text(artisan.state.as_str()),
        Value::Id(id.0),
    ]
}

pub(super) fn buyer_values(id: UserId, buyer: &Buyer) -> [Value<'_>; 3] {
    [Value::Text(buyer.full_name.as_str()), Value::Text(buyer.phone.as_str()), Value::Id(id.0)]
}

pub(super) async fn insert_address<E: Engine>(
    transaction: &mut Tx<E>,
    id: UserId,
    address: &Address,
) -> Result<(), sqlx::Error> {
    transaction.execute(&sql::INSERT_ADDRESS, &address_values(id, address)).await.map(drop)
}

/// Writes or removes the address, whether there was one or not.
pub(super) async fn replace_address<E: Engine>(
    transaction: &mut Tx<E>,
    id: UserId,
    address: Option<&Address>,
) -> Result<(), sqlx::Error> {
    let Some(address) = address else {
        return transaction.execute(&sql::DELETE_ADDRESS, &[Value::Id(id.0)]).await.map(drop);
    };
    let values = address_values(id, address);
    if transaction.execute(&sql::UPDATE_ADDRESS, &values).await? == 0 {
        transaction.execute(&sql::INSERT_ADDRESS, &values).await?;
    }
    Ok(())
}

pub(super) fn address_values(id: UserId, address: &Address) -> [Value<'_>; 9] {
    let fields = address.fields();
    [
        Value::Text(fields.street),
        Value::Text(fields.number),
        Value::Text(fields.complement),
        Value::Text(fields.neighborhood),
        Value::Text(fields.city),
        Value::Text(fields.state),
        Value::Text(fields.zip_code),
        Value::Text(fields.country),
        Value::Id(id.0),
    ]
}

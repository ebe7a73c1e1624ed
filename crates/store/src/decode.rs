//! Rows to values. The order of the columns is that of the statements in `sql`.

use crate::columns::{Columns, inconsistent};
use crate::engine::{Engine, Row};
use crate::{
    Address, Artisan, ArtisanState, Buyer, Email, Event, EventId, Line, Profile, Prose, Revision,
    Role, Roles, Session, SessionId, User, UserId, UserState,
};

/// How many columns `user` reads.
pub(crate) const USER_COLUMNS: usize = 24;

/// Users from rows, of which those of one user stand together and differ in the role.
pub(crate) fn users<E: Engine>(rows: &[Row<E>]) -> Result<Vec<User>, sqlx::Error> {
    let mut users: Vec<User> = Vec::with_capacity(rows.len());
    for row in rows {
        let mut columns = Columns::<E>::of(row);
        let id = UserId(columns.id("users.id")?);
        match users.last_mut() {
            Some(last) if last.id == id => {
                columns.skip(USER_COLUMNS - 2);
                add_role(&mut last.roles, &mut columns)?;
            }
            _ => users.push(user(id, &mut columns)?),
        }
    }
    Ok(users)
}

fn user<E: Engine>(id: UserId, columns: &mut Columns<'_, E>) -> Result<User, sqlx::Error> {
    let mut user = User {
        id,
        email: Email::stored(columns.text("users.email")?),
        email_verified: columns.flag("users.email_verified")?,
        state: user_state(columns)?,
        revision: Revision(columns.number("users.revision")?),
        create_time: columns.time("users.create_time")?,
        update_time: columns.time("users.update_time")?,
        delete_time: columns.maybe_time()?,
        purge_time: columns.maybe_time()?,
        address: address(columns)?,
        profile: profile(columns)?,
        roles: Roles::none(),
    };
    add_role(&mut user.roles, columns)?;
    Ok(user)
}

fn address<E: Engine>(columns: &mut Columns<'_, E>) -> Result<Option<Address>, sqlx::Error> {
    let Some(street) = columns.maybe_text()? else {
        columns.skip(7);
        return Ok(None);
    };
    Ok(Some(Address {
        street: Line::stored(street),
        number: Line::stored(columns.text("addresses.number")?),
        complement: Line::stored(columns.text("addresses.complement")?),
        neighborhood: Line::stored(columns.text("addresses.neighborhood")?),
        city: Line::stored(columns.text("addresses.city")?),
        state: Line::stored(columns.text("addresses.state")?),
        zip_code: Line::stored(columns.text("addresses.zip_code")?),
        country: Line::stored(columns.text("addresses.country")?),
    }))
}

fn profile<E: Engine>(columns: &mut Columns<'_, E>) -> Result<Option<Profile>, sqlx::Error> {
    let artisan = artisan(columns)?;
    let buyer = buyer(columns)?;
    match (artisan, buyer) {
        (Some(artisan), None) => Ok(Some(Profile::Artisan(artisan))),
        (None, Some(buyer)) => Ok(Some(Profile::Buyer(buyer))),
        (None, None) => Ok(None),
        (Some(_), Some(_)) => Err(inconsistent("buyers.user_id", "is an artisan too")),
    }
}

fn artisan<E: Engine>(columns: &mut Columns<'_, E>) -> Result<Option<Artisan>, sqlx::Error> {
    let Some(store_name) = columns.maybe_text()? else {
        columns.skip(3);
        return Ok(None);
    };
    Ok(Some(Artisan {
        store_name: Line::stored(store_name),
        bio: Prose::stored(columns.text("artisans.bio")?),
        phone: Line::stored(columns.text("artisans.phone")?),
        state: ArtisanState::from_name(&columns.text("artisans.state")?)
            .ok_or_else(|| inconsistent("artisans.state", "has an unknown name"))?,
    }))
}

fn buyer<E: Engine>(columns: &mut Columns<'_, E>) -> Result<Option<Buyer>, sqlx::Error> {
    let Some(full_name) = columns.maybe_text()? else {
        columns.skip(1);
        return Ok(None);
    };
    let phone = Line::stored(columns.text("buyers.phone")?);
    Ok(Some(Buyer { full_name: Line::stored(full_name), phone }))
}

pub(crate) fn user_state<E: Engine>(
    columns: &mut Columns<'_, E>,
) -> Result<UserState, sqlx::Error> {
    UserState::from_name(&columns.text("users.state")?)
        .ok_or_else(|| inconsistent("users.state", "has an unknown name"))
}

/// Adds the role of an outer join, which is null when there is none.
pub(crate) fn add_role<E: Engine>(
    roles: &mut Roles,
    columns: &mut Columns<'_, E>,
) -> Result<(), sqlx::Error> {
    if let Some(name) = columns.maybe_text()? {
        let role = Role::from_name(&name);
        roles.insert(role.ok_or_else(|| inconsistent("user_roles.role", "has an unknown name"))?);
    }
    Ok(())
}

pub(crate) fn session<E: Engine>(columns: &mut Columns<'_, E>) -> Result<Session, sqlx::Error> {
    Ok(Session {
        id: SessionId(columns.id("sessions.id")?),
        user_id: UserId(columns.id("sessions.user_id")?),
        create_time: columns.time("sessions.create_time")?,
        refresh_time: columns.time("sessions.refresh_time")?,
        expire_time: columns.time("sessions.expire_time")?,
        revoke_time: columns.maybe_time()?,
    })
}

pub(crate) fn event<E: Engine>(columns: &mut Columns<'_, E>) -> Result<Event, sqlx::Error> {
    Ok(Event {
        id: EventId(columns.id("user_events.id")?),
        user_id: UserId(columns.id("user_events.user_id")?),
        kind: columns.text("user_events.kind")?,
        actor: columns.maybe_id()?.map(UserId),
        request_id: columns.text("user_events.request_id")?,
        details: serde_json::from_str(&columns.text("user_events.details")?)
            .map_err(|_| inconsistent("user_events.details", "is not the JSON of details"))?,
        create_time: columns.time("user_events.create_time")?,
        sequence: columns.maybe_number()?,
    })
}

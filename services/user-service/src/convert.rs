//! Between the contract's messages and the domain's types.

use artisan_proto::artisan::user::v1::user::{self, Profile as ProtoProfile};
use artisan_proto::artisan::user::v1::{self as proto, artisan};
use artisan_store::{
    Address, AddressFields, Artisan, ArtisanState, Buyer, Checker, Profile, Revision, Role, User,
    UserState,
};
use prost_types::Timestamp;
use time::OffsetDateTime;

use crate::names::user_name;

/// A point in time as the contract has it.
pub(crate) fn timestamp(time: OffsetDateTime) -> Timestamp {
    Timestamp {
        seconds: time.unix_timestamp(),
        nanos: i32::try_from(time.nanosecond()).unwrap_or_default(),
    }
}

/// The etag of a version of a user, quoted (RFC 9110, section 8.8.3).
pub(crate) fn etag(revision: Revision) -> String {
    format!("\"{:x}\"", revision.0)
}

/// Whether a request's etag allows a change of this version: absent and `*` always do (AIP-154).
pub(crate) fn etag_allows(asked: &str, revision: Revision) -> bool {
    asked.is_empty() || asked == "*" || asked == etag(revision)
}

/// The version that a request's etag asks for, if any; for a text that is no etag of ours a version
/// that never is.
pub(crate) fn expected_revision(asked: &str) -> Option<Revision> {
    if asked.is_empty() || asked == "*" {
        return None;
    }
    let hex = asked.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    let number = hex.and_then(|hex| i64::from_str_radix(hex, 16).ok());
    let revision = number.map(Revision).filter(|revision| etag(*revision) == asked);
    Some(revision.unwrap_or(Revision(-1)))
}

/// The user as clients see it. There is no password to show.
pub(crate) fn user_to_proto(user: &User) -> proto::User {
    proto::User {
        name: user_name(user.id.0),
        uid: user.id.0.to_string(),
        email: user.email.as_str().to_owned(),
        password: String::new(),
        state: user_state(user.state).into(),
        profile: user.profile.as_ref().map(profile_to_proto),
        address: user.address.as_ref().map(address_to_proto),
        roles: user.roles.iter().map(|role| role_to_proto(role).into()).collect(),
        email_verified: user.email_verified,
        create_time: Some(timestamp(user.create_time)),
        update_time: Some(timestamp(user.update_time)),
        delete_time: user.delete_time.map(timestamp),
        purge_time: user.purge_time.map(timestamp),
        etag: etag(user.revision),
    }
}

fn user_state(state: UserState) -> user::State {
    match state {
        UserState::Active => user::State::Active,
        UserState::Inactive => user::State::Inactive,
        UserState::Pending => user::State::Pending,
    }
}

pub(crate) fn role_to_proto(role: Role) -> user::Role {
    match role {
        Role::Admin => user::Role::Admin,
    }
}

fn profile_to_proto(profile: &Profile) -> ProtoProfile {
    match profile {
        Profile::Artisan(artisan) => ProtoProfile::Artisan(proto::Artisan {
            store_name: artisan.store_name.as_str().to_owned(),
            bio: artisan.bio.as_str().to_owned(),
            phone: artisan.phone.as_str().to_owned(),
            state: artisan_state_to_proto(artisan.state).into(),
        }),
        Profile::Buyer(buyer) => ProtoProfile::Buyer(proto::Buyer {
            full_name: buyer.full_name.as_str().to_owned(),
            phone: buyer.phone.as_str().to_owned(),
        }),
    }
}

fn artisan_state_to_proto(state: ArtisanState) -> artisan::State {
    match state {
        ArtisanState::Active => artisan::State::Active,
        ArtisanState::Pending => artisan::State::Pending,
        ArtisanState::Suspended => artisan::State::Suspended,
    }
}

fn address_to_proto(address: &Address) -> proto::Address {
    let fields = address.fields();
    proto::Address {
        street: fields.street.to_owned(),
        number: fields.number.to_owned(),
        complement: fields.complement.to_owned(),
        neighborhood: fields.neighborhood.to_owned(),
        city: fields.city.to_owned(),
        state: fields.state.to_owned(),
        zip_code: fields.zip_code.to_owned(),
        country: fields.country.to_owned(),
    }
}

/// Reads a request's profile; what is wrong is noted under `user.artisan` and `user.buyer`.
pub(crate) fn take_profile(
    checker: &mut Checker,
    profile: Option<&ProtoProfile>,
) -> Option<Profile> {
    match profile {
        Some(ProtoProfile::Artisan(artisan)) => {
            let state = take_artisan_state(checker, artisan.state);
            let parsed = Artisan::parse(
                &artisan.store_name,
                &artisan.bio,
                &artisan.phone,
                state.unwrap_or(ArtisanState::Active),
            );
            checker.take("user.artisan", parsed).map(Profile::Artisan)
        }
        Some(ProtoProfile::Buyer(buyer)) => {
            let parsed = Buyer::parse(&buyer.full_name, &buyer.phone);
            checker.take("user.buyer", parsed).map(Profile::Buyer)
        }
        None => {
            checker.add("user.profile", "one of artisan and buyer is required");
            None
        }
    }
}

fn take_artisan_state(checker: &mut Checker, number: i32) -> Option<ArtisanState> {
    match artisan::State::try_from(number) {
        Ok(artisan::State::Unspecified) => None,
        Ok(artisan::State::Active) => Some(ArtisanState::Active),
        Ok(artisan::State::Pending) => Some(ArtisanState::Pending),
        Ok(artisan::State::Suspended) => Some(ArtisanState::Suspended),
        Err(_) => {
            checker.add("user.artisan.state", "must be ACTIVE, PENDING or SUSPENDED");
            None
        }
    }
}

/// Reads a request's address; what is wrong is noted under `user.address`.
pub(crate) fn take_address(checker: &mut Checker, address: &proto::Address) -> Option<Address> {
    let fields = AddressFields {
        street: &address.street,
        number: &address.number,
        complement: &address.complement,
        neighborhood: &address.neighborhood,
        city: &address.city,
        state: &address.state,
        zip_code: &address.zip_code,
        country: &address.country,
    };
    checker.take("user.address", Address::parse(&fields))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_etag_none_and_star_allow_a_change() {
        let revision = Revision(31);
        assert_eq!(etag(revision), "\"1f\"");
        for allowed in ["", "*", "\"1f\""] {
            assert!(etag_allows(allowed, revision), "{allowed}");
        }
        assert_eq!(expected_revision("\"1f\""), Some(revision));
        assert_eq!((expected_revision(""), expected_revision("*")), (None, None));
        for refused in ["1f", "W/\"1f\"", "\"20\"", "\"1F\"", "x", "\"+1f\"", "\"\""] {
            assert!(!etag_allows(refused, revision), "{refused}");
            assert_ne!(expected_revision(refused), Some(revision), "{refused}");
            assert!(expected_revision(refused).is_some(), "{refused}");
        }
    }
}

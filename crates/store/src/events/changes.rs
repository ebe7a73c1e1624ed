//! Which fields of a user a write has changed, by the contract's paths.

use crate::{Address, Profile, User};

/// The paths that differ; times and the revision follow from the others and are left out.
pub(crate) fn changed_fields(before: &User, after: &User) -> Vec<&'static str> {
    let mut changed = Vec::new();
    let mut note = |differs: bool, path: &'static str| changed.extend(differs.then_some(path));
    note(before.email != after.email, "email");
    note(before.email_verified != after.email_verified, "email_verified");
    note(before.state != after.state, "state");
    note(before.roles != after.roles, "roles");
    match (&before.profile, &after.profile) {
        (Some(Profile::Artisan(before)), Some(Profile::Artisan(after))) => {
            note(before.store_name != after.store_name, "artisan.store_name");
            note(before.bio != after.bio, "artisan.bio");
            note(before.phone != after.phone, "artisan.phone");
            note(before.state != after.state, "artisan.state");
        }
        (Some(Profile::Buyer(before)), Some(Profile::Buyer(after))) => {
            note(before.full_name != after.full_name, "buyer.full_name");
            note(before.phone != after.phone, "buyer.phone");
        }
        (_, Some(Profile::Artisan(_))) => note(true, "artisan"),
        (_, Some(Profile::Buyer(_))) => note(true, "buyer"),
        (before, None) => note(before.is_some(), "profile"),
    }
    match (&before.address, &after.address) {
        (Some(before), Some(after)) => changed.extend(changed_address(before, after)),
        (before, after) if before.is_some() != after.is_some() => changed.push("address"),
        _ => {}
    }
    changed
}

fn changed_address(before: &Address, after: &Address) -> Vec<&'static str> {
    let pairs = [
        (before.street != after.street, "address.street"),
        (before.number != after.number, "address.number"),
        (before.complement != after.complement, "address.complement"),
        (before.neighborhood != after.neighborhood, "address.neighborhood"),
        (before.city != after.city, "address.city"),
        (before.state != after.state, "address.state"),
        (before.zip_code != after.zip_code, "address.zip_code"),
        (before.country != after.country, "address.country"),
    ];
    pairs.into_iter().filter_map(|(differs, path)| differs.then_some(path)).collect()
}

//! Writes the masked fields of a request onto the user that there is.

use artisan_proto::artisan::user::v1::user::Profile;
use artisan_proto::artisan::user::v1::{Address, Artisan, Buyer, User, artisan};

use super::mask::{Path, paths_of};
use crate::error::Violation;

/// The user as the request wants it. Its values are not checked yet.
///
/// What may not change, may be repeated: a client that reads, edits and writes back a whole user
/// sends it along.
pub(super) fn merge(current: &User, wanted: &User, paths: &[Path]) -> Result<User, Vec<Violation>> {
    let mut merged = current.clone();
    let violations: Vec<_> =
        paths.iter().filter_map(|path| write(&mut merged, wanted, *path).err()).collect();
    if violations.is_empty() { Ok(merged) } else { Err(violations) }
}

/// Reads a mask for a user and writes what it names onto an artisan and a buyer: for the fuzz target.
pub(crate) fn read_mask(mask: &[String], wanted: &User) {
    let Ok(paths) = paths_of(Some(mask), wanted) else { return };
    let profiles = [Profile::Artisan(Artisan::default()), Profile::Buyer(Buyer::default())];
    for profile in profiles {
        let current = User { profile: Some(profile), ..User::default() };
        if let Ok(merged) = merge(&current, wanted, &paths) {
            assert!(merge(&merged, wanted, &paths) == Ok(merged), "written twice, it differs");
        }
    }
}

fn write(merged: &mut User, wanted: &User, path: Path) -> Result<(), Violation> {
    match path {
        Path::Email => {
            merged.email.clone_from(&wanted.email);
            Ok(())
        }
        Path::Artisan | Path::StoreName | Path::Bio | Path::ArtisanPhone | Path::ArtisanState => {
            write_artisan(merged, wanted, path)
        }
        Path::Buyer | Path::FullName | Path::BuyerPhone => write_buyer(merged, wanted, path),
        Path::Address => {
            merged.address.clone_from(&wanted.address);
            Ok(())
        }
        Path::Street
        | Path::Number
        | Path::Complement
        | Path::Neighborhood
        | Path::City
        | Path::State
        | Path::ZipCode
        | Path::Country => {
            let wanted = wanted.address.clone().unwrap_or_default();
            write_address(merged.address.get_or_insert_default(), wanted, path);
            Ok(())
        }
    }
}

fn write_artisan(merged: &mut User, wanted: &User, path: Path) -> Result<(), Violation> {
    let Some(Profile::Artisan(merged)) = &mut merged.profile else {
        // What is not there is not there afterwards.
        let is_cleared =
            path == Path::Artisan && !matches!(wanted.profile, Some(Profile::Artisan(_)));
        return if is_cleared { Ok(()) } else { Err(kind_is_fixed("user.artisan")) };
    };
    let wanted = match &wanted.profile {
        Some(Profile::Artisan(wanted)) => wanted.clone(),
        Some(Profile::Buyer(_)) => return Err(kind_is_fixed("user.buyer")),
        None if path == Path::Artisan => return Err(kind_is_fixed("user.artisan")),
        None => Artisan::default(),
    };
    match path {
        Path::Artisan => {
            // Left out, it stays: who may not write it must be able to replace the rest.
            let unset = wanted.state == artisan::State::Unspecified as i32;
            let state = if unset { merged.state } else { wanted.state };
            *merged = Artisan { state, ..wanted };
        }
        Path::StoreName => merged.store_name = wanted.store_name,
        Path::Bio => merged.bio = wanted.bio,
        Path::ArtisanPhone => merged.phone = wanted.phone,
        _ => merged.state = wanted.state,
    }
    Ok(())
}

fn write_buyer(merged: &mut User, wanted: &User, path: Path) -> Result<(), Violation> {
    let Some(Profile::Buyer(merged)) = &mut merged.profile else {
        let is_cleared = path == Path::Buyer && !matches!(wanted.profile, Some(Profile::Buyer(_)));
        return if is_cleared { Ok(()) } else { Err(kind_is_fixed("user.buyer")) };
    };
    let wanted = match &wanted.profile {
        Some(Profile::Buyer(wanted)) => wanted.clone(),
        Some(Profile::Artisan(_)) => return Err(kind_is_fixed("user.artisan")),
        None if path == Path::Buyer => return Err(kind_is_fixed("user.buyer")),
        None => Buyer::default(),
    };
    match path {
        Path::Buyer => *merged = wanted,
        Path::FullName => merged.full_name = wanted.full_name,
        _ => merged.phone = wanted.phone,
    }
    Ok(())
}

fn write_address(merged: &mut Address, wanted: Address, path: Path) {
    match path {
        Path::Street => merged.street = wanted.street,
        Path::Number => merged.number = wanted.number,
        Path::Complement => merged.complement = wanted.complement,
        Path::Neighborhood => merged.neighborhood = wanted.neighborhood,
        Path::City => merged.city = wanted.city,
        Path::State => merged.state = wanted.state,
        Path::ZipCode => merged.zip_code = wanted.zip_code,
        _ => merged.country = wanted.country,
    }
}

fn kind_is_fixed(field: &str) -> Violation {
    Violation::new(field, "the kind of profile cannot be changed or removed")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn artisan() -> User {
        let artisan = Artisan {
            store_name: "Oficina".to_owned(),
            bio: "couro".to_owned(),
            phone: "71".to_owned(),
            state: artisan::State::Suspended as i32,
        };
        let email = "a@example.com".to_owned();
        User { email, profile: Some(Profile::Artisan(artisan)), ..User::default() }
    }

    fn update(wanted: &User, mask: Option<&[&str]>) -> Result<User, Vec<Violation>> {
        let mask = mask.map(|paths| paths.iter().map(ToString::to_string).collect::<Vec<_>>());
        merge(&artisan(), wanted, &paths_of(mask.as_deref(), wanted)?)
    }

    fn with(artisan: Artisan) -> User {
        User { profile: Some(Profile::Artisan(artisan)), ..User::default() }
    }

    fn profile(user: &User) -> &Artisan {
        match &user.profile {
            Some(Profile::Artisan(artisan)) => artisan,
            Some(Profile::Buyer(_)) | None => panic!("no artisan"),
        }
    }

    fn fields(result: Result<User, Vec<Violation>>) -> Vec<String> {
        result.unwrap_err().into_iter().map(|violation| violation.field).collect()
    }

    #[test]
    fn absent_mask_writes_the_populated_fields() {
        let wanted = with(Artisan { bio: "barro".to_owned(), ..Artisan::default() });
        for mask in [None, Some(&[] as &[&str])] {
            let merged = update(&wanted, mask).unwrap();
            assert_eq!(profile(&merged).bio, "barro");
            assert_eq!(profile(&merged).store_name, "Oficina");
        }
    }

    #[test]
    fn masked_field_that_is_empty_is_cleared() {
        let merged = update(&User::default(), Some(&["artisan.bio"])).unwrap();
        assert_eq!(profile(&merged).bio, "");
        assert_eq!(profile(&merged).phone, "71");
    }

    #[test]
    fn star_replaces_everything_but_the_state_that_was_left_out() {
        let mut wanted = with(Artisan { store_name: "Nova".to_owned(), ..Artisan::default() });
        wanted.email = artisan().email;
        let merged = update(&wanted, Some(&["*"])).unwrap();
        assert_eq!((profile(&merged).bio.as_str(), merged.address.as_ref()), ("", None));
        assert_eq!(profile(&merged).state, artisan::State::Suspended as i32);
    }

    #[test]
    fn output_only_fields_are_ignored() {
        let wanted = User { state: 2, roles: vec![1], ..artisan() };
        let merged = update(&wanted, Some(&["state", "roles", "create_time", "etag"])).unwrap();
        assert_eq!(merged, artisan());
    }

    #[test]
    fn whole_user_can_be_written_back() {
        assert_eq!(update(&artisan(), None).unwrap(), artisan());
        assert_eq!(update(&artisan(), Some(&["*"])).unwrap(), artisan());
    }

    #[test]
    fn what_cannot_be_written_is_named() {
        let password = User { password: "x".to_owned(), ..User::default() };
        assert_eq!(fields(update(&password, None)), ["user.password"]);
        assert_eq!(fields(update(&User::default(), Some(&["password"]))), ["update_mask"]);
        assert_eq!(fields(update(&User::default(), Some(&["nope", "adress"]))).len(), 2);
        assert_eq!(fields(update(&User::default(), Some(&["*", "address"]))), ["update_mask"]);
        let buyer = Buyer { full_name: "x".to_owned(), ..Buyer::default() };
        let buyer = User { profile: Some(Profile::Buyer(buyer)), ..User::default() };
        assert_eq!(fields(update(&buyer, None)), ["user.buyer"]);
        assert_eq!(fields(update(&User::default(), Some(&["artisan"]))), ["user.artisan"]);
        assert_eq!(fields(update(&User::default(), Some(&["buyer.phone"]))), ["user.buyer"]);
        let cleared = update(&User::default(), Some(&["buyer", "address"]));
        assert_eq!(cleared.unwrap(), artisan(), "what is not there can be cleared");
    }

    #[test]
    fn email_is_taken_over() {
        let email = User { email: "b@example.com".to_owned(), ..User::default() };
        assert_eq!(update(&email, None).unwrap().email, "b@example.com");
        assert_eq!(update(&User::default(), Some(&["email"])).unwrap().email, "");
    }

    #[test]
    fn address_is_replaced_changed_or_removed() {
        let street = Address { street: "Rua A".to_owned(), ..Address::default() };
        let wanted = User { address: Some(street.clone()), ..User::default() };
        assert_eq!(update(&wanted, Some(&["address"])).unwrap().address, Some(street.clone()));
        assert_eq!(update(&wanted, None).unwrap().address, Some(street));
        assert_eq!(update(&User::default(), Some(&["address"])).unwrap().address, None);
    }
}

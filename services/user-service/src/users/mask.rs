//! Which fields an update writes (AIP-134, AIP-161), and onto what.

use artisan_proto::artisan::user::v1::user::Profile;
use artisan_proto::artisan::user::v1::{User, artisan};

use crate::error::Violation;

/// A field, or a group of fields, that a mask may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Path {
    Email,
    Artisan,
    StoreName,
    Bio,
    ArtisanPhone,
    ArtisanState,
    Buyer,
    FullName,
    BuyerPhone,
    Address,
    Street,
    Number,
    Complement,
    Neighborhood,
    City,
    State,
    ZipCode,
    Country,
}

const PATHS: &[(&str, Path)] = &[
    ("email", Path::Email),
    ("artisan", Path::Artisan),
    ("artisan.store_name", Path::StoreName),
    ("artisan.bio", Path::Bio),
    ("artisan.phone", Path::ArtisanPhone),
    ("artisan.state", Path::ArtisanState),
    ("buyer", Path::Buyer),
    ("buyer.full_name", Path::FullName),
    ("buyer.phone", Path::BuyerPhone),
    ("address", Path::Address),
    ("address.street", Path::Street),
    ("address.number", Path::Number),
    ("address.complement", Path::Complement),
    ("address.neighborhood", Path::Neighborhood),
    ("address.city", Path::City),
    ("address.state", Path::State),
    ("address.zip_code", Path::ZipCode),
    ("address.country", Path::Country),
];

/// Output-only fields, the identifier and the etag: named in a mask they have no effect (AIP-161).
const NOT_WRITTEN: &[&str] = &[
    "name",
    "uid",
    "state",
    "roles",
    "email_verified",
    "create_time",
    "update_time",
    "delete_time",
    "purge_time",
    "etag",
];

/// The fields that a request writes.
pub(super) fn paths_of(mask: Option<&[String]>, user: &User) -> Result<Vec<Path>, Vec<Violation>> {
    match mask {
        None | Some([]) => populated(user),
        Some([star]) if star == "*" => Ok(all_of(user)),
        Some(paths) => {
            let (mut found, mut violations) = (Vec::new(), Vec::new());
            for path in paths {
                match parse(path) {
                    Ok(path) => found.extend(path),
                    Err(violation) => violations.push(violation),
                }
            }
            if violations.is_empty() { Ok(found) } else { Err(violations) }
        }
    }
}

fn parse(path: &str) -> Result<Option<Path>, Violation> {
    if let Some((_, path)) = PATHS.iter().find(|(name, _)| *name == path) {
        return Ok(Some(*path));
    }
    if NOT_WRITTEN.contains(&path) {
        return Ok(None);
    }
    let problem = match path {
        "password" => "password is not changed by UpdateUser: use ChangePassword".to_owned(),
        "*" => "* must be the only path".to_owned(),
        // What is no name of a field may be anything, and errors get into logs.
        path if is_name(path) => format!("{path} is not a field of User"),
        _ => "a path names a field of User, such as address.city".to_owned(),
    };
    Err(Violation::new("update_mask", problem))
}

fn is_name(path: &str) -> bool {
    path.len() <= 64
        && path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._".contains(&byte))
}

/// All fields: those of the kind of profile that the request shows.
fn all_of(user: &User) -> Vec<Path> {
    let profile = match user.profile {
        Some(Profile::Artisan(_)) => Some(Path::Artisan),
        Some(Profile::Buyer(_)) => Some(Path::Buyer),
        None => None,
    };
    [Path::Email, Path::Address].into_iter().chain(profile).collect()
}

/// The fields that are set, one by one.
fn populated(user: &User) -> Result<Vec<Path>, Vec<Violation>> {
    if !user.password.is_empty() {
        return Err(vec![Violation::new(
            "user.password",
            "is not changed by UpdateUser: use ChangePassword",
        )]);
    }
    let mut paths = Vec::new();
    let mut note = |is_set: bool, path: Path| paths.extend(is_set.then_some(path));
    note(!user.email.is_empty(), Path::Email);
    match &user.profile {
        Some(Profile::Artisan(artisan)) => {
            note(!artisan.store_name.is_empty(), Path::StoreName);
            note(!artisan.bio.is_empty(), Path::Bio);
            note(!artisan.phone.is_empty(), Path::ArtisanPhone);
            note(artisan.state != artisan::State::Unspecified as i32, Path::ArtisanState);
        }
        Some(Profile::Buyer(buyer)) => {
            note(!buyer.full_name.is_empty(), Path::FullName);
            note(!buyer.phone.is_empty(), Path::BuyerPhone);
        }
        None => {}
    }
    if let Some(address) = &user.address {
        note(!address.street.is_empty(), Path::Street);
        note(!address.number.is_empty(), Path::Number);
        note(!address.complement.is_empty(), Path::Complement);
        note(!address.neighborhood.is_empty(), Path::Neighborhood);
        note(!address.city.is_empty(), Path::City);
        note(!address.state.is_empty(), Path::State);
        note(!address.zip_code.is_empty(), Path::ZipCode);
        note(!address.country.is_empty(), Path::Country);
    }
    Ok(paths)
}

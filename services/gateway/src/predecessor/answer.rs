//! The user as the predecessor answered with one: flat, in its order, absent values as null.

use artisan_transcode::Route;
use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use serde::{Deserialize, Serialize};

use super::Role;
use crate::negotiate::JSON;
use crate::problem::Problem;

/// The parts of the contract's user that matter here; what is not set stands in no JSON.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct User {
    uid: String,
    email: String,
    state: String,
    artisan: Profile,
    buyer: Profile,
    address: Option<Address>,
    create_time: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Profile {
    store_name: String,
    full_name: String,
    phone: Option<String>,
    bio: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Address {
    street: String,
    number: Option<String>,
    complement: Option<String>,
    neighborhood: String,
    city: String,
    state: String,
    zip_code: String,
    country: String,
}

#[derive(Debug, Serialize)]
struct OldUser {
    user_id: String,
    email: String,
    #[serde(flatten)]
    profile: OldProfile,
    registration_date: String,
    status: String,
    role: &'static str,
    address: Option<OldAddress>,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum OldProfile {
    Artisan { store_name: String, phone: Option<String>, bio: Option<String> },
    Buyer { full_name: String, phone: Option<String> },
}

#[derive(Debug, Serialize)]
struct OldAddress {
    address_id: String,
    street: String,
    number: Option<String>,
    complement: Option<String>,
    neighborhood: String,
    city: String,
    state: String,
    zip_code: String,
    country: String,
}

/// The answer to a registration, out of the encoded user.
pub(super) fn render(role: Role, route: &Route, user: &[u8]) -> Result<Response<Body>, Problem> {
    let mut json = Vec::new();
    (route.render)(user, &mut json).map_err(|error| Problem::internal(error.to_string()))?;
    let odd = |error: serde_json::Error| Problem::internal(error.to_string());
    let user: User = serde_json::from_slice(&json).map_err(odd)?;
    let json = serde_json::to_vec(&old(role, user)).map_err(odd)?;
    let mut response = Response::new(Body::from(json));
    *response.status_mut() = StatusCode::CREATED;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(JSON));
    Ok(response)
}

fn old(role: Role, user: User) -> OldUser {
    let (artisan, buyer) = (user.artisan, user.buyer);
    let (role, profile) = match role {
        Role::Artisan => {
            let Profile { store_name, phone, bio, .. } = artisan;
            ("artisan", OldProfile::Artisan { store_name, phone, bio })
        }
        Role::Buyer => {
            let Profile { full_name, phone, .. } = buyer;
            ("buyer", OldProfile::Buyer { full_name, phone })
        }
    };
    // An address belongs to one user, and needs no other id.
    let address = user.address.map(|address| OldAddress {
        address_id: user.uid.clone(),
        street: address.street,
        number: address.number,
        complement: address.complement,
        neighborhood: address.neighborhood,
        city: address.city,
        state: address.state,
        zip_code: address.zip_code,
        country: address.country,
    });
    OldUser {
        user_id: user.uid,
        email: user.email,
        profile,
        registration_date: user.create_time,
        status: user.state.to_ascii_lowercase(),
        role,
        address,
    }
}

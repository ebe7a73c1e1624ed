//! The form as the contract's `CreateUser` has it.

use serde_json::{Map, Value};

use super::Role;
use super::form::Form;
use super::schema::ADDRESS;

pub(super) const PATH: &str = "/v1/users";

/// The JSON of the user to be made.
pub(super) fn request(role: Role, form: &Form) -> Vec<u8> {
    let mut user = Map::new();
    let text = |name: &str| form.text(name).map(Value::from);
    let email = form.text("email").unwrap_or_default();
    let email = if role == Role::Buyer { with_lower_domain(email) } else { email.to_owned() };
    user.insert("email".to_owned(), email.into());
    put(&mut user, "password", text("password"));
    let mut profile = Map::new();
    put(&mut profile, "phone", text("phone"));
    let kind = match role {
        Role::Artisan => {
            put(&mut profile, "store_name", text("store_name"));
            put(&mut profile, "bio", text("bio"));
            "artisan"
        }
        Role::Buyer => {
            put(&mut profile, "full_name", text("full_name"));
            "buyer"
        }
    };
    user.insert(kind.to_owned(), profile.into());
    if let Some(given) = form.address() {
        let mut address = Map::new();
        for field in ADDRESS {
            put(&mut address, field.name, given.get(field.name).cloned());
        }
        user.insert("address".to_owned(), address.into());
    }
    Value::Object(user).to_string().into_bytes()
}

fn put(object: &mut Map<String, Value>, name: &str, value: Option<Value>) {
    if let Some(value) = value {
        object.insert(name.to_owned(), value);
    }
}

/// Buyers' addresses were kept that way.
fn with_lower_domain(email: &str) -> String {
    match email.rsplit_once('@') {
        Some((local, domain)) => format!("{local}@{}", domain.to_lowercase()),
        None => email.to_owned(),
    }
}

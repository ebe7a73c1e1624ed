//! The predecessor's own example users, as they stand in its documentation.

use serde_json::{Value, json};

pub(crate) const PASSWORD: &str = "ValidPassword123!";

pub(crate) fn artisan(email: &str) -> Value {
    json!({
        "email": email,
        "password": PASSWORD,
        "artisan": {
            "storeName": "Artisan's Workshop",
            "phone": "71999999999",
            "bio": "Handmade crafts from Bahia."
        },
        "address": {
            "street": "Rua das Flores",
            "number": "123",
            "complement": "Apto 101",
            "neighborhood": "Pelourinho",
            "city": "Salvador",
            "state": "BA",
            "zipCode": "40026-010"
        }
    })
}

pub(crate) fn buyer(email: &str) -> Value {
    json!({
        "email": email,
        "password": PASSWORD,
        "buyer": { "fullName": "João da Silva", "phone": "11988887777" },
        "address": {
            "street": "Avenida São João",
            "number": "1000",
            "neighborhood": "República",
            "city": "São Paulo",
            "state": "SP",
            "zipCode": "01036-100",
            "country": "Brasil"
        }
    })
}

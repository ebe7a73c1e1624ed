use artisan_proto::artisan::user::v1::{ListUsersResponse, User};
use artisan_proto::http::TYPES;
use artisan_transcode::json::{from_slice, to_vec};
use prost::Message as _;

use crate::Result;

/// A message, encoded and as JSON.
pub(crate) struct Sample {
    pub(crate) name: &'static str,
    pub(crate) message: &'static str,
    pub(crate) wire: Vec<u8>,
    pub(crate) json: Vec<u8>,
}

/// An answer to `GetUser`, and a page of a list.
pub(crate) fn all() -> Result<Vec<Sample>> {
    let user: User = from_slice(USER.as_bytes(), TYPES)?;
    let one = Sample {
        name: "one user",
        message: "artisan.user.v1.User",
        wire: user.encode_to_vec(),
        json: to_vec(&user, TYPES)?,
    };
    let page = ListUsersResponse { users: vec![user; 100], next_page_token: "AbC_-".repeat(20) };
    let page = Sample {
        name: "page of 100",
        message: "artisan.user.v1.ListUsersResponse",
        wire: page.encode_to_vec(),
        json: to_vec(&page, TYPES)?,
    };
    Ok(vec![one, page])
}

const USER: &str = r#"{
    "name": "users/01996f6e-8c54-7cc1-9d4e-6a0f5b1c2d3e",
    "uid": "01996f6e-8c54-7cc1-9d4e-6a0f5b1c2d3e",
    "email": "ana.clara@example.com",
    "state": "ACTIVE",
    "artisan": {
        "storeName": "Cerâmica da Ladeira",
        "bio": "Potes e jarros, \"feitos à mão\".\nDesde 1987.",
        "phone": "+55 71 5555-0101",
        "state": "PENDING"
    },
    "address": {
        "street": "Rua Chile",
        "number": "21",
        "complement": "Apto 3",
        "neighborhood": "Centro Histórico",
        "city": "Salvador",
        "state": "BA",
        "zipCode": "40020-000"
    },
    "roles": ["ADMIN"],
    "emailVerified": true,
    "createTime": "2026-01-02T03:04:05.678901Z",
    "updateTime": "2026-02-03T04:05:06.789012Z",
    "etag": "\"12\""
}"#;

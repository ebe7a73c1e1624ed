//! The contract's HTTP face, generated from its `google.api.http` annotations.

mod generated;

use artisan_transcode::json::{ProtoJson, WriteError, to_vec};
pub use generated::{ROUTES, TYPES};

/// The `OpenAPI` 3.1 document of the contract.
pub const OPENAPI: &str = include_str!(concat!(env!("OUT_DIR"), "/openapi.json"));

/// A message of the contract as HTTP shows it.
pub fn to_json<M: ProtoJson>(message: &M) -> Result<Vec<u8>, WriteError> {
    to_vec(message, TYPES)
}

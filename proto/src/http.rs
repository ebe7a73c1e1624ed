//! The contract's HTTP face, generated from its `google.api.http` annotations.

mod generated;

pub use generated::{ROUTES, TYPES};

/// The `OpenAPI` 3.1 document of the contract.
pub const OPENAPI: &str = include_str!(concat!(env!("OUT_DIR"), "/openapi.json"));

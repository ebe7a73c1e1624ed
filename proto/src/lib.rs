//! The contract `artisan.user.v1`: its messages, its gRPC servers and clients, and its HTTP face.
//!
//! Everything here is generated from the proto files beside this crate; they are the documentation.

mod generated;
pub mod http;
mod redacted;

pub use generated::{artisan, google};

/// The encoded `FileDescriptorSet` of the contract and all that it imports, options and comments
/// kept; for reflection.
pub const FILE_DESCRIPTOR_SET: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptors.bin"));

/// The gRPC service config for clients, in JSON: timeouts, and retries of what is safe to repeat.
pub const SERVICE_CONFIG: &str = include_str!("../service_config.json");

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests fail by panicking"
)]
//! The service as its clients see it, in process, on every engine.

mod access;
mod contract;
mod deletion;
mod harness;
mod health;
mod listing;
mod load;
mod registration;
mod sessions;
mod tokens;
mod updates;

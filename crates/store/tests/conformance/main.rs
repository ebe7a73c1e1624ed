//! One suite for every engine: each method of the store, each of its errors.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod admins;
mod contention;
mod create;
mod credentials;
mod delete;
mod fixture;
mod list;
mod read;
mod rotation;
mod schema;
mod sessions;
mod unicode;
mod update;

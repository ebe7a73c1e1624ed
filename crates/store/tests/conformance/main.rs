//! One suite for every engine: each method of the store, each of its errors.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod account;
mod admins;
mod batch;
mod contention;
mod create;
mod credentials;
mod delete;
mod erase;
mod events;
mod filter;
mod fixture;
mod import;
mod legacy;
mod list;
mod mails;
mod once;
mod plans;
mod purge;
mod read;
mod relay;
mod rotation;
mod schema;
mod sessions;
mod sign_ins;
mod transfer;
mod unicode;
mod update;

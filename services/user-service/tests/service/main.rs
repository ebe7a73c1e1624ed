#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests fail by panicking"
)]
//! The service as its clients see it, in process, on every engine.

mod access;
mod accounts;
mod attempts;
mod callers;
mod clock;
mod compression;
mod connections;
mod contract;
mod deletion;
mod delivery;
mod harness;
mod health;
mod housekeeping;
mod import;
mod listing;
mod load;
mod mailbox;
mod mails;
mod manage;
mod nats;
mod net;
mod privacy;
mod registration;
mod repeats;
mod replicas;
mod sessions;
mod tokens;
mod updates;
mod watch;
mod wrong;

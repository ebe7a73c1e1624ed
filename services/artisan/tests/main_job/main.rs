//! The main job through the real binary: migrate, serve, register, sign in, over HTTP and gRPC, on
//! every engine.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod accounts;
mod at_once;
mod bad_input;
mod bad_start;
mod client;
mod examples;
mod grpc;
mod import;
mod mails;
mod old_routes;
mod platform;
mod predecessor;
mod trace;
mod transfer;
mod users;
mod watch;
mod whole;

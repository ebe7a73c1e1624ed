#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests fail by panicking"
)]
//! The program on a Galera cluster whose nodes die and hang, behind a pooler, and on a group with
//! several primaries.
//!
//! `cargo xtask cluster` starts the servers, runs these tests one after the other, and starts nodes
//! again that a test has killed.

mod busy;
#[expect(dead_code, reason = "the rest is for the other test program")]
#[path = "../command/folder.rs"]
mod folder;
mod group;
mod killed;
mod lost_node;
mod pooled;
mod runner;
mod site;
mod stopped;
mod together;

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests fail by panicking"
)]
//! The service on a Galera cluster of which a node dies, behind a pooler, and with real replicas.
//!
//! `cargo xtask cluster` starts the servers and runs these tests one after the other.

#[expect(dead_code, reason = "the rest is for the other test program")]
#[path = "../service/harness.rs"]
mod harness;
mod node;
mod pooled;
mod replicated;
#[expect(dead_code, reason = "the rest is for the other test program")]
#[path = "../program/running.rs"]
mod running;
#[expect(dead_code, reason = "the rest is for the runner's tests")]
#[path = "../../../migration-runner/tests/cluster/site.rs"]
mod site;

//! What the store makes of servers that are slow to agree, hang up, fall silent or refuse to write.
#![expect(clippy::expect_used, reason = "tests fail by panicking")]

mod abandoned;
mod commits;
mod conflicts;
#[expect(dead_code, reason = "the rest is for the other test program")]
#[path = "../conformance/fixture.rs"]
mod fixture;
mod lost;
mod pool;
mod server;

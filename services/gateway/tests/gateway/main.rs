//! The gateway over real sockets, in front of a real gRPC server whose answers the tests choose.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod caching;
mod client;
mod conditions;
mod deadlines;
mod documentation;
mod edge;
mod errors;
mod forwarding;
mod lifecycle;
mod methods;
mod program;
mod requests;
mod stack;
mod streams;
mod upstream;
mod upstream_tls;

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
mod grpc;
mod grpc_web;
mod http2;
mod lifecycle;
mod methods;
mod modes;
mod predecessor;
mod program;
mod proxies;
mod raw;
mod replicas;
mod requests;
mod resuming;
mod stack;
mod streams;
mod tls;
mod upstream;
mod upstream_balance;
mod upstream_failures;
mod upstream_retries;
mod upstream_tls;

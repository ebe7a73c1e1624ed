//! The HTTP and JSON face of a gRPC contract, driven by the contract's own annotations.
//!
//! A request is matched against [`artisan_proto::http::ROUTES`], bound to the encoded protobuf request, sent to the
//! upstream as raw bytes, and its answer is rendered as [JSON](artisan_transcode::json). Adding an RPC needs no code here.
//!
//! gRPC and gRPC-Web clients use the same port: `grpc` passes their calls on as they are.
//!
//! Edge concerns (request ids, client addresses, rate limits, CORS, security headers) are in `edge`; the
//! way of one call is in `call`; gRPC status becomes HTTP status in `status` and nowhere else.

mod access_log;
mod call;
mod config;
mod console;
mod deadline;
mod docs;
mod edge;
mod etag;
mod gateway;
mod grpc;
mod metrics;
mod negotiate;
mod predecessor;
mod problem;
mod route_name;
mod run;
mod site;
mod status;
mod stream;
mod upstream;
mod watch;

pub use self::config::{Config, ParseProxyProtocolError, ProxyProtocol};
pub use self::gateway::{Gateway, router};
pub use self::run::{ServeError, serve, wait};
pub use self::upstream::{Builder, Resolve, Settings, Upstream};
pub use self::watch::{Health, follow_health, health};
pub use artisan_runtime::cidr::{Cidr, ParseCidrError};

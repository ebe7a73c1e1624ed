//! What every program of this workspace needs around its own work: environment, secrets,
//! telemetry, lifecycle, readiness and build information.
//!
//! Nothing in here knows what the programs are for.

pub mod admin;
pub mod build_info;
pub mod cidr;
pub mod env;
pub mod exit;
pub mod http;
pub mod lifecycle;
pub mod readiness;
pub mod secret;
pub mod telemetry;
pub mod tls;

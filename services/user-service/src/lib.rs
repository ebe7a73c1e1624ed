//! The gRPC service that owns users, their credentials and their sessions.
//!
//! [`Config::from_env`] reads the environment, [`App::build`] assembles the service, and either
//! [`App::serve`] listens or [`App::routes`] is called in the same process. Everything that a call
//! must pass (admission, deadline, tracing) is part of the routes.

pub mod access;
mod app;
mod auth;
mod bootstrap;
mod client;
pub mod clock;
pub mod config;
mod convert;
mod core;
mod error;
pub mod hash;
mod health;
mod housekeeping;
pub mod import;
mod layer;
mod mail;
mod names;
mod page;
#[doc(hidden)]
pub mod parsers;
mod passwords;
mod relay;
mod requests;
mod schema;
mod server;
mod service_token;
mod sessions;
pub mod token;
pub mod transfer;
mod users;
mod watch;

pub use app::{AccessError, App, BuildError, DeliveryError, ServeError};
pub use bootstrap::{BootstrapError, Bootstrapped, FoundAdmin, ResetAdminError};
pub use config::Config;
pub use error::DOMAIN;
pub use housekeeping::Kept;
pub use mail::{Deliveries, Language};
pub use relay::{RelayError, Relayed};
pub use service_token::service_token;

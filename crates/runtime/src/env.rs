//! Configuration from the environment: every bad variable named at once, no value ever echoed.
//!
//! A program declares one flat struct whose fields are [`Var`]s (or [`Secret`](crate::secret::Secret)
//! inside them), loads it with [`Env::load`], and turns it into its configuration with a [`Checker`]:
//!
//! ```
//! use std::net::SocketAddr;
//! use artisan_runtime::env::{Checker, ConfigError, Env, Var};
//! use artisan_runtime::secret::Secret;
//!
//! #[derive(Default, serde::Deserialize)]
//! #[serde(default)]
//! struct Raw {
//!     http_addr: Var<SocketAddr>,
//!     api_key: Var<Secret>,
//! }
//!
//! struct Config {
//!     http_addr: SocketAddr,
//!     api_key: Secret,
//! }
//!
//! fn config(env: &Env) -> Result<Config, ConfigError> {
//!     let raw: Raw = env.load()?;
//!     let mut check = Checker::new();
//!     let http_addr = check.or(raw.http_addr, "HTTP_ADDR", SocketAddr::from(([0, 0, 0, 0], 8080)));
//!     let api_key = check.required(raw.api_key, "API_KEY");
//!     check.build(|| Some(Config { http_addr, api_key: api_key? }))
//! }
//!
//! let env = Env::from_pairs([("HTTP_ADDR", "8080")]);
//! let error = config(&env).err().unwrap().to_string();
//! assert!(error.contains("HTTP_ADDR") && error.contains("API_KEY"));
//! ```

mod checker;
mod duration;
mod fields;
mod list;
mod size;
mod source;
mod var;

pub use self::checker::{Checker, ConfigError, Problem};
pub use self::duration::{HumanDuration, ParseDurationError};
pub use self::list::{List, ParseListError};
pub use self::size::{ByteSize, ParseSizeError};
pub use self::source::Env;
pub use self::var::Var;

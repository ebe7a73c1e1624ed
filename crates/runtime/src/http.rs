//! Listening and serving HTTP/1.1 and HTTP/2 on one port, until a shutdown.

mod bind;
mod serve;

pub use self::bind::{BindError, bind};
pub use self::serve::{Limits, serve, serve_with};

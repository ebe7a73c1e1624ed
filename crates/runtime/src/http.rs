//! Listening and serving HTTP/1.1 and HTTP/2 on one port, until a shutdown.

mod bind;
mod limits;
mod proxy;
mod serve;
mod stall;
mod talk;

pub use self::bind::{BindError, bind};
pub use self::limits::{Limits, Transport};
pub use self::serve::{serve, serve_with};

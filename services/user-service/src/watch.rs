//! The stream of changes: committed events of all users, in the order of their numbers.
//!
//! One task per process, the [`Feed`], gives numbers to what was committed without one and hands the
//! numbered events to every [`Watcher`] of the process. Who is behind reads from the database until
//! there is nothing more to read, and joins the feed there.

mod feed;
mod resume;
mod watcher;

pub(crate) use feed::Feed;
pub(crate) use watcher::{Start, Watcher, stream};

//! Events of all users as `CloudEvents` to NATS `JetStream`, told by one replica at a time.
//!
//! The replica that holds a lease goes through the numbered events and waits for the acknowledgement of
//! each before it sends the next; the last number is noted in the database afterwards. What was sent and
//! not noted is sent again, under the same `Nats-Msg-Id`, by which `JetStream` drops it.

mod cloud_event;
mod link;
mod relayer;

pub use link::RelayError;
pub use relayer::Relayed;
pub(crate) use relayer::Relayer;

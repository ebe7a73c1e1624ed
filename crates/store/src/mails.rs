//! Mails: written together with what they tell of, sent later by whoever claims them.

mod limit;
mod outbox;
mod reset;
mod token;
mod verify;

pub(crate) use outbox::{bury, claim, count_dead, defer, prepare, remove, sweep};
pub(crate) use reset::{has_reset_token, request_reset, reset};
pub(crate) use token::forget;
pub(crate) use verify::{
    pending, request_verification, verify, withdraw_change, write_change, write_verification,
};

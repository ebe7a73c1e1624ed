//! Attempts to sign in.

use time::OffsetDateTime;
use tracing::Instrument as _;

use super::{Backend, Store};
use crate::engine::{Engine as _, MySql, Postgres, Sqlite};
use crate::error::{BeginSignInError, StoreError};
use crate::{BegunSignIn, SignInAttempt, SignInEnd, sign_ins};

/// Attempts to sign in.
impl Store {
    /// Counts an attempt as failed, unless too many have failed before it: then nothing is counted.
    pub async fn begin_sign_in(
        &self,
        attempt: &SignInAttempt,
    ) -> Result<BegunSignIn, BeginSignInError> {
        call!(self, "db.sign_ins.begin", "begin_sign_in", |db| sign_ins::begin(db, attempt))
    }

    /// Says of an attempt that it has not failed.
    pub async fn end_sign_in(
        &self,
        begun: &BegunSignIn,
        end: SignInEnd,
        now: OffsetDateTime,
    ) -> Result<(), StoreError> {
        call!(self, "db.sign_ins.end", "end_sign_in", |db| sign_ins::end(db, begun, end, now))
    }
}

//! Mails, and the tokens in them.

use time::OffsetDateTime;
use tracing::Instrument as _;

use super::{Backend, Store};
use crate::engine::{Engine as _, MySql, Postgres, Sqlite};
use crate::error::{
    ChangeEmailError, CreateUserError, RequestVerificationError, ResetPasswordError, StoreError,
    VerifyEmailError,
};
use crate::{
    Done, Email, EmailChange, Mail, MailLimits, NewUser, Notice, Once, PasswordReset,
    PasswordResetRequest, PreparedMail, TokenHash, TokenMail, UpdateUser, User, UserId, mails,
    users,
};

/// Addresses that have to be verified, and passwords that were forgotten.
impl Store {
    /// Creates a user as [`Store::create_user`] does, and with it the mail that asks the owner of the
    /// address to verify it.
    pub async fn register_user(
        &self,
        new: &NewUser,
        verification: &TokenMail,
    ) -> Result<User, CreateUserError> {
        call!(self, "db.users.create", "register_user", |db| {
            users::register(db, new, verification)
        })
    }

    /// [`Self::register_user`], unless the same call has created the user already.
    pub async fn register_user_once(
        &self,
        new: &NewUser,
        verification: &TokenMail,
        once: &Once<'_>,
    ) -> Result<Done, CreateUserError> {
        call!(self, "db.users.create_once", "register_user", |db| {
            users::register_once(db, new, verification, once)
        })
    }

    /// [`Self::change_email`], unless the same call has changed the user already.
    pub async fn change_email_once(
        &self,
        change: &UpdateUser,
        email: &EmailChange,
        once: &Once<'_>,
    ) -> Result<Done, ChangeEmailError> {
        call!(self, "db.users.change_email_once", "change_email", |db| {
            users::change_email_once(db, change, email, once)
        })
    }

    /// Changes a user as [`Store::update_user`] does, and notes an address that the user shall have once
    /// it was verified; both addresses get a mail. A change that waits already is replaced.
    pub async fn change_email(
        &self,
        change: &UpdateUser,
        email: &EmailChange,
    ) -> Result<User, ChangeEmailError> {
        call!(self, "db.users.change_email", "change_email", |db| {
            users::change_email(db, change, email)
        })
    }

    /// The address that waits to be verified before it replaces the user's own.
    pub async fn find_pending_email(&self, user: UserId) -> Result<Option<Email>, StoreError> {
        call!(self, "db.mails.find_pending", "find_pending_email", |db| mails::pending(db, user))
    }

    /// Writes a mail with a new token for the address that waits to be verified: that of a change, else the
    /// user's own. The token before it ends.
    pub async fn request_email_verification(
        &self,
        user: UserId,
        mail: &TokenMail,
        limits: MailLimits,
    ) -> Result<(), RequestVerificationError> {
        call!(self, "db.mails.request_verification", "request_email_verification", |db| {
            mails::request_verification(db, user, mail, limits)
        })
    }

    /// Drops a change of the address that waits to be verified, with its token.
    pub async fn withdraw_email_change(
        &self,
        user: UserId,
        now: OffsetDateTime,
    ) -> Result<(), StoreError> {
        call!(self, "db.users.withdraw_email_change", "withdraw_email_change", |db| {
            mails::withdraw_change(db, user, now)
        })
    }

    /// Takes a token for an address, once: the address is verified, or a change of it becomes real and
    /// the old address is told. That the new address is free is decided by the database's constraint.
    pub async fn verify_email(
        &self,
        token: &TokenHash,
        notice: &Notice,
    ) -> Result<User, VerifyEmailError> {
        call!(self, "db.users.verify_email", "verify_email", |db| {
            mails::verify(db, token, notice)
        })
    }

    /// Notes that somebody wants a new password for an address, unless too many did. Does the same
    /// whether the address has an account or not, which is found out when the mail is sent.
    pub async fn request_password_reset(
        &self,
        request: &PasswordResetRequest,
    ) -> Result<(), StoreError> {
        call!(self, "db.mails.request_reset", "request_password_reset", |db| {
            mails::request_reset(db, request)
        })
    }

    /// Whether a token for a new password would be taken now.
    pub async fn has_reset_token(
        &self,
        token: &TokenHash,
        now: OffsetDateTime,
    ) -> Result<bool, StoreError> {
        call!(self, "db.mails.has_reset_token", "has_reset_token", |db| {
            mails::has_reset_token(db, token, now)
        })
    }

    /// Takes a token for a new password, once. Revokes every session, ends every other token and a change
    /// of address that waits, and tells the user by mail. The address counts as verified, as its owner
    /// has the mail.
    pub async fn reset_password(&self, reset: &PasswordReset) -> Result<User, ResetPasswordError> {
        call!(self, "db.credentials.reset", "reset_password", |db| mails::reset(db, reset))
    }
}

/// The outbox.
impl Store {
    /// The mail that has waited longest, for the caller alone until `until`; of several callers one gets
    /// it. Whoever does not come back has it taken over by another one then.
    pub async fn claim_mail(
        &self,
        now: OffsetDateTime,
        until: OffsetDateTime,
    ) -> Result<Option<Mail>, StoreError> {
        call!(self, "db.mails.claim", "claim_mail", |db| mails::claim(db, now, until))
    }

    /// What is needed to send a claimed mail, whose token would have this hash if it was not given out
    /// before. None when the mail is moot: its token was used or replaced, or there is nobody to write to.
    pub async fn prepare_mail(
        &self,
        mail: &Mail,
        token: Option<TokenHash>,
        limits: MailLimits,
        now: OffsetDateTime,
    ) -> Result<Option<PreparedMail>, StoreError> {
        call!(self, "db.mails.prepare", "prepare_mail", |db| {
            mails::prepare(db, mail, token, limits, now)
        })
    }

    /// Removes a mail that was sent or is moot; whether it was still the caller's.
    pub async fn remove_mail(&self, mail: &Mail) -> Result<bool, StoreError> {
        call!(self, "db.mails.remove", "remove_mail", |db| mails::remove(db, mail))
    }

    /// Lets a mail be tried again at a time; whether it was still the caller's. `failure` is at most 100
    /// characters and holds no address.
    pub async fn defer_mail(
        &self,
        mail: &Mail,
        due: OffsetDateTime,
        failure: &str,
    ) -> Result<bool, StoreError> {
        call!(self, "db.mails.defer", "defer_mail", |db| mails::defer(db, mail, due, failure))
    }

    /// Gives a mail up and keeps it; whether it was still the caller's. `failure` is at most 100 characters
    /// and holds no address.
    pub async fn bury_mail(
        &self,
        mail: &Mail,
        now: OffsetDateTime,
        failure: &str,
    ) -> Result<bool, StoreError> {
        call!(self, "db.mails.bury", "bury_mail", |db| mails::bury(db, mail, now, failure))
    }

    /// How many mails were given up and are kept.
    pub async fn count_dead_mails(&self) -> Result<u64, StoreError> {
        call!(self, "db.mails.count_dead", "count_dead_mails", |db| mails::count_dead(db))
    }

    /// Removes tokens that have ended, counts that began before `limits_from`, and mails that were given up
    /// before `dead_from`.
    pub async fn sweep_mails(
        &self,
        now: OffsetDateTime,
        limits_from: OffsetDateTime,
        dead_from: OffsetDateTime,
    ) -> Result<(), StoreError> {
        call!(self, "db.mails.sweep", "sweep_mails", |db| {
            mails::sweep(db, now, limits_from, dead_from)
        })
    }
}

use artisan_proto::artisan::user::v1::{
    self as proto, RequestEmailVerificationRequest, VerifyEmailRequest,
};
use artisan_store::{
    ChangeEmailError, Done, Email, EmailChange, Once, RequestVerificationError, Store, UpdateUser,
    VerifyEmailError,
};
use tonic::Request;
use zeroize::Zeroizing;

use super::Users;
use super::update::update_error;
use crate::auth::Admission;
use crate::convert::user_to_proto;
use crate::error::Error;
use crate::mail::{LIMITS, notice, until};
use crate::token::RefreshToken;

impl Users {
    /// Sends a new mail for the address that waits to be verified; the token before it ends.
    pub(super) async fn request_verification(
        &self,
        request: Request<RequestEmailVerificationRequest>,
    ) -> Result<(), Error> {
        let admission = Admission::in_force(request.extensions())?;
        let id = admission.reach(&request.get_ref().name, "name")?;
        let mails = self.0.mails()?;
        let mail = mails.verification(&self.0.sources)?;
        let store = self.0.store_of(request.extensions());
        let written = store.request_email_verification(id, &mail, LIMITS).await;
        written.map_err(|error| match error {
            RequestVerificationError::NotFound => Error::UserNotFound,
            RequestVerificationError::AlreadyVerified => Error::EmailVerified,
            RequestVerificationError::Limited { until: then } => {
                Error::MailsLimited { retry_after: until(then, mail.create_time) }
            }
            RequestVerificationError::Store(error) => error.into(),
        })?;
        mails.wake();
        Ok(())
    }

    /// Takes the token, once; a change of address becomes real.
    pub(super) async fn verify(
        &self,
        request: Request<VerifyEmailRequest>,
    ) -> Result<proto::User, Error> {
        let store = self.0.store_of(request.extensions());
        let token = Zeroizing::new(request.into_inner().token);
        if token.is_empty() {
            return Err(Error::field("token", "is required"));
        }
        let token = RefreshToken::hash_of_text(&token).ok_or(Error::MailToken)?;
        let notice = notice(&self.0.sources);
        let user = store.verify_email(&token, &notice).await.map_err(|error| match error {
            VerifyEmailError::TokenInvalid => Error::MailToken,
            VerifyEmailError::EmailTaken => Error::NewEmailTaken,
            VerifyEmailError::Store(error) => error.into(),
        })?;
        tracing::info!(user.id = %user.id.0, "e-mail address verified");
        self.0.wake_mails();
        Ok(user_to_proto(&user))
    }

    /// Writes a change of which the address acts once it was verified.
    pub(super) async fn change_email(
        &self,
        store: &Store,
        update: &UpdateUser,
        email: Email,
        once: Option<&Once<'_>>,
    ) -> Result<Done, Error> {
        let mails = self.0.mails()?;
        let verification = mails.verification(&self.0.sources)?;
        let now = verification.create_time;
        let notice = notice(&self.0.sources);
        let change = EmailChange { email, verification, notice, limits: LIMITS };
        let written = match once {
            Some(once) => store.change_email_once(update, &change, once).await,
            None => store.change_email(update, &change).await.map(Done::Now),
        };
        let done = written.map_err(|error| match error {
            ChangeEmailError::Limited { until: then } => {
                Error::MailsLimited { retry_after: until(then, now) }
            }
            ChangeEmailError::Update(error) => update_error(error),
        })?;
        mails.wake();
        Ok(done)
    }
}

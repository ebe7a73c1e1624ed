//! Forgotten passwords.

use artisan_proto::artisan::user::v1::{RequestPasswordResetRequest, ResetPasswordRequest};
use artisan_store::{
    Checker, Email, Password, PasswordReset, PasswordResetRequest, ResetPasswordError,
};
use tonic::Request;
use zeroize::Zeroizing;

use crate::error::Error;
use crate::layer::Deadline;
use crate::mail::{LIMITS, notice};
use crate::sessions::Sessions;
use crate::token::RefreshToken;

impl Sessions {
    /// Notes the wish. Whether the address has an account is looked up when the mail is sent, so that
    /// neither the answer nor its time tells.
    pub(crate) async fn request_reset(
        &self,
        request: Request<RequestPasswordResetRequest>,
    ) -> Result<(), Error> {
        let mut checker = Checker::new();
        let email = checker.take("email", Email::parse(&request.get_ref().email));
        let email = checker.finish(email)?;
        let store = self.0.store_of(request.extensions());
        let mails = self.0.mails()?;
        let mail = mails.reset(&self.0.sources)?;
        let request = PasswordResetRequest {
            email,
            id: mail.id,
            seed: mail.seed,
            create_time: mail.create_time,
            expire_time: mail.expire_time,
            limits: LIMITS,
        };
        store.request_password_reset(&request).await?;
        mails.wake();
        Ok(())
    }

    /// Takes the token, once. It is looked at before the password is hashed, so that guesses cost little.
    pub(crate) async fn reset(&self, request: Request<ResetPasswordRequest>) -> Result<(), Error> {
        let deadline = Deadline::in_force(request.extensions());
        let store = self.0.store_of(request.extensions());
        let ResetPasswordRequest { token, new_password } = request.into_inner();
        let (token, new_password) = (Zeroizing::new(token), Zeroizing::new(new_password));
        let mut checker = Checker::new();
        if token.is_empty() {
            checker.add("token", "is required");
        }
        let password = checker.take("new_password", Password::parse(&new_password));
        let password = checker.finish(password)?;
        let token_hash = RefreshToken::hash_of_text(&token).ok_or(Error::MailToken)?;
        let now = self.0.sources.now();
        if !store.has_reset_token(&token_hash, now).await? {
            return Err(Error::MailToken);
        }
        let password = Zeroizing::new(password.expose().to_owned());
        let password_hash = self.0.hashing.hash(password, deadline).await?;
        let notice = notice(&self.0.sources);
        let reset = PasswordReset { token_hash, password_hash, notice };
        let user = store.reset_password(&reset).await.map_err(|error| match error {
            ResetPasswordError::TokenInvalid => Error::MailToken,
            ResetPasswordError::Store(error) => error.into(),
        })?;
        tracing::info!(user.id = %user.id.0, "password replaced by means of a mail");
        self.0.wake_mails();
        Ok(())
    }
}

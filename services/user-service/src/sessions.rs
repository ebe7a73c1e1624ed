//! Signing in, and staying signed in.

mod attempt;
mod introspect;
mod manage;
mod password;

use std::sync::Arc;

use artisan_proto::artisan::user::v1::auth_service_server::AuthService;
use artisan_proto::artisan::user::v1::{
    ChangePasswordRequest, CreateSessionRequest, CreateSessionResponse, GetJwksRequest,
    IntrospectTokenRequest, IntrospectTokenResponse, Jwk, Jwks, ListSessionsRequest,
    ListSessionsResponse, RefreshSessionRequest, RequestPasswordResetRequest, ResetPasswordRequest,
    RevokeAllSessionsRequest, RevokeSessionRequest, Session as ProtoSession, SessionTokens,
    create_session_response,
};
use artisan_store::{
    Checker, CreateSessionError, Credential, Email, NewSession, RotateError, Rotation, Session,
    SessionId, Store, User, UserState,
};
use time::OffsetDateTime;
use tonic::{Request, Response, Status};
use zeroize::Zeroizing;

use crate::client::Place;
use crate::convert::timestamp;
use crate::core::Core;
use crate::error::{Error, chain};
use crate::layer::Deadline;
use crate::names::session_name;
use crate::token::RefreshToken;

use attempt::Attempt;
pub(crate) use attempt::Attempts;

/// The handlers of `AuthService`.
#[derive(Debug)]
pub(crate) struct Sessions(pub(crate) Arc<Core>);

impl Sessions {
    async fn create(&self, request: Request<CreateSessionRequest>) -> Result<SessionTokens, Error> {
        let deadline = Deadline::in_force(request.extensions());
        let place = Place::of(&request, &self.0.trusted_proxies);
        let (_, extensions, request) = request.into_parts();
        let CreateSessionRequest { email, password } = request;
        let password = Zeroizing::new(password);
        let mut checker = Checker::new();
        let email = checker.take("email", Email::parse(&email));
        if password.is_empty() {
            checker.add("password", "is required");
        }
        let email = checker.finish(email)?;

        let attempt = Attempt::to_sign_in(&self.0, &email, place).await?;
        let credential = self.0.store.find_credential(&email).await?;
        let hash = credential.as_ref().map(|credential| credential.password_hash.clone());
        let verdict = self.0.hashing.verify(password.clone(), hash.clone(), deadline).await?;
        let user = match credential {
            Some(Credential { user, .. }) if verdict.is_right && user.delete_time.is_none() => user,
            Some(_) | None => {
                attempt.failed();
                verdict.may_be_told().await;
                return Err(Error::Credentials);
            }
        };
        attempt.succeeded(user.id).await?;
        // Only who knows the password learns that the account is locked.
        if user.state != UserState::Active {
            return Err(Error::AccountNotActive);
        }
        let store = self.0.store_as(Some(user.id), &extensions);
        self.renew_hash(&store, &user, hash, password, deadline).await;
        self.open(&store, &user).await
    }

    /// Replaces a hash that was imported, or made with other parameters, now that the password is at
    /// hand. Best effort: the old one is as good for the next time.
    async fn renew_hash(
        &self,
        store: &Store,
        user: &User,
        old: Option<String>,
        password: Zeroizing<String>,
        deadline: Option<std::time::Instant>,
    ) {
        let is_outdated = |hash: &String| self.0.hashing.is_to_be_renewed(hash, &password);
        let Some(old) = old.filter(is_outdated) else { return };
        let Ok(new) = self.0.hashing.hash(password, deadline).await else { return };
        let now = self.0.sources.now();
        if let Err(error) = store.rehash(user.id, &old, &new, now).await {
            tracing::warn!(error.cause = chain(&error), "a password hash was not renewed");
        }
    }

    async fn open(&self, store: &Store, user: &User) -> Result<SessionTokens, Error> {
        let refresh = RefreshToken::generate()?;
        let now = self.0.sources.now();
        let new = NewSession {
            id: SessionId(self.0.sources.next_id()),
            user_id: user.id,
            token_hash: refresh.hash(),
            create_time: now,
            expire_time: now + self.0.refresh_token_ttl,
        };
        let session = store.create_session(&new).await.map_err(|error| match error {
            CreateSessionError::UserNotActive => Error::AccountNotActive,
            CreateSessionError::Store(error) => error.into(),
        })?;
        self.tokens(user, &session, &refresh, now)
    }

    async fn refresh(
        &self,
        request: Request<RefreshSessionRequest>,
    ) -> Result<SessionTokens, Error> {
        let store = self.0.store_of(request.extensions());
        let presented = Zeroizing::new(request.into_inner().refresh_token);
        if presented.is_empty() {
            return Err(Error::field("refresh_token", "is required"));
        }
        let (presented, successor) = RefreshToken::successor_of(&presented, &self.0.refreshing)
            .ok_or(Error::RefreshToken)?;
        let now = self.0.sources.now();
        let rotation = Rotation {
            presented,
            successor: successor.hash(),
            now,
            expire_time: now + self.0.refresh_token_ttl,
        };
        let rotated = store.rotate_refresh_token(&rotation).await.map_err(rotate_error)?;
        self.tokens(&rotated.user, &rotated.session, &successor, now)
    }

    fn tokens(
        &self,
        user: &User,
        session: &Session,
        refresh: &RefreshToken,
        now: OffsetDateTime,
    ) -> Result<SessionTokens, Error> {
        let expire = (now + self.0.access_token_ttl).min(session.expire_time);
        let roles = user.roles.iter().map(|role| role.as_str().to_owned()).collect();
        let times = (now.unix_timestamp(), expire.unix_timestamp());
        let access_token = self
            .0
            .tokens
            .issue(user.id.0, session.id.0, roles, times)
            .map_err(|error| Error::Internal(error.into()))?;
        Ok(SessionTokens {
            session: Some(session_to_proto(session)),
            access_token,
            refresh_token: refresh.text().to_owned(),
            // As the token says it: in whole seconds.
            access_token_expire_time: Some(timestamp(
                expire.replace_nanosecond(0).unwrap_or(expire),
            )),
            refresh_token_expire_time: Some(timestamp(session.expire_time)),
        })
    }

    fn jwks(&self) -> Jwks {
        let keys = self.0.tokens.public_keys().iter().map(|key| Jwk {
            kty: "OKP".to_owned(),
            crv: "Ed25519".to_owned(),
            x: key.x(),
            kid: key.id.clone(),
            alg: "EdDSA".to_owned(),
            r#use: "sig".to_owned(),
        });
        Jwks { keys: keys.collect() }
    }
}

fn rotate_error(error: RotateError) -> Error {
    match error {
        RotateError::Unknown | RotateError::Expired | RotateError::Revoked => Error::RefreshToken,
        RotateError::Reused { session_id, user_id } => {
            tracing::warn!(
                session.name = session_name(user_id.0, session_id.0),
                "a refresh token was used twice: its session was revoked"
            );
            Error::RefreshTokenReused
        }
        RotateError::UserNotActive => Error::SessionEnded,
        RotateError::Store(error) => error.into(),
    }
}

pub(crate) fn session_to_proto(session: &Session) -> ProtoSession {
    ProtoSession {
        name: session_name(session.user_id.0, session.id.0),
        create_time: Some(timestamp(session.create_time)),
        refresh_time: Some(timestamp(session.refresh_time)),
        expire_time: Some(timestamp(session.expire_time)),
        revoke_time: session.revoke_time.map(timestamp),
    }
}

#[tonic::async_trait]
impl AuthService for Sessions {
    async fn create_session(
        &self,
        request: Request<CreateSessionRequest>,
    ) -> Result<Response<CreateSessionResponse>, Status> {
        let tokens = self.create(request).await?;
        let result = Some(create_session_response::Result::Tokens(tokens));
        Ok(Response::new(CreateSessionResponse { result }))
    }

    async fn refresh_session(
        &self,
        request: Request<RefreshSessionRequest>,
    ) -> Result<Response<SessionTokens>, Status> {
        Ok(Response::new(self.refresh(request).await?))
    }

    async fn get_jwks(&self, _: Request<GetJwksRequest>) -> Result<Response<Jwks>, Status> {
        Ok(Response::new(self.jwks()))
    }

    async fn list_sessions(
        &self,
        request: Request<ListSessionsRequest>,
    ) -> Result<Response<ListSessionsResponse>, Status> {
        Ok(Response::new(self.list(request).await?))
    }

    async fn revoke_session(
        &self,
        request: Request<RevokeSessionRequest>,
    ) -> Result<Response<()>, Status> {
        self.revoke(request).await?;
        Ok(Response::new(()))
    }

    async fn revoke_all_sessions(
        &self,
        request: Request<RevokeAllSessionsRequest>,
    ) -> Result<Response<()>, Status> {
        self.revoke_all(request).await?;
        Ok(Response::new(()))
    }

    async fn change_password(
        &self,
        request: Request<ChangePasswordRequest>,
    ) -> Result<Response<()>, Status> {
        self.change_password_of(request).await?;
        Ok(Response::new(()))
    }

    async fn request_password_reset(
        &self,
        request: Request<RequestPasswordResetRequest>,
    ) -> Result<Response<()>, Status> {
        Ok(Response::new(self.request_reset(request).await?))
    }

    async fn reset_password(
        &self,
        request: Request<ResetPasswordRequest>,
    ) -> Result<Response<()>, Status> {
        Ok(Response::new(self.reset(request).await?))
    }

    async fn introspect_token(
        &self,
        request: Request<IntrospectTokenRequest>,
    ) -> Result<Response<IntrospectTokenResponse>, Status> {
        Ok(Response::new(self.introspect(request.into_inner()).await?))
    }
}

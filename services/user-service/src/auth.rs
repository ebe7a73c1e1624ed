//! Who calls, and whether they may: answered before a request is even decoded.

use std::sync::Arc;

use artisan_store::{Author, Role, SessionId, Store, UserId};
use http::HeaderMap;
use http::header::AUTHORIZATION;
use time::OffsetDateTime;
use tonic::Extensions;

use crate::access::Access;
use crate::core::Core;
use crate::error::Error;
use crate::layer::RequestId;
use crate::names::UserName;
use crate::token::TokenError;

/// A signed-in user, as the database knows them now.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Caller {
    pub(crate) user: UserId,
    pub(crate) is_admin: bool,
    /// The session that the token belongs to.
    pub(crate) session: SessionId,
    /// When the token expires, in seconds since 1970.
    pub(crate) expire: i64,
}

/// The proof that a call passed the table. Handlers get the user that a request names from it only.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Admission {
    access: Access,
    caller: Option<Caller>,
}

/// Checks credentials against the database.
#[derive(Clone, Debug)]
pub(crate) struct Authenticator(Arc<Core>);

impl Authenticator {
    pub(crate) fn new(core: Arc<Core>) -> Self {
        Self(core)
    }

    /// Applies the table's rule as far as it does not depend on the request's content.
    pub(crate) async fn admit(
        &self,
        access: Access,
        headers: &HeaderMap,
        now: OffsetDateTime,
    ) -> Result<Admission, Error> {
        let caller = match access {
            Access::Nobody => return Err(Error::Denied),
            Access::Public => None,
            Access::Anyone => match bearer(headers)? {
                Some(token) => Some(self.authenticate(token, now).await?),
                None => None,
            },
            Access::Myself | Access::SelfOrAdmin | Access::Admin => {
                let token = bearer(headers)?.ok_or(Error::CredentialsMissing)?;
                Some(self.authenticate(token, now).await?)
            }
        };
        let is_admin = caller.is_some_and(|caller| caller.is_admin);
        if access == Access::Admin && !is_admin {
            return Err(Error::Denied);
        }
        Ok(Admission { access, caller })
    }

    async fn authenticate(&self, token: &str, now: OffsetDateTime) -> Result<Caller, Error> {
        let claims = self.0.tokens.verify(token, now.unix_timestamp())?;
        // The token alone is not enough: its session may have been revoked since, its user locked,
        // and the roles in it are those of the time when it was issued.
        let found = self.0.store.find_caller(SessionId(claims.sid)).await?;
        let user = UserId(claims.sub);
        let live = found.filter(|caller| caller.session.user_id == user && caller.is_live(now));
        let caller = live.ok_or(Error::SessionEnded)?;
        let is_admin = caller.roles.contains(Role::Admin);
        Ok(Caller { user, is_admin, session: SessionId(claims.sid), expire: claims.exp })
    }
}

impl Core {
    /// The store, writing in the name of the call that is being handled.
    pub(crate) fn store_of(&self, extensions: &Extensions) -> Store {
        let caller = extensions.get::<Admission>().and_then(|admission| admission.caller);
        self.store_as(caller.map(|caller| caller.user), extensions)
    }

    /// The same for callers whom the handler, not the table, has found out.
    pub(crate) fn store_as(&self, user: Option<UserId>, extensions: &Extensions) -> Store {
        let request_id = extensions.get::<RequestId>().map(|id| id.as_str().to_owned());
        self.store.by(Author { user, request_id: request_id.unwrap_or_default() })
    }
}

impl Admission {
    /// The admission of the call that is being handled.
    pub(crate) fn in_force(extensions: &Extensions) -> Result<Self, Error> {
        extensions.get().copied().ok_or(Error::Denied)
    }

    /// Who calls, where the table lets nobody in without credentials.
    pub(crate) fn caller(self) -> Result<Caller, Error> {
        self.caller.ok_or(Error::CredentialsMissing)
    }

    /// Whether an administrator calls.
    pub(crate) fn is_admin(self) -> bool {
        self.caller.is_some_and(|caller| caller.is_admin)
    }

    /// Who calls, if anybody is signed in.
    pub(crate) fn user(self) -> Option<UserId> {
        self.caller.map(|caller| caller.user)
    }

    /// The user that a field of the request names, if the caller may reach them. Says nothing of
    /// whether they exist.
    pub(crate) fn reach(self, name: &str, field: &str) -> Result<UserId, Error> {
        let caller = self.caller()?;
        let name =
            UserName::parse(name, field).map_err(|violation| Error::Invalid(vec![violation]))?;
        let user = match name {
            UserName::Me => caller.user,
            UserName::Id(id) => UserId(id),
        };
        let may = match self.access {
            Access::Myself => user == caller.user,
            Access::SelfOrAdmin => user == caller.user || caller.is_admin,
            Access::Admin => caller.is_admin,
            Access::Public | Access::Anyone | Access::Nobody => false,
        };
        if may { Ok(user) } else { Err(Error::Denied) }
    }
}

/// The token of the one `authorization` header (RFC 6750, section 2.1).
fn bearer(headers: &HeaderMap) -> Result<Option<&str>, Error> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let Some(value) = values.next() else { return Ok(None) };
    let token = value.to_str().ok().and_then(|value| value.split_once(' '));
    match (token, values.next()) {
        (Some((scheme, token)), None) if scheme.eq_ignore_ascii_case("bearer") => {
            Ok(Some(token.trim()))
        }
        _ => Err(TokenError::Invalid.into()),
    }
}

//! Who calls, and whether they may: answered before a request is even decoded.

use std::sync::Arc;

use artisan_store::{Author, RecentWrites, Role, SessionId, Store, User, UserId};
use http::HeaderMap;
use http::header::AUTHORIZATION;
use time::OffsetDateTime;
use tonic::Extensions;
use uuid::Uuid;

use crate::access::{Access, Method, Rule};
use crate::client::FORWARDED_FOR;
use crate::core::Core;
use crate::error::Error;
use crate::layer::RequestId;
use crate::names::UserName;
use crate::server::Peer;
use crate::token::{Bearer, TokenError};

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

/// Another program, which acts for itself and for no user.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ServiceCaller {
    /// When its token expires, in seconds since 1970; a certificate is as good as its connection.
    pub(crate) expire: Option<i64>,
}

/// Who calls.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Principal {
    User(Caller),
    Service(ServiceCaller),
}

/// The proof that a call passed the table. Handlers get the user that a request names from it only.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Admission {
    access: Access,
    services: bool,
    principal: Option<Principal>,
    /// What the caller wrote lately, where there is a replica that must have it.
    writes: Option<RecentWrites>,
    /// The good token of a caller whom the handler finds together with what it reads.
    unsettled: Option<Named>,
}

/// Whom a good token names.
#[derive(Clone, Copy, Debug)]
struct Named {
    user: UserId,
    session: SessionId,
    expire: i64,
}

impl Admission {
    fn of(method: Method, principal: Option<Principal>) -> Self {
        let Rule { access, services, .. } = method.rule;
        Self { access, services, principal, writes: None, unsettled: None }
    }

    /// Denies those whom the table does not let in. Whom the handler finds out, it asks itself.
    fn settled(self) -> Result<Self, Error> {
        let may = match (self.principal, self.unsettled) {
            (Some(Principal::Service(_)), _) => self.services,
            (Some(Principal::User(caller)), _) => self.access != Access::Admin || caller.is_admin,
            (None, Some(_)) => self.access != Access::Admin,
            (None, None) => return Err(Error::CredentialsMissing),
        };
        if may { Ok(self) } else { Err(Error::Denied) }
    }
}

/// Checks credentials against the database.
#[derive(Clone, Debug)]
pub(crate) struct Authenticator {
    core: Arc<Core>,
    /// The names under which services are known, in their certificates and tokens.
    services: Arc<[String]>,
}

impl Authenticator {
    pub(crate) fn new(core: Arc<Core>, services: Arc<[String]>) -> Self {
        Self { core, services }
    }

    /// Applies the table's rule as far as it does not depend on the request's content.
    pub(crate) async fn admit(
        &self,
        method: Method,
        headers: &HeaderMap,
        peer: Option<&Peer>,
        now: OffsetDateTime,
    ) -> Result<Admission, Error> {
        let admission = match method.rule.access {
            Access::Nobody => return Err(Error::Denied),
            Access::Public => Admission::of(method, None),
            Access::Anyone => self.identify(method, headers, peer, now).await?,
            Access::Myself | Access::SelfOrAdmin | Access::Admin => {
                self.identify(method, headers, peer, now).await?.settled()?
            }
        };
        Ok(admission)
    }

    /// Who calls. A token decides alone: whoever forwards the call of somebody else, with a certificate
    /// of its own, lends them nothing.
    async fn identify(
        &self,
        method: Method,
        headers: &HeaderMap,
        peer: Option<&Peer>,
        now: OffsetDateTime,
    ) -> Result<Admission, Error> {
        if let Some(token) = bearer(headers)? {
            return self.authenticate(token, method, now).await;
        }
        let is_known = |name: &String| self.services.contains(name);
        let is_service = peer.is_some_and(|peer| peer.names.iter().any(is_known));
        // Only who forwards says for whom. A gateway should not be on the list; if it is, that gives
        // anonymous visitors nothing.
        let is_service = is_service && !headers.contains_key(FORWARDED_FOR);
        let service = Principal::Service(ServiceCaller { expire: None });
        Ok(Admission::of(method, is_service.then_some(service)))
    }

    async fn authenticate(
        &self,
        token: &str,
        method: Method,
        now: OffsetDateTime,
    ) -> Result<Admission, Error> {
        let claims = match self.core.tokens.verify(token, now.unix_timestamp())? {
            Bearer::User(claims) => claims,
            Bearer::Service(claims) if self.services.contains(&claims.sub) => {
                let service = ServiceCaller { expire: Some(claims.exp) };
                return Ok(Admission::of(method, Some(Principal::Service(service))));
            }
            Bearer::Service(_) => return Err(Error::ServiceUnknown),
        };
        let (user, session) = (UserId(claims.sub), SessionId(claims.sid));
        let named = Named { user, session, expire: claims.exp };
        let store = &self.core.store;
        if store.has_replica() {
            let found = store.find_caller_and_writes(session, user, now).await?;
            let (found, writes) = found.unzip();
            let caller = Principal::User(live(named, found, now)?);
            return Ok(Admission { writes, ..Admission::of(method, Some(caller)) });
        }
        if method.reads_caller {
            return Ok(Admission { unsettled: Some(named), ..Admission::of(method, None) });
        }
        let found = store.find_caller(session).await?;
        Ok(Admission::of(method, Some(Principal::User(live(named, found, now)?))))
    }
}

/// The token alone is not enough: its session may have been revoked since, its user locked, and the
/// roles in it are those of the time when it was issued.
fn live(
    named: Named,
    found: Option<artisan_store::Caller>,
    now: OffsetDateTime,
) -> Result<Caller, Error> {
    let Named { user, session, expire } = named;
    let live = found.filter(|caller| caller.session.user_id == user && caller.is_live(now));
    let caller = live.ok_or(Error::SessionEnded)?;
    let is_admin = caller.roles.contains(Role::Admin);
    Ok(Caller { user, is_admin, session, expire })
}

impl Core {
    /// The store, writing in the name of the call that is being handled.
    pub(crate) fn store_of(&self, extensions: &Extensions) -> Store {
        let user = extensions.get::<Admission>().and_then(|admission| admission.user());
        self.store_as(user, extensions)
    }

    /// The same for callers whom the handler, not the table, has found out.
    pub(crate) fn store_as(&self, user: Option<UserId>, extensions: &Extensions) -> Store {
        let request_id = extensions.get::<RequestId>().map(|id| id.as_str().to_owned());
        self.store.by(Author { user, request_id: request_id.unwrap_or_default() })
    }

    /// The store for reads that decide nothing: from the replica, if there is one that has what the
    /// caller wrote.
    pub(crate) fn store_for_reading(&self, admission: Admission) -> Store {
        match admission.writes {
            Some(writes) => self.store.after(writes),
            None => self.store.clone(),
        }
    }

    /// The user whom a request names, if the caller may reach them and they exist.
    pub(crate) async fn reach_user(
        &self,
        admission: Admission,
        name: &str,
        field: &str,
    ) -> Result<User, Error> {
        let (admission, found) = match admission.unsettled {
            None => {
                let id = admission.reach(name, field)?;
                (admission, self.store_for_reading(admission).find_user(id).await?)
            }
            Some(named) => {
                // Whether the name is good is told to those only who may know.
                let id = match UserName::parse(name, field) {
                    Ok(UserName::Me) => named.user,
                    Ok(UserName::Id(id)) => UserId(id),
                    Err(_) => UserId(Uuid::nil()),
                };
                let found = self.store.find_caller_and_user(named.session, id).await?;
                let (caller, user) = found.unzip();
                let caller = live(named, caller, self.sources.now())?;
                let principal = Some(Principal::User(caller));
                (Admission { principal, unsettled: None, ..admission }, user.flatten())
            }
        };
        admission.reach(name, field)?;
        found.ok_or(Error::UserNotFound)
    }
}

impl Admission {
    /// The admission of the call that is being handled.
    pub(crate) fn in_force(extensions: &Extensions) -> Result<Self, Error> {
        extensions.get().copied().ok_or(Error::Denied)
    }

    /// Who calls, where the table lets nobody in without credentials.
    pub(crate) fn principal(self) -> Result<Principal, Error> {
        self.principal.ok_or(Error::CredentialsMissing)
    }

    /// The signed-in user, where the table lets nobody else in.
    pub(crate) fn caller(self) -> Result<Caller, Error> {
        match self.principal()? {
            Principal::User(caller) => Ok(caller),
            Principal::Service(_) => Err(Error::Denied),
        }
    }

    /// Whether an administrator calls.
    pub(crate) fn is_admin(self) -> bool {
        self.caller().is_ok_and(|caller| caller.is_admin)
    }

    /// Who calls, if anybody is signed in.
    pub(crate) fn user(self) -> Option<UserId> {
        self.caller().ok().map(|caller| caller.user)
    }

    /// The user that a field of the request names, if the caller may reach them. Says nothing of
    /// whether they exist.
    pub(crate) fn reach(self, name: &str, field: &str) -> Result<UserId, Error> {
        let principal = self.principal()?;
        let name =
            UserName::parse(name, field).map_err(|violation| Error::Invalid(vec![violation]))?;
        let caller = match (principal, name) {
            (Principal::User(caller), _) => caller,
            (Principal::Service(_), UserName::Id(id)) if self.services => return Ok(UserId(id)),
            // A service is no user: it has no `me`.
            (Principal::Service(_), _) => return Err(Error::Denied),
        };
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

//! Requests that carry an id of the caller's (AIP-155): repeated, they get the same answer.

use artisan_proto::artisan::user::v1::{CreateUserRequest, UpdateUserRequest, User as ProtoUser};
use artisan_store::{Once, Repeated, User};
use hmac::{Hmac, KeyInit as _, Mac as _};
use prost::Message;
use sha2::{Digest as _, Sha256};
use time::{Duration, OffsetDateTime};
use zeroize::Zeroizing;

use crate::auth::Admission;
use crate::convert::user_to_proto;
use crate::error::Error;
use crate::names::parse_uuid;

/// How long a repetition is recognised.
const KEPT: Duration = Duration::hours(24);

/// Recognises requests.
pub(crate) struct RequestIds {
    secret: Zeroizing<[u8; 32]>,
}

/// A request with an id.
#[derive(Clone, Copy)]
pub(crate) struct RequestId {
    key_hash: [u8; 32],
    fingerprint: [u8; 32],
}

/// A message with an id that is not part of what it asks for.
pub(crate) trait Repeatable: Message + Clone {
    fn request_id(&self) -> &str;
    fn clear_request_id(&mut self);
}

macro_rules! repeatable {
    ($($message:ty),+) => {$(
        impl Repeatable for $message {
            fn request_id(&self) -> &str {
                &self.request_id
            }

            fn clear_request_id(&mut self) {
                self.request_id.clear();
            }
        }
    )+};
}
repeatable!(CreateUserRequest, UpdateUserRequest);

impl RequestIds {
    pub(crate) fn new(secret: Zeroizing<[u8; 32]>) -> Self {
        Self { secret }
    }

    /// The id of a request; each caller and each method has ids of its own.
    pub(crate) fn read<T: Repeatable>(
        &self,
        admission: Admission,
        method: &str,
        request: &T,
    ) -> Result<Option<RequestId>, Error> {
        if request.request_id().is_empty() {
            return Ok(None);
        }
        let id = parse_uuid(request.request_id()).filter(|id| !id.is_nil());
        let id = id.ok_or_else(|| Error::field("request_id", "must be a UUID other than nil"))?;
        let caller = admission.user();
        // Whoever is nobody is not the user whose id is nil.
        let mut key = Sha256::new_with_prefix([u8::from(caller.is_some())]);
        key.update(caller.map(|user| user.0.into_bytes()).unwrap_or_default());
        key.update(id.as_bytes());
        key.update(method.as_bytes());
        let mut payload = request.clone();
        payload.clear_request_id();
        // It may hold a password: keyed, so that a copy of the database is of no use to guess it.
        let mut mac = Hmac::<Sha256>::new_from_slice(self.secret.as_slice())
            .map_err(|error| Error::Internal(error.to_string().into()))?;
        mac.update(&Zeroizing::new(payload.encode_to_vec()));
        let fingerprint = mac.finalize().into_bytes().into();
        Ok(Some(RequestId { key_hash: key.finalize().into(), fingerprint }))
    }
}

impl RequestId {
    /// The write that shall happen once.
    pub(crate) fn once(self, now: OffsetDateTime) -> Once<'static> {
        let Self { key_hash, fingerprint } = self;
        Once { key_hash, fingerprint, answer: &encoded, now, expire_time: now + KEPT }
    }
}

fn encoded(user: &User) -> Vec<u8> {
    user_to_proto(user).encode_to_vec()
}

/// The answer that was given before, or that it was given to another request.
pub(crate) fn answer_again(repeated: Repeated) -> Result<ProtoUser, Error> {
    match repeated {
        Repeated::Same(answer) => {
            ProtoUser::decode(answer.as_slice()).map_err(|error| Error::Internal(error.into()))
        }
        Repeated::Other => Err(Error::RequestIdReused),
    }
}

impl std::fmt::Debug for RequestIds {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RequestIds").finish_non_exhaustive()
    }
}

use std::time::{Duration, Instant};

use artisan_proto::artisan::user::v1::batch_create_users_request::Item;
use artisan_proto::artisan::user::v1::batch_create_users_response::{Result as ItemResult, result};
use artisan_proto::artisan::user::v1::{
    BatchCreateUsersRequest, BatchCreateUsersResponse, CreateUserRequest,
};
use artisan_proto::google::rpc;
use artisan_store::{NewUser, Taken};
use prost::Message as _;
use tonic::{Request, Status};
use tonic_types::{FieldViolation, StatusExt as _};
use zeroize::Zeroizing;

use super::Users;
use super::create::Secret;
use crate::convert::user_to_proto;
use crate::error::{Error, Violation};
use crate::hash::Foreign;
use crate::layer::Deadline;

/// How many users one batch may have (AIP-233).
const MAX_ITEMS: usize = 1000;
/// What is kept of the caller's time for writing when passwords are hashed.
const TO_WRITE: Duration = Duration::from_secs(2);

impl Users {
    /// Imports users: each of them whole, or for a reason of its own not at all; all that can be are
    /// written in one transaction.
    pub(super) async fn create_batch(
        &self,
        request: Request<BatchCreateUsersRequest>,
    ) -> Result<BatchCreateUsersResponse, Error> {
        let deadline = Deadline::in_force(request.extensions());
        let store = self.0.store_of(request.extensions());
        let items = request.into_inner().requests;
        if items.is_empty() {
            return Err(Error::field("requests", "is required"));
        }
        if items.len() > MAX_ITEMS {
            return Err(Error::field("requests", "must not have more than 1000 users"));
        }
        let mut results: Vec<Option<result::Result>> = Vec::with_capacity(items.len());
        let (mut users, mut places) = (Vec::new(), Vec::new());
        for (place, item) in items.into_iter().enumerate() {
            match self.prepare(item, deadline).await {
                Ok(new) => {
                    users.push(new);
                    places.push(place);
                    results.push(None);
                }
                Err(error) => results.push(Some(refused(error, place))),
            }
        }
        let created = store.create_users(&users).await?;
        let count = created.iter().filter(|created| created.is_ok()).count();
        for (place, created) in places.into_iter().zip(created) {
            let result = match created {
                Ok(user) => result::Result::User(user_to_proto(&user)),
                Err(Taken::Id) => refused(Error::UserIdTaken, place),
                Err(Taken::Email) => refused(Error::EmailTaken, place),
            };
            if let Some(slot) = results.get_mut(place) {
                *slot = Some(result);
            }
        }
        tracing::info!(users.created = count, "users imported");
        let results = results.into_iter().map(|result| ItemResult { result }).collect();
        Ok(BatchCreateUsersResponse { results })
    }

    /// A user to write, with a hash: the one that was given, or that of the password.
    async fn prepare(&self, item: Item, deadline: Option<Instant>) -> Result<NewUser, Error> {
        let Item { user, user_id, password_hash } = item;
        let given = Zeroizing::new(password_hash);
        let has_password = user.as_ref().is_some_and(|user| !user.password.is_empty());
        let secret = if has_password { Secret::Password } else { Secret::Elsewhere };
        let request = CreateUserRequest { user, user_id, ..CreateUserRequest::default() };
        let mut violations = Vec::new();
        if !given.is_empty() {
            if has_password {
                violations.push(Violation::new("password_hash", "excludes user.password"));
            } else if let Err(problem) = Foreign::parse(&given) {
                violations.push(Violation::new("password_hash", problem));
            }
        }
        let parsed = self.parse_new(request, secret);
        let (mut new, password) = match parsed {
            Ok(parsed) if violations.is_empty() => parsed,
            Ok(_) => return Err(Error::Invalid(violations)),
            Err(Error::Invalid(found)) => {
                return Err(Error::Invalid(found.into_iter().chain(violations).collect()));
            }
            Err(error) => return Err(error),
        };
        new.password_hash = match password {
            Some(password) => {
                let password = Zeroizing::new(password.expose().to_owned());
                let deadline = deadline.and_then(|deadline| deadline.checked_sub(TO_WRITE));
                self.0.hashing.hash(password, deadline).await?
            }
            None => given.as_str().to_owned(),
        };
        Ok(new)
    }
}

/// The result of an item that cannot be created; fields are named from the request on.
fn refused(error: Error, place: usize) -> result::Result {
    let status = Status::from(error);
    let mut details = status.get_error_details();
    if let Some(found) = details.bad_request() {
        let named = found.field_violations.iter().map(|violation| {
            let field = format!("requests[{place}].{}", violation.field);
            FieldViolation::new(field, violation.description.clone())
        });
        details.set_bad_request(named.collect::<Vec<_>>());
    }
    let status = Status::with_error_details(status.code(), status.message(), details);
    // The details of a gRPC status are the whole of google.rpc.Status.
    let encoded = rpc::Status::decode(status.details()).unwrap_or_else(|_| rpc::Status {
        code: status.code().into(),
        message: status.message().to_owned(),
        details: Vec::new(),
    });
    result::Result::Error(encoded)
}

use std::collections::HashMap;

use artisan_proto::artisan::user::v1::{BatchGetUsersRequest, BatchGetUsersResponse};
use artisan_store::UserId;
use tonic::Request;

use super::Users;
use crate::auth::Admission;
use crate::convert::user_to_proto;
use crate::error::{Error, Violation};
use crate::names::user_name;

/// How many names a request may have; AIP-231 wants a limit and leaves it to the service.
const MAX: usize = 1000;
/// How many wrong or missing names an answer tells: headers hold it.
const TOLD: usize = 20;

impl Users {
    /// All of the users in the order of their names, or none (AIP-231); a name may stand twice.
    pub(super) async fn batch_get(
        &self,
        request: Request<BatchGetUsersRequest>,
    ) -> Result<BatchGetUsersResponse, Error> {
        let admission = Admission::in_force(request.extensions())?;
        let names = request.into_inner().names;
        if names.is_empty() || names.len() > MAX {
            return Err(Error::field("names", format!("must be 1 to {MAX} names")));
        }
        let ids = parse(admission, &names)?;
        let found = self.0.store_for_reading(admission).find_users(&ids).await?;
        let found: HashMap<UserId, _> = found.iter().map(|user| (user.id, user)).collect();
        let mut missing: Vec<String> = Vec::new();
        let mut users = Vec::with_capacity(ids.len());
        for id in ids {
            match found.get(&id) {
                Some(user) => users.push(user_to_proto(user)),
                None if missing.len() < TOLD => missing.push(user_name(id.0)),
                None => {}
            }
        }
        missing.dedup();
        if missing.is_empty() {
            Ok(BatchGetUsersResponse { users })
        } else {
            Err(Error::UsersNotFound(missing))
        }
    }
}

fn parse(admission: Admission, names: &[String]) -> Result<Vec<UserId>, Error> {
    let mut ids = Vec::with_capacity(names.len());
    let mut violations: Vec<Violation> = Vec::new();
    for (at, name) in names.iter().enumerate() {
        match admission.reach(name, &format!("names[{at}]")) {
            Ok(id) => ids.push(id),
            Err(Error::Invalid(found)) if violations.len() < TOLD => violations.extend(found),
            Err(Error::Invalid(_)) => {}
            Err(error) => return Err(error),
        }
    }
    if violations.is_empty() { Ok(ids) } else { Err(Error::Invalid(violations)) }
}

//! What administrators decide about an account.

use artisan_proto::artisan::user::v1::user::Role as ProtoRole;
use artisan_proto::artisan::user::v1::{
    self as proto, ActivateUserRequest, DeactivateUserRequest, SetUserRolesRequest,
    UndeleteUserRequest,
};
use artisan_store::{AccountChange, ChangeAccount, ChangeAccountError, Role, Roles};
use tonic::{Extensions, Request};

use super::Users;
use crate::auth::Admission;
use crate::convert::{expected_revision, user_to_proto};
use crate::error::{Error, Violation};

impl Users {
    /// Restores a deleted user as it was (AIP-164).
    pub(super) async fn undelete(
        &self,
        request: Request<UndeleteUserRequest>,
    ) -> Result<proto::User, Error> {
        let (_, extensions, UndeleteUserRequest { name, etag }) = request.into_parts();
        self.change(&extensions, &name, &etag, AccountChange::Undelete).await
    }

    /// Lets a user sign in; one who may already is answered as they are (AIP-216 leaves that open: a
    /// client that lost the answer can ask again).
    pub(super) async fn activate(
        &self,
        request: Request<ActivateUserRequest>,
    ) -> Result<proto::User, Error> {
        let (_, extensions, request) = request.into_parts();
        self.change(&extensions, &request.name, "", AccountChange::Activate).await
    }

    /// Locks a user and revokes the sessions; one who is locked already is answered as they are.
    pub(super) async fn deactivate(
        &self,
        request: Request<DeactivateUserRequest>,
    ) -> Result<proto::User, Error> {
        let (_, extensions, request) = request.into_parts();
        self.change(&extensions, &request.name, "", AccountChange::Deactivate).await
    }

    /// Gives a user exactly these roles and revokes the sessions; with the same roles nothing
    /// happens.
    pub(super) async fn set_roles(
        &self,
        request: Request<SetUserRolesRequest>,
    ) -> Result<proto::User, Error> {
        let (_, extensions, SetUserRolesRequest { name, roles }) = request.into_parts();
        Admission::in_force(&extensions)?.reach(&name, "name")?;
        let roles = parse_roles(&roles).map_err(Error::Invalid)?;
        self.change(&extensions, &name, "", AccountChange::SetRoles(roles)).await
    }

    async fn change(
        &self,
        extensions: &Extensions,
        name: &str,
        etag: &str,
        change: AccountChange,
    ) -> Result<proto::User, Error> {
        let id = Admission::in_force(extensions)?.reach(name, "name")?;
        let (expected, time) = (expected_revision(etag), self.0.sources.now());
        let change = ChangeAccount { id, expected, change, time };
        let changed = self.0.store_of(extensions).change_account(&change).await;
        let user = changed.map_err(|error| match error {
            ChangeAccountError::NotFound => Error::UserNotFound,
            ChangeAccountError::Deleted => Error::UserDeleted,
            ChangeAccountError::NotDeleted => Error::UserNotDeleted,
            ChangeAccountError::PurgeDue => Error::PurgeDue,
            ChangeAccountError::Stale => Error::EtagMismatch,
            ChangeAccountError::LastAdmin => Error::LastAdmin,
            ChangeAccountError::Store(error) => error.into(),
        })?;
        tracing::info!(user.id = %id.0, "account changed by an administrator");
        Ok(user_to_proto(&user))
    }
}

/// A role that is named twice is given once.
fn parse_roles(numbers: &[i32]) -> Result<Roles, Vec<Violation>> {
    let mut violations = Vec::new();
    let parse = |(at, number): (usize, &i32)| match ProtoRole::try_from(*number) {
        Ok(ProtoRole::Admin) => Some(Role::Admin),
        Ok(ProtoRole::Unspecified) | Err(_) => {
            violations.push(Violation::new(format!("roles[{at}]"), "must be ADMIN"));
            None
        }
    };
    let roles = numbers.iter().enumerate().filter_map(parse).collect();
    if violations.is_empty() { Ok(roles) } else { Err(violations) }
}

use artisan_proto::artisan::user::v1::{self as proto, CreateUserRequest};
use artisan_store::{
    ArtisanState, Checker, CreateUserError, Done, Email, NewUser, Password, Profile, Revision,
    Roles, User, UserId, UserState,
};
use tonic::Request;
use zeroize::Zeroizing;

use super::Users;
use crate::auth::Admission;
use crate::convert::{take_address, take_profile, user_to_proto};
use crate::error::Error;
use crate::layer::Deadline;
use crate::names::parse_uuid;
use crate::requests::answer_again;

/// Where the secret of a new user comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Secret {
    /// The password stands in the request, and is checked.
    Password,
    /// There is a hash, or none yet.
    Elsewhere,
}

impl Users {
    /// Registers a user, who is active at once.
    pub(super) async fn create(
        &self,
        request: Request<CreateUserRequest>,
    ) -> Result<proto::User, Error> {
        let admission = Admission::in_force(request.extensions())?;
        let deadline = Deadline::in_force(request.extensions());
        let store = self.0.store_of(request.extensions());
        let request = request.into_inner();
        let validate_only = request.validate_only;
        let id = self.0.requests.read(admission, "CreateUser", &request)?;
        let (mut new, password) = self.parse_new(request, Secret::Password)?;
        if !admission.is_admin() && !is_open(&new) {
            return Err(Error::FieldDenied("user.artisan.state"));
        }
        if validate_only {
            return self.preview(new).await;
        }
        let once = id.map(|id| id.once(new.create_time));
        if let Some(once) = &once
            && let Some(repeated) = self.0.store.find_request(once).await?
        {
            return answer_again(repeated);
        }
        let password = password.ok_or_else(|| Error::field("user.password", "is required"))?;
        let password = Zeroizing::new(password.expose().to_owned());
        new.password_hash = self.0.hashing.hash(password, deadline).await?;
        let verification =
            self.0.mail.as_ref().map(|mails| mails.verification(&self.0.sources)).transpose()?;
        let created = match (&verification, &once) {
            (Some(mail), Some(once)) => store.register_user_once(&new, mail, once).await,
            (Some(mail), None) => store.register_user(&new, mail).await.map(Done::Now),
            (None, Some(once)) => store.create_user_once(&new, once).await,
            (None, None) => store.create_user(&new).await.map(Done::Now),
        };
        let user = match created.map_err(create_error)? {
            Done::Now(user) => user,
            Done::Before(repeated) => return answer_again(repeated),
        };
        self.0.wake_mails();
        tracing::info!(user.id = %user.id.0, "user created");
        Ok(user_to_proto(&user))
    }

    /// Everything that is wrong is found at once. The hash is still empty.
    pub(super) fn parse_new(
        &self,
        request: CreateUserRequest,
        secret: Secret,
    ) -> Result<(NewUser, Option<Password>), Error> {
        let mut checker = Checker::new();
        let has_given_id = !request.user_id.is_empty();
        let id = match request.user_id.as_str() {
            "" => Some(self.0.sources.next_id()),
            text => parse_uuid(text),
        };
        if id.is_none() {
            checker.add("user_id", "must be a UUID");
        }
        let user = request.user.unwrap_or_default();
        let given = Zeroizing::new(user.password);
        let email = checker.take("user.email", Email::parse(&user.email));
        let password = (secret == Secret::Password)
            .then(|| checker.take("user.password", Password::parse(&given)));
        let profile = take_profile(&mut checker, user.profile.as_ref());
        let address = user.address.as_ref();
        let address = address.map(|address| take_address(&mut checker, address));
        let ((id, email), profile) = checker.finish(id.zip(email).zip(profile))?;
        let new = NewUser {
            id: UserId(id),
            has_given_id,
            email,
            email_verified: false,
            state: UserState::Active,
            profile: Some(profile),
            address: address.flatten(),
            roles: Roles::none(),
            password_hash: String::new(),
            create_time: self.0.sources.now(),
        };
        Ok((new, password.flatten()))
    }

    /// The user that would be made, if nothing stands against it now (AIP-163).
    async fn preview(&self, new: NewUser) -> Result<proto::User, Error> {
        if new.has_given_id && !self.0.store.is_id_free(new.id).await? {
            return Err(Error::UserIdTaken);
        }
        if self.0.store.find_user_by_email(&new.email).await?.is_some() {
            return Err(Error::EmailTaken);
        }
        let user = User {
            id: new.id,
            email: new.email,
            email_verified: new.email_verified,
            state: new.state,
            profile: new.profile,
            address: new.address,
            roles: new.roles,
            revision: Revision(0),
            create_time: new.create_time,
            update_time: new.create_time,
            delete_time: None,
            purge_time: None,
        };
        // Nothing was made: there is no resource to name, nor a version that an etag could stand for.
        let (name, uid, etag) = (String::new(), String::new(), String::new());
        Ok(proto::User { name, uid, etag, ..user_to_proto(&user) })
    }
}

fn create_error(error: CreateUserError) -> Error {
    match error {
        CreateUserError::IdTaken => Error::UserIdTaken,
        CreateUserError::EmailTaken => Error::EmailTaken,
        CreateUserError::Store(error) => error.into(),
    }
}

/// Whether the shop, if it is one, is as everybody may register it.
fn is_open(new: &NewUser) -> bool {
    match &new.profile {
        Some(Profile::Artisan(artisan)) => artisan.state == ArtisanState::Active,
        Some(Profile::Buyer(_)) | None => true,
    }
}

//! The first administrator.

use artisan_runtime::secret::Secret;
use artisan_store::{
    CreateUserError, Email, EnsuredAdmin, Invalid, NewUser, Password, ReplacePasswordError, Role,
    Roles, UserId, UserState,
};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::config::BootstrapAdmin;
use crate::core::Core;

/// What is logged and shown to operators only.
type Cause = Box<dyn std::error::Error + Send + Sync>;

/// What became of a wish for a first administrator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bootstrapped {
    /// There was none; now there is.
    Created,
    /// There is one already; nothing was done.
    Exists,
}

/// An active administrator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundAdmin {
    /// Whom to sign in as.
    pub email: String,
    /// Whether the password that was asked about is theirs.
    pub has_password: bool,
}

/// Why there is no first administrator.
#[derive(Debug, Error)]
pub enum BootstrapError {
    /// The address or the password breaks the rules that hold for everybody.
    #[error(
        "the first administrator's e-mail address or password is not acceptable: {0}; set others in \
         BOOTSTRAP_ADMIN_EMAIL and BOOTSTRAP_ADMIN_PASSWORD"
    )]
    Invalid(String),
    /// The address belongs to somebody who is no administrator: take another.
    #[error(
        "there is no active administrator, and the address of the first one belongs to another account; set \
         another address in BOOTSTRAP_ADMIN_EMAIL, and a password in BOOTSTRAP_ADMIN_PASSWORD"
    )]
    EmailTaken,
    /// The database does not answer: try again.
    #[error("the database does not answer")]
    Unavailable(#[source] Cause),
}

/// Why an administrator has no new password.
#[derive(Debug, Error)]
pub enum ResetAdminError {
    /// The password breaks the rules that hold for everybody.
    #[error("the new password is not acceptable: {0}")]
    Invalid(String),
    /// There is nobody whose password could be replaced: make an administrator.
    #[error(
        "there is no active administrator; set BOOTSTRAP_ADMIN_EMAIL and BOOTSTRAP_ADMIN_PASSWORD, and start \
         again, which makes one"
    )]
    NoAdmin,
    /// The database does not answer: try again.
    #[error("the database does not answer")]
    Unavailable(#[source] Cause),
}

/// Makes an administrator, only while no active one exists; right with several replicas at once.
pub(crate) async fn ensure_admin(
    core: &Core,
    admin: &BootstrapAdmin,
) -> Result<Bootstrapped, BootstrapError> {
    let active = core.store.count_active_admins().await;
    // Hashing is dear: it is only done when it will be needed.
    if active.map_err(|error| unavailable(error.into()))? > 0 {
        return Ok(Bootstrapped::Exists);
    }
    let (email, password) = parse(admin)?;
    let password = Zeroizing::new(password.expose().to_owned());
    let hash = core.hashing.hash(password, None).await;
    let new = NewUser {
        id: UserId(core.sources.next_id()),
        has_given_id: false,
        email,
        email_verified: false,
        state: UserState::Active,
        profile: None,
        address: None,
        roles: Roles::from_iter([Role::Admin]),
        password_hash: hash.map_err(|error| unavailable(error.into()))?,
        create_time: core.sources.now(),
    };
    match core.store.ensure_admin(&new).await {
        Ok(EnsuredAdmin::Created(user)) => {
            tracing::info!(user.id = %user.id.0, "the first administrator was created");
            Ok(Bootstrapped::Created)
        }
        Ok(EnsuredAdmin::Exists) => Ok(Bootstrapped::Exists),
        Err(CreateUserError::EmailTaken) => Err(BootstrapError::EmailTaken),
        Err(CreateUserError::IdTaken) => Err(unavailable("a new id was taken".into())),
        Err(CreateUserError::Store(error)) => Err(unavailable(error.into())),
    }
}

/// The oldest active administrator, and whether this is their password.
pub(crate) async fn find_admin(
    core: &Core,
    password: Option<&Secret>,
) -> Result<Option<FoundAdmin>, BootstrapError> {
    let found = core.store.find_admin().await.map_err(|error| unavailable(error.into()))?;
    let Some(admin) = found else { return Ok(None) };
    let hash = core.store.find_password_hash(admin.id).await;
    let hash = hash.map_err(|error| unavailable(error.into()))?;
    let mut has_password = false;
    if let (Some(password), Some(hash)) = (password, hash) {
        let password = Zeroizing::new(password.expose().to_owned());
        let verdict = core.hashing.verify(password, Some(hash), None).await;
        has_password = verdict.map_err(|error| unavailable(error.into()))?.is_right;
    }
    Ok(Some(FoundAdmin { email: admin.email.as_str().to_owned(), has_password }))
}

/// Gives the oldest active administrator a new password and revokes their sessions; tells their
/// e-mail address.
pub(crate) async fn reset_admin(core: &Core, password: &Secret) -> Result<String, ResetAdminError> {
    let unavailable = ResetAdminError::Unavailable;
    let password = Password::parse(password.expose())
        .map_err(|error| ResetAdminError::Invalid(explain(&error)))?;
    let found = core.store.find_admin().await.map_err(|error| unavailable(error.into()))?;
    let admin = found.ok_or(ResetAdminError::NoAdmin)?;
    let password = Zeroizing::new(password.expose().to_owned());
    let hash = core.hashing.hash(password, None).await;
    let hash = hash.map_err(|error| unavailable(error.into()))?;
    match core.store.replace_password(admin.id, &hash, core.sources.now()).await {
        Ok(()) => Ok(admin.email.as_str().to_owned()),
        Err(ReplacePasswordError::NotFound) => Err(ResetAdminError::NoAdmin),
        Err(ReplacePasswordError::Store(error)) => Err(unavailable(error.into())),
    }
}

fn parse(admin: &BootstrapAdmin) -> Result<(Email, Password), BootstrapError> {
    let invalid = |error: Invalid| BootstrapError::Invalid(explain(&error));
    let email = Email::parse(&admin.email).map_err(invalid)?;
    let password = Password::parse(admin.password.expose()).map_err(invalid)?;
    Ok((email, password))
}

/// The broken rules in one line; never the value.
pub(crate) fn explain(invalid: &Invalid) -> String {
    let problems = invalid.violations().iter().map(|violation| violation.description.as_str());
    problems.collect::<Vec<_>>().join("; ")
}

fn unavailable(error: Cause) -> BootstrapError {
    BootstrapError::Unavailable(error)
}

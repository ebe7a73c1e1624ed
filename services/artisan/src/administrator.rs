//! The first administrator, who is made where nobody else names one.

use std::io;
use std::path::{Path, PathBuf};

use artisan_runtime::secret::Secret;
use artisan_user_service::config::BootstrapAdmin;
use artisan_user_service::{App, BootstrapError, Bootstrapped, FoundAdmin, ResetAdminError};
use zeroize::Zeroizing;

use crate::password;
use crate::place::Place;
use crate::private_file;

/// Whom to sign in as, unless `BOOTSTRAP_ADMIN_EMAIL` says otherwise.
pub(crate) const EMAIL: &str = "admin@artisan.localhost";

/// Whom to sign in as, and with what.
#[derive(Debug)]
pub(crate) struct Administrator {
    /// Whom to sign in as.
    pub email: String,
    /// Where the password of an administrator that this program made lies.
    pub file: PathBuf,
    /// Whether the account still has the password in the file.
    pub is_in_file: bool,
    /// The password, where this start made it.
    pub password: Option<Zeroizing<String>>,
}

/// Why there is no administrator with a known password.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// The system gives no randomness.
    #[error("the system gives no randomness")]
    Randomness(#[from] getrandom::Error),
    /// The password cannot be written.
    #[error("{} cannot be written; make its folder writable for this user", path.display())]
    File {
        /// Where it should lie.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// There is something else in the place of the password's file.
    #[error("{} is a folder, where the password's file has to be; move it away", path.display())]
    Folder {
        /// Where the file should lie.
        path: PathBuf,
    },
    /// The account has the password, and the file is not in its place.
    #[error(
        "{email} has a new password, which lies in {} and could not be moved to {}; move it there",
        from.display(), to.display()
    )]
    NotInPlace {
        /// Whose it is.
        email: String,
        /// Where it lies.
        from: PathBuf,
        /// Where it should lie.
        to: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The user service could not make one.
    #[error(transparent)]
    Bootstrap(#[from] BootstrapError),
    /// There is nobody to give a new password to.
    #[error(transparent)]
    Reset(#[from] ResetAdminError),
}

impl Error {
    fn of_file(path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::IsADirectory => Self::Folder { path },
            _ => Self::File { path, source },
        }
    }

    fn not_in_place(email: &str, to: &Path, (from, source): (PathBuf, io::Error)) -> Self {
        Self::NotInPlace { email: email.to_owned(), from, to: to.to_owned(), source }
    }
}

/// Makes the administrator that the environment names, or one of our own with a password in a file;
/// only while there is none. `None` when the environment names one.
pub(crate) async fn ensure(
    app: &App,
    named: Option<&BootstrapAdmin>,
    place: &Place,
) -> Result<Option<Administrator>, Error> {
    if let Some(admin) = named {
        app.bootstrap_admin(admin).await?;
        return Ok(None);
    }
    let path = place.admin_password();
    let password = password::generate()?;
    let secret = Secret::new(password.to_string());
    let admin = BootstrapAdmin { email: EMAIL.to_owned(), password: secret };
    // Written before the account is made: a crash in between must not lose the password.
    let failed = |source| Error::of_file(&path, source);
    let staged = private_file::stage(&path, &format!("{}\n", *password)).map_err(failed)?;
    match app.bootstrap_admin(&admin).await {
        Ok(Bootstrapped::Created) => {
            let email = EMAIL.to_owned();
            staged.commit_or_keep().map_err(|kept| Error::not_in_place(&email, &path, kept))?;
            let password = Some(password);
            Ok(Some(Administrator { email, file: path, is_in_file: true, password }))
        }
        Ok(Bootstrapped::Exists) => {
            staged.discard().map_err(failed)?;
            find(app, path).await
        }
        Err(error) => {
            staged.discard().map_err(failed)?;
            Err(error.into())
        }
    }
}

impl Administrator {
    /// The address for the banner: that of a person is for a terminal, since a pipe may end in a log.
    pub(crate) fn shown_email(&self, on_terminal: bool) -> &str {
        if on_terminal || self.email == EMAIL { &self.email } else { "an address of its own" }
    }
}

/// The administrator that there is; the password may have been changed since the file was written.
async fn find(app: &App, file: PathBuf) -> Result<Option<Administrator>, Error> {
    let text = private_file::find(&file).ok().flatten().map(Zeroizing::new);
    let password = text.map(|text| Secret::new(text.trim().to_owned()));
    let found = app.find_admin(password.as_ref()).await?;
    Ok(found.map(|admin| {
        let FoundAdmin { email, has_password } = admin;
        Administrator { email, file, is_in_file: has_password, password: None }
    }))
}

/// Gives the oldest active administrator a new password, which lies in the file afterwards.
pub(crate) async fn reset(app: &App, place: &Place) -> Result<Administrator, Error> {
    let path = place.admin_password();
    let password = password::generate()?;
    let failed = |source| Error::of_file(&path, source);
    let staged = private_file::stage(&path, &format!("{}\n", *password)).map_err(failed)?;
    match app.reset_admin(&Secret::new(password.to_string())).await {
        Ok(email) => {
            staged.commit_or_keep().map_err(|kept| Error::not_in_place(&email, &path, kept))?;
            Ok(Administrator { email, file: path, is_in_file: true, password: Some(password) })
        }
        Err(error) => {
            staged.discard().map_err(failed)?;
            Err(error.into())
        }
    }
}

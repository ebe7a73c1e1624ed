//! The user service by itself, its administrator, and what only an administrator may do.

use std::path::Path;

use artisan_proto::artisan::user::v1::batch_create_users_request::Item;
use artisan_proto::artisan::user::v1::batch_create_users_response::result::Result as Created;
use artisan_proto::artisan::user::v1::user_service_client::UserServiceClient;
use artisan_proto::artisan::user::v1::{BatchCreateUsersRequest, User};
use tokio::process::Command;
use tonic::Request;
use tonic::transport::Channel;

use crate::account::{SignedIn, example, sign_in, signing_key};
use crate::failure::Failure;
use crate::load::grpc::{bearer, connect};
use crate::process::{Process, free_port};
use crate::stack::program;

const EMAIL: &str = "root@example.com";
const PASSWORD: &str = "Root-password-1";
/// What a program takes to make this administrator.
pub(crate) const BOOTSTRAP: [(&str, &str); 2] =
    [("BOOTSTRAP_ADMIN_EMAIL", EMAIL), ("BOOTSTRAP_ADMIN_PASSWORD", PASSWORD)];
/// How many users are imported with one call.
pub(crate) const BATCH: u64 = 1000;
/// As werkzeug writes it.
const HASH: &str = "pbkdf2:sha256:600000$saltSALT\
    $e4e7f68858348ed7298f6d2402d123e2428188ae553c38e028bfa006c67eb833";

/// Starts the user service with an administrator, and waits until it is ready; the port that calls go to.
pub(crate) async fn start(
    programs: &Path,
    url: &str,
    folder: &Path,
    settings: &[(&str, &str)],
) -> Result<(Process, u16), Failure> {
    let (port, admin) = (free_port()?, free_port()?);
    let mut command = Command::new(program(programs, "user-service"));
    command.env("DATABASE_URL", url).env("TOKEN_SIGNING_KEY", signing_key()?);
    command.env("GRPC_ADDR", format!("127.0.0.1:{port}"));
    command.env("ADMIN_ADDR", format!("127.0.0.1:{admin}"));
    command.env("RUST_LOG", "info").env("LOG_FORMAT", "json");
    command.envs(BOOTSTRAP).envs(settings.iter().copied());
    let mut process = Process::start("user-service", &mut command, folder)?;
    process.ready(admin).await?;
    Ok((process, port))
}

/// An administrator who is signed in. Clones share a connection.
#[derive(Clone, Debug)]
pub(crate) struct Admin {
    pub(crate) channel: Channel,
    pub(crate) signed_in: SignedIn,
}

impl Admin {
    /// Signs the administrator in at this port.
    pub(crate) async fn sign_in(port: u16) -> Result<Self, Failure> {
        let channel = connect(port).await?;
        let signed_in = sign_in(channel.clone(), EMAIL, PASSWORD).await?;
        Ok(Self { channel, signed_in })
    }

    /// A request in the administrator's name.
    pub(crate) fn request<T>(&self, message: T) -> Result<Request<T>, Failure> {
        let mut request = Request::new(message);
        request.metadata_mut().insert("authorization", bearer(&self.signed_in.token)?);
        Ok(request)
    }

    /// Imports one batch of [`BATCH`] users; each of them must be made.
    pub(crate) async fn import(&self, batch: u64) -> Result<(), Failure> {
        let item = |number: u64| {
            let email = format!("user{number}@example.com");
            let user = Some(User { email, ..example() });
            Item { user, password_hash: HASH.to_owned(), ..Item::default() }
        };
        let requests = (batch * BATCH..(batch + 1) * BATCH).map(item).collect();
        let request = self.request(BatchCreateUsersRequest { requests })?;
        let mut users = UserServiceClient::new(self.channel.clone());
        let answer = users.batch_create_users(request).await.map_err(Failure::call)?.into_inner();
        let made = |result: &Option<Created>| matches!(result, Some(Created::User(_)));
        if answer.results.iter().all(|result| made(&result.result)) {
            Ok(())
        } else {
            Err(Failure::call("a user was not imported"))
        }
    }
}

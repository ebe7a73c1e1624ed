use std::cell::Cell;
use std::time::{Duration, Instant};

use artisan_proto::artisan::user::v1::auth_service_client::AuthServiceClient;
use artisan_proto::artisan::user::v1::{CreateSessionRequest, User};
use tonic::metadata::{Ascii, MetadataValue};
use tonic::transport::Channel;
use tonic::{Request, Status};
use tonic_types::StatusExt as _;

use super::{CLIENTS, CONNECTIONS};
use crate::account::{PASSWORD, create, example};
use crate::failure::Failure;
use crate::load::grpc::connect;

/// How often one client signs in at most, should nothing tell it to stop.
const MOST: usize = 10_000;
/// How long a client that was refused waits.
const PAUSE: Duration = Duration::from_millis(100);

/// Somebody with an account of their own, at an address of their own.
pub(super) struct Client {
    channel: Channel,
    email: String,
    address: MetadataValue<Ascii>,
}

/// The sign-ins that were made.
#[derive(Debug, Default)]
pub(super) struct SignIns {
    /// What each took.
    pub(super) times: Vec<Duration>,
    /// How many were refused, because too many wait already.
    pub(super) refused: u64,
    /// The time in which they were made, until the last one ended.
    pub(super) elapsed: Duration,
}

impl SignIns {
    /// Adds those of another round.
    pub(super) fn extend(&mut self, others: Self) {
        self.times.extend(others.times);
        self.refused += others.refused;
        self.elapsed += others.elapsed;
    }
}

impl Client {
    /// Registers [`CLIENTS`] of them.
    pub(super) async fn register(port: u16) -> Result<Vec<Self>, Failure> {
        let mut channels = Vec::new();
        for _ in 0..CONNECTIONS {
            channels.push(connect(port).await?);
        }
        let mut clients = Vec::new();
        for (number, channel) in (1..=CLIENTS).zip(channels.into_iter().cycle()) {
            let email = format!("client{number}@example.com");
            create(channel.clone(), User { email: email.clone(), ..example() }).await?;
            // A network for documentation (RFC 5737).
            let address = format!("203.0.113.{number}").parse().map_err(Failure::call)?;
            clients.push(Self { channel, email, address });
        }
        Ok(clients)
    }

    /// Signs in again and again until told to stop.
    async fn sign_in(&self, stop: &Cell<bool>) -> Result<SignIns, Failure> {
        let mut made = SignIns::default();
        while !stop.get() && made.times.len() < MOST {
            let begin = Instant::now();
            match AuthServiceClient::new(self.channel.clone()).create_session(self.request()).await
            {
                Ok(_) => made.times.push(begin.elapsed()),
                Err(status) if is_overload(&status) => {
                    made.refused += 1;
                    tokio::time::sleep(PAUSE).await;
                }
                Err(status) => return Err(Failure::call(status)),
            }
        }
        Ok(made)
    }

    fn request(&self) -> Request<CreateSessionRequest> {
        let (email, password) = (self.email.clone(), PASSWORD.to_owned());
        let mut request = Request::new(CreateSessionRequest { email, password });
        request.metadata_mut().insert("x-forwarded-for", self.address.clone());
        request
    }
}

/// Whether too many passwords wait for being hashed; whatever else is refused is a fault of the bench.
fn is_overload(status: &Status) -> bool {
    let details = status.get_error_details();
    let reason = details.error_info().map(|info| info.reason.as_str());
    reason == Some("PASSWORD_HASHING_OVERLOADED")
}

/// Lets all of them sign in, each after its last time, until told to stop.
pub(super) async fn sign_in(clients: &[Client], stop: &Cell<bool>) -> Result<SignIns, Failure> {
    let signing_in = clients.iter().map(|client| client.sign_in(stop));
    let begin = Instant::now();
    let mut all = SignIns::default();
    for made in futures_util::future::try_join_all(signing_in).await? {
        all.extend(made);
    }
    all.elapsed = begin.elapsed();
    if all.times.is_empty() {
        return Err(Failure::call("every sign-in was refused"));
    }
    Ok(all)
}

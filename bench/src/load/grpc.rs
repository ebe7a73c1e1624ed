use artisan_proto::artisan::user::v1::GetUserRequest;
use artisan_proto::artisan::user::v1::user_service_client::UserServiceClient;
use tonic::Request;
use tonic::metadata::{Ascii, MetadataValue};
use tonic::transport::{Channel, Endpoint};

use super::repeat;
use crate::failure::Failure;

/// Reads one user over gRPC. Clones share a connection.
#[derive(Clone, Debug)]
pub(crate) struct GrpcLoad {
    client: UserServiceClient<Channel>,
    name: String,
    authorization: MetadataValue<Ascii>,
}

/// A connection to a port of this machine.
pub(crate) async fn connect(port: u16) -> Result<Channel, Failure> {
    let endpoint = Endpoint::from_shared(format!("http://127.0.0.1:{port}"));
    endpoint.map_err(Failure::call)?.connect().await.map_err(Failure::call)
}

/// What says whose call it is.
pub(crate) fn bearer(token: &str) -> Result<MetadataValue<Ascii>, Failure> {
    format!("Bearer {token}").parse().map_err(Failure::call)
}

impl GrpcLoad {
    /// Reads the user from the port, with the token.
    pub(crate) async fn new(port: u16, name: &str, token: &str) -> Result<Self, Failure> {
        let client = UserServiceClient::new(connect(port).await?);
        Ok(Self { client, name: name.to_owned(), authorization: bearer(token)? })
    }

    /// Makes the calls; anything but that user fails the run.
    pub(crate) async fn run(&self, calls: u64) -> Result<(), Failure> {
        repeat(calls, || self.call()).await
    }

    /// Makes one call.
    pub(crate) async fn call(&self) -> Result<(), Failure> {
        let mut request = Request::new(GetUserRequest { name: self.name.clone() });
        request.metadata_mut().insert("authorization", self.authorization.clone());
        let user = self.client.clone().get_user(request).await.map_err(Failure::call)?.into_inner();
        if user.name == self.name {
            return Ok(());
        }
        Err(Failure::call(format!("{} was read instead of {}", user.name, self.name)))
    }
}

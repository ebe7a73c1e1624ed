use artisan_proto::artisan::user::v1::ListUsersRequest;
use artisan_proto::artisan::user::v1::user_service_client::UserServiceClient;
use tonic::metadata::{Ascii, MetadataValue};
use tonic::transport::Channel;
use tonic::{Code, Request};

use super::grpc::{bearer, connect};
use super::repeat;
use crate::bare::statements::{FILTER, ORDER, PAGE};
use crate::failure::Failure;

/// Lists the first page of the users that a filter lets through, over gRPC.
#[derive(Debug)]
pub(crate) struct ListLoad {
    client: UserServiceClient<Channel>,
    authorization: MetadataValue<Ascii>,
}

impl ListLoad {
    /// Lists them at the port, with an administrator's token.
    pub(crate) async fn new(port: u16, token: &str) -> Result<Self, Failure> {
        let client = UserServiceClient::new(connect(port).await?);
        Ok(Self { client, authorization: bearer(token)? })
    }

    /// Makes the calls; anything but a whole page with another one behind it fails the run.
    pub(crate) async fn run(&self, calls: u64) -> Result<(), Failure> {
        repeat(calls, || self.call()).await
    }

    /// A call that the service refuses once it has found the caller, so that this was its last statement.
    pub(crate) async fn run_refused(&self) -> Result<(), Failure> {
        match self.client.clone().list_users(self.request(-1)).await {
            Err(status) if status.code() == Code::InvalidArgument => Ok(()),
            Err(status) => Err(Failure::call(status)),
            Ok(_) => Err(Failure::call("a page of less than no users was listed")),
        }
    }

    async fn call(&self) -> Result<(), Failure> {
        let request = self.request(i32::try_from(PAGE).map_err(Failure::call)?);
        let page = self.client.clone().list_users(request).await.map_err(Failure::call)?;
        let page = page.into_inner();
        if page.users.len() == PAGE as usize && !page.next_page_token.is_empty() {
            return Ok(());
        }
        Err(Failure::call(format!("a page of {} users was listed", page.users.len())))
    }

    fn request(&self, page_size: i32) -> Request<ListUsersRequest> {
        let (filter, order_by) = (FILTER.to_owned(), ORDER.to_owned());
        let list = ListUsersRequest { page_size, filter, order_by, ..ListUsersRequest::default() };
        let mut request = Request::new(list);
        request.metadata_mut().insert("authorization", self.authorization.clone());
        request
    }
}

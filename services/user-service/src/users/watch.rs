use std::sync::Arc;

use artisan_proto::artisan::user::v1::{WatchUsersRequest, WatchUsersResponse};
use artisan_store::Filter;
use tonic::codegen::BoxStream;
use tonic::metadata::MetadataValue;
use tonic::{Request, Response};

use super::Users;
use crate::auth::Admission;
use crate::error::Error;
use crate::server::Closing;
use crate::watch::{Start, Watcher, stream};

/// Tells, before the first event, where the stream begins: who loses it early can resume too.
const RESUME_TOKEN: &str = "resume-token";

impl Users {
    /// Streams what is committed from now on, or after the event of a token.
    pub(super) async fn watch(
        &self,
        request: Request<WatchUsersRequest>,
    ) -> Result<Response<BoxStream<WatchUsersResponse>>, Error> {
        let principal = Admission::in_force(request.extensions())?.principal()?;
        let closing = Closing::of(request.extensions());
        let request = request.into_inner();
        let filter = Filter::parse(&request.filter).map_err(Error::Filter)?;
        let filter = (!request.filter.trim().is_empty()).then_some(filter);
        let start = Start::of(&self.0, &request.resume_token).await?;
        let token = MetadataValue::try_from(start.token()).map_err(|error| {
            let error: Box<dyn std::error::Error + Send + Sync> = error.into();
            Error::Internal(error)
        })?;
        let watcher = Watcher::new(Arc::clone(&self.0), principal, &start, filter);
        let mut response = Response::new(stream(watcher, closing));
        response.metadata_mut().insert(RESUME_TOKEN, token);
        Ok(response)
    }
}

//! Users: registration, reading, change and deletion.

mod account;
mod batch;
mod batch_get;
mod create;
mod delete;
mod events;
mod list;
mod mask;
mod merge;
mod privacy;
mod update;
mod verify;
mod watch;

use std::sync::Arc;

pub(crate) use events::event_to_proto;
pub(crate) use merge::read_mask;

use artisan_proto::artisan::user::v1::user_service_server::UserService;
use artisan_proto::artisan::user::v1::{
    ActivateUserRequest, BatchCreateUsersRequest, BatchCreateUsersResponse, BatchGetUsersRequest,
    BatchGetUsersResponse, CreateUserRequest, DeactivateUserRequest, DeleteUserRequest,
    EraseUserRequest, ExportUserDataRequest, ExportUserDataResponse, GetUserRequest,
    ListUserEventsRequest, ListUserEventsResponse, ListUsersRequest, ListUsersResponse,
    RequestEmailVerificationRequest, SetUserRolesRequest, UndeleteUserRequest, UpdateUserRequest,
    User, VerifyEmailRequest, WatchUsersRequest, WatchUsersResponse,
};
use tonic::codegen::BoxStream;
use tonic::{Request, Response, Status};

use crate::auth::Admission;
use crate::convert::user_to_proto;
use crate::core::Core;
use crate::error::Error;

/// The handlers of `UserService`.
#[derive(Debug)]
pub(crate) struct Users(pub(crate) Arc<Core>);

impl Users {
    /// Deleted users are found too (AIP-164).
    async fn get(&self, request: Request<GetUserRequest>) -> Result<User, Error> {
        let admission = Admission::in_force(request.extensions())?;
        let user = self.0.reach_user(admission, &request.get_ref().name, "name").await?;
        Ok(user_to_proto(&user))
    }
}

#[tonic::async_trait]
impl UserService for Users {
    type WatchUsersStream = BoxStream<WatchUsersResponse>;

    async fn create_user(
        &self,
        request: Request<CreateUserRequest>,
    ) -> Result<Response<User>, Status> {
        Ok(Response::new(self.create(request).await?))
    }

    async fn get_user(&self, request: Request<GetUserRequest>) -> Result<Response<User>, Status> {
        Ok(Response::new(self.get(request).await?))
    }

    async fn list_users(
        &self,
        request: Request<ListUsersRequest>,
    ) -> Result<Response<ListUsersResponse>, Status> {
        Ok(Response::new(self.list(request).await?))
    }

    async fn update_user(
        &self,
        request: Request<UpdateUserRequest>,
    ) -> Result<Response<User>, Status> {
        Ok(Response::new(self.update(request).await?))
    }

    async fn delete_user(
        &self,
        request: Request<DeleteUserRequest>,
    ) -> Result<Response<User>, Status> {
        Ok(Response::new(self.delete(request).await?))
    }

    async fn batch_get_users(
        &self,
        request: Request<BatchGetUsersRequest>,
    ) -> Result<Response<BatchGetUsersResponse>, Status> {
        Ok(Response::new(self.batch_get(request).await?))
    }

    async fn undelete_user(
        &self,
        request: Request<UndeleteUserRequest>,
    ) -> Result<Response<User>, Status> {
        Ok(Response::new(self.undelete(request).await?))
    }

    async fn activate_user(
        &self,
        request: Request<ActivateUserRequest>,
    ) -> Result<Response<User>, Status> {
        Ok(Response::new(self.activate(request).await?))
    }

    async fn deactivate_user(
        &self,
        request: Request<DeactivateUserRequest>,
    ) -> Result<Response<User>, Status> {
        Ok(Response::new(self.deactivate(request).await?))
    }

    async fn batch_create_users(
        &self,
        request: Request<BatchCreateUsersRequest>,
    ) -> Result<Response<BatchCreateUsersResponse>, Status> {
        Ok(Response::new(self.create_batch(request).await?))
    }

    async fn export_user_data(
        &self,
        request: Request<ExportUserDataRequest>,
    ) -> Result<Response<ExportUserDataResponse>, Status> {
        Ok(Response::new(self.export(&request).await?))
    }

    async fn erase_user(&self, request: Request<EraseUserRequest>) -> Result<Response<()>, Status> {
        Ok(Response::new(self.erase(&request).await?))
    }

    async fn watch_users(
        &self,
        request: Request<WatchUsersRequest>,
    ) -> Result<Response<Self::WatchUsersStream>, Status> {
        Ok(self.watch(request).await?)
    }

    async fn list_user_events(
        &self,
        request: Request<ListUserEventsRequest>,
    ) -> Result<Response<ListUserEventsResponse>, Status> {
        Ok(Response::new(self.list_events(request).await?))
    }

    async fn set_user_roles(
        &self,
        request: Request<SetUserRolesRequest>,
    ) -> Result<Response<User>, Status> {
        Ok(Response::new(self.set_roles(request).await?))
    }

    async fn request_email_verification(
        &self,
        request: Request<RequestEmailVerificationRequest>,
    ) -> Result<Response<()>, Status> {
        Ok(Response::new(self.request_verification(request).await?))
    }

    async fn verify_email(
        &self,
        request: Request<VerifyEmailRequest>,
    ) -> Result<Response<User>, Status> {
        Ok(Response::new(self.verify(request).await?))
    }
}

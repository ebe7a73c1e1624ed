//! `GetUser` from memory: what tonic and prost cost without anything of ours.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::net::Ipv4Addr;
use std::pin::Pin;
use std::task::{Context, Poll};

use artisan_proto::artisan::user::v1::{GetUserRequest, User};
use http::{Request, Response};
use tokio::net::TcpListener;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::body::Body;
use tonic::server::{Grpc, NamedService, UnaryService};
use tonic::service::Routes;
use tonic::transport::Server;
use tonic_prost::ProstCodec;

use crate::account;
use crate::failure::Failure;
use crate::report;

/// Listens on a port of its own choice, tells it on standard output, and serves until killed.
pub(crate) async fn serve() -> Result<(), Failure> {
    let listener =
        TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map_err(Failure::system("listening"))?;
    let port = listener.local_addr().map_err(Failure::system("listening"))?.port();
    report::line(port);
    let (_, health) = tonic_health::server::health_reporter();
    Server::builder()
        .tcp_nodelay(true)
        .add_routes(Routes::new(FromMemory).add_service(health))
        .serve_with_incoming(TcpListenerStream::new(listener))
        .await
        .map_err(Failure::call)
}

/// Answers every call under the user service's name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FromMemory;

impl NamedService for FromMemory {
    const NAME: &'static str = "artisan.user.v1.UserService";
}

impl tonic::codegen::Service<Request<Body>> for FromMemory {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let mut grpc = Grpc::new(ProstCodec::<User, GetUserRequest>::default());
        Box::pin(async move { Ok(grpc.unary(Self, request).await) })
    }
}

impl UnaryService<GetUserRequest> for FromMemory {
    type Response = User;
    type Future = Ready<Result<tonic::Response<User>, tonic::Status>>;

    fn call(&mut self, request: tonic::Request<GetUserRequest>) -> Self::Future {
        let user = User { name: request.into_inner().name, ..account::example() };
        ready(Ok(tonic::Response::new(user)))
    }
}

//! The kinds of calls that are made, over a connection or in the process.

use std::borrow::Cow;

use axum::http::Uri;
use axum::http::uri::PathAndQuery;
use bytes::Bytes;
use http_body::Body as HttpBody;
use http_body_util::Full;
use tonic::body::Body;
use tonic::client::{Grpc, GrpcService};
use tonic::{Request, Response, Status, Streaming};

use super::codec::RawCodec;

/// The largest answer that is taken from the service: a full page is far smaller.
const MAX_ANSWER: usize = 16 << 20;

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Calls are sent the same way whatever they answer with.
pub(super) trait Shape {
    /// What is sent.
    type Request: Send;
    /// What a call answers with.
    type Answer: Send;

    /// Sends one call to a service, which is called by the name that an origin gives it.
    fn send<T>(
        service: T,
        origin: Option<&Uri>,
        request: Self::Request,
        path: PathAndQuery,
    ) -> impl Future<Output = Result<Self::Answer, Status>> + Send
    where
        T: GrpcService<Body, Future: Send, ResponseBody: Answering> + Send;

    /// How a call failed, if it did.
    fn status(result: &Result<Self::Answer, Status>) -> Option<Cow<'_, Status>> {
        result.as_ref().err().map(Cow::Borrowed)
    }
}

/// The body of an answer.
pub(super) trait Answering:
    HttpBody<Data = Bytes, Error: Into<BoxError>> + Send + 'static
{
}

impl<B: HttpBody<Data = Bytes, Error: Into<BoxError>> + Send + 'static> Answering for B {}

/// One message is answered with one.
pub(super) struct Unary;

impl Shape for Unary {
    type Request = Request<Bytes>;
    type Answer = Bytes;

    async fn send<T>(
        service: T,
        origin: Option<&Uri>,
        request: Request<Bytes>,
        path: PathAndQuery,
    ) -> Result<Bytes, Status>
    where
        T: GrpcService<Body, Future: Send, ResponseBody: Answering> + Send,
    {
        let mut client = client(service, origin).await?;
        client.unary(request, path, RawCodec).await.map(Response::into_inner)
    }
}

/// One message is answered with as many as there will be.
pub(super) struct ServerStreaming;

impl Shape for ServerStreaming {
    type Request = Request<Bytes>;
    type Answer = Response<Streaming<Bytes>>;

    async fn send<T>(
        service: T,
        origin: Option<&Uri>,
        request: Request<Bytes>,
        path: PathAndQuery,
    ) -> Result<Response<Streaming<Bytes>>, Status>
    where
        T: GrpcService<Body, Future: Send, ResponseBody: Answering> + Send,
    {
        let mut client = client(service, origin).await?;
        client.server_streaming(request, path, RawCodec).await
    }
}

async fn client<T: GrpcService<Body>>(service: T, origin: Option<&Uri>) -> Result<Grpc<T>, Status> {
    let client = match origin {
        Some(origin) => Grpc::with_origin(service, origin.clone()),
        None => Grpc::new(service),
    };
    let mut client = client.max_decoding_message_size(MAX_ANSWER);
    client.ready().await.map_err(|error| Status::from_error(error.into()))?;
    Ok(client)
}

/// Frames are passed on as they are, both ways.
pub(super) struct Passed;

impl Shape for Passed {
    type Request = http::Request<Bytes>;
    type Answer = http::Response<Body>;

    async fn send<T>(
        mut service: T,
        origin: Option<&Uri>,
        mut request: http::Request<Bytes>,
        path: PathAndQuery,
    ) -> Result<http::Response<Body>, Status>
    where
        T: GrpcService<Body, Future: Send, ResponseBody: Answering> + Send,
    {
        let mut parts = origin.cloned().unwrap_or_default().into_parts();
        parts.path_and_query = Some(path);
        let uri = Uri::from_parts(parts);
        *request.uri_mut() = uri.map_err(|error| Status::from_error(error.into()))?;
        let failed = |error: T::Error| Status::from_error(error.into());
        std::future::poll_fn(|context| service.poll_ready(context)).await.map_err(failed)?;
        let request = request.map(|message| Body::new(Full::new(message)));
        let answer = service.call(request).await.map_err(failed)?;
        Ok(answer.map(Body::new))
    }

    /// An error that was found before the first message stands in the headers.
    fn status(result: &Result<http::Response<Body>, Status>) -> Option<Cow<'_, Status>> {
        match result {
            Ok(answer) => {
                let status = Status::from_header_map(answer.headers())?;
                (status.code() != tonic::Code::Ok).then_some(Cow::Owned(status))
            }
            Err(status) => Some(Cow::Borrowed(status)),
        }
    }
}

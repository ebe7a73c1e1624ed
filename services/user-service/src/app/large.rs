use std::task::{Context, Poll};

use http::Request;
use tonic::body::Body;
use tonic::server::NamedService;
use tower::Service;

const BATCH: &str = "/BatchCreateUsers";

/// A service that takes larger messages for one of its methods only: tonic has one limit for all.
#[derive(Clone, Debug)]
pub(super) struct LargeBatches<S> {
    small: S,
    large: S,
}

impl<S> LargeBatches<S> {
    pub(super) fn new(small: S, large: S) -> Self {
        Self { small, large }
    }
}

impl<S: NamedService> NamedService for LargeBatches<S> {
    const NAME: &'static str = S::NAME;
}

impl<S: Service<Request<Body>>> Service<Request<Body>> for LargeBatches<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        match self.small.poll_ready(cx) {
            Poll::Ready(Ok(())) => self.large.poll_ready(cx),
            other => other,
        }
    }

    fn call(&mut self, request: Request<Body>) -> S::Future {
        let is_batch = request.uri().path().ends_with(BATCH);
        if is_batch { self.large.call(request) } else { self.small.call(request) }
    }
}

//! The gateway's work by hand: axum before tonic's client, and axum before a handler in the same process.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use artisan_proto::artisan::user::v1::user::Profile;
use artisan_proto::artisan::user::v1::user_service_client::UserServiceClient;
use artisan_proto::artisan::user::v1::{GetUserRequest, User};
use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode, Uri, header};
use axum::routing::get;
use clap::Args;
use prost::bytes::Bytes;
use serde::Serialize;
use tokio::net::TcpListener;
use tonic::transport::Channel;

use crate::account;
use crate::failure::Failure;
use crate::load::grpc::connect;
use crate::report;

/// Where the service is.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// The port of the service
    #[arg(long)]
    upstream: u16,
}

/// As many connections as the gateway has to one address.
const CONNECTIONS: usize = 4;

/// Calls the service for each request, and answers with a text that is ready: what no gateway over a
/// network can do without.
pub(crate) async fn serve_proxy(options: &Options) -> Result<(), Failure> {
    let mut channels = Vec::new();
    for _ in 0..CONNECTIONS {
        channels.push(connect(options.upstream).await?);
    }
    let answer = serde_json::to_vec(&Json::of(&account::example())).map_err(Failure::call)?;
    let state = Proxy { channels, calls: Arc::default(), answer: answer.into() };
    serve(Router::new().route("/v1/users/{id}", get(proxied)).with_state(state)).await
}

/// Answers each request from memory, by a handler that was written for it.
pub(crate) async fn serve_handler() -> Result<(), Failure> {
    serve(Router::new().route("/v1/users/{id}", get(handled))).await
}

async fn serve(router: Router) -> Result<(), Failure> {
    let listener =
        TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map_err(Failure::system("listening"))?;
    let port = listener.local_addr().map_err(Failure::system("listening"))?.port();
    report::line(port);
    axum::serve(listener, router).await.map_err(Failure::system("serving"))
}

#[derive(Clone)]
struct Proxy {
    channels: Vec<Channel>,
    calls: Arc<AtomicUsize>,
    answer: Bytes,
}

async fn proxied(State(proxy): State<Proxy>, uri: Uri) -> Result<Response<Body>, StatusCode> {
    let at = proxy.calls.fetch_add(1, Ordering::Relaxed) % proxy.channels.len().max(1);
    let channel = proxy.channels.get(at).ok_or(StatusCode::BAD_GATEWAY)?;
    let mut client = UserServiceClient::new(channel.clone());
    let user = client.get_user(request(&uri)).await.map_err(|_| StatusCode::BAD_GATEWAY)?;
    if user.into_inner().name.is_empty() {
        return Err(StatusCode::BAD_GATEWAY);
    }
    Ok(json(proxy.answer))
}

async fn handled(uri: Uri) -> Result<Response<Body>, StatusCode> {
    let user = User { name: request(&uri).name, ..account::example() };
    let answer = serde_json::to_vec(&Json::of(&user));
    answer.map(|answer| json(answer.into())).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)
}

fn request(uri: &Uri) -> GetUserRequest {
    GetUserRequest { name: uri.path().trim_start_matches("/v1/").to_owned() }
}

fn json(body: Bytes) -> Response<Body> {
    let mut response = Response::new(Body::from(body));
    let json = header::HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}

/// The user as somebody would write it down for serde.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Json<'a> {
    name: &'a str,
    email: &'a str,
    buyer: Option<JsonBuyer<'a>>,
    address: Option<JsonAddress<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct JsonBuyer<'a> {
    full_name: &'a str,
    phone: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct JsonAddress<'a> {
    street: &'a str,
    number: &'a str,
    neighborhood: &'a str,
    city: &'a str,
    state: &'a str,
    zip_code: &'a str,
    country: &'a str,
}

impl<'a> Json<'a> {
    fn of(user: &'a User) -> Self {
        let buyer = match &user.profile {
            Some(Profile::Buyer(buyer)) => {
                Some(JsonBuyer { full_name: &buyer.full_name, phone: &buyer.phone })
            }
            Some(Profile::Artisan(_)) | None => None,
        };
        let address = user.address.as_ref().map(|address| JsonAddress {
            street: &address.street,
            number: &address.number,
            neighborhood: &address.neighborhood,
            city: &address.city,
            state: &address.state,
            zip_code: &address.zip_code,
            country: &address.country,
        });
        Self { name: &user.name, email: &user.email, buyer, address }
    }
}

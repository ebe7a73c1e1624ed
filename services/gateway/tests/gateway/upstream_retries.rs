//! What is sent again, and what never is.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use artisan_gateway::Settings;
use artisan_proto::artisan::user::v1::User;
use bytes::{BufMut, Bytes, BytesMut};
use http::{HeaderMap, HeaderValue, Response};
use prost::Message;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tonic::Status;

use crate::replicas::{Addresses, Replica, before, read, read_many, read_until, soon};
use crate::stack::Stack;
use crate::upstream::Upstream;

const WRITE: &str = "POST /v1/users/u1:activate";

fn refusing(status: Status) -> Replica {
    Replica::start(Upstream::failing(status))
}

/// Nothing is ever kept away from.
fn patient() -> Settings {
    Settings { eject_after: u32::MAX, ..soon() }
}

#[tokio::test]
async fn a_read_that_was_refused_is_sent_to_another_replica() {
    let (bad, good) = (refusing(Status::unavailable("")), Replica::good());
    let settings = Settings { retry_min_per_second: 1000, ..patient() };
    let stack = before(&Addresses::of(&[&bad, &good]), settings).await;
    // A replica that is not connected yet is no other one.
    read_until(&stack, |_| good.count() > 0).await;
    let refused = bad.count();
    read_until(&stack, |answer| {
        assert_eq!(answer.status, 200);
        bad.count() >= refused + 3
    })
    .await;
}

#[tokio::test]
async fn answers_other_than_unavailable_are_final() {
    for status in [Status::internal(""), Status::aborted(""), Status::resource_exhausted("")] {
        let replica = refusing(status);
        let stack = before(&Addresses::of(&[&replica]), patient()).await;
        read(&stack).await;
        assert_eq!(replica.count(), 1);
    }
}

#[tokio::test]
async fn a_service_that_wants_no_retries_gets_none() {
    let mut status = Status::unavailable("");
    status.metadata_mut().insert("grpc-retry-pushback-ms", "-1".parse().unwrap());
    let replica = refusing(status);
    let stack = before(&Addresses::of(&[&replica]), patient()).await;
    read(&stack).await.problem(503, "UNAVAILABLE");
    assert_eq!(replica.count(), 1);
}

#[tokio::test]
async fn no_retry_begins_after_the_deadline() {
    let mut status = Status::unavailable("");
    status.metadata_mut().insert("grpc-retry-pushback-ms", "900".parse().unwrap());
    let replica = refusing(status);
    let stack = before(&Addresses::of(&[&replica]), patient()).await;
    let limit = [("x-request-timeout", "800ms")];
    stack.send("GET /v1/users/u1", &limit, "").await.problem(503, "UNAVAILABLE");
    assert_eq!(replica.count(), 1);
}

/// Refuses the first call, and answers no other.
fn tired() -> Replica {
    let calls = Arc::new(AtomicUsize::new(0));
    Replica::start(Upstream::new(move |_| {
        let is_first = calls.fetch_add(1, Ordering::SeqCst) == 0;
        async move {
            if is_first {
                return Err(Status::unavailable("not now"));
            }
            std::future::pending().await
        }
    }))
}

#[tokio::test]
async fn a_read_that_runs_out_of_time_when_it_is_repeated_ends_as_it_did_before() {
    let limit = [("x-request-timeout", "3s")];
    for target in ["GET /v1/users/u1", "GET /v1/users:watch"] {
        let replica = tired();
        let stack = before(&Addresses::of(&[&replica]), patient()).await;
        let answer = stack.send(target, &limit, "").await;
        answer.problem(503, "UNAVAILABLE");
        assert_ne!(answer.header("retry-after"), "", "{target}");
        assert_eq!(replica.count(), 2, "{target}");
    }
    let replica = tired();
    let stack = before(&Addresses::of(&[&replica]), patient()).await;
    let (path, empty) = ("/artisan.user.v1.UserService/GetUser", b"\0\0\0\0\0");
    let answer = stack.h2(path, &[("grpc-timeout", "3S")], empty).await;
    assert_eq!(answer.headers["grpc-status"], "14", "{answer:?}");
    assert_eq!(replica.count(), 2);
}

#[tokio::test]
async fn retries_stay_within_their_budget() {
    let replica = refusing(Status::unavailable(""));
    let settings = Settings { retry_min_per_second: 1, ..patient() };
    let began = Instant::now();
    let stack = before(&Addresses::of(&[&replica]), settings).await;
    assert_eq!(read_many(&stack, 4, 50).await.len(), 200);
    let seconds = usize::try_from(began.elapsed().as_secs()).unwrap() + 1;
    let most = 200 + 200 / 5 + 1 + seconds;
    println!("200 calls, {} sent, {most} allowed", replica.count());
    assert!(replica.count() > 200 && replica.count() <= most, "{} of {most}", replica.count());
}

#[tokio::test]
async fn a_write_that_the_service_got_is_sent_once() {
    let (a, b) = (refusing(Status::unavailable("")), refusing(Status::unavailable("")));
    let stack = before(&Addresses::of(&[&a, &b]), patient()).await;
    stack.json(WRITE, &[], "{}").await.problem(503, "UNAVAILABLE");
    assert_eq!(a.count() + b.count(), 1);

    let (entered, mut has_entered) = mpsc::unbounded_channel();
    let silent = || {
        let entered = entered.clone();
        Replica::start(Upstream::new(move |_| {
            entered.send(()).unwrap();
            std::future::pending()
        }))
    };
    let (mut a, mut b) = (silent(), silent());
    let stack = before(&Addresses::of(&[&a, &b]), patient()).await;
    let client = stack.client.clone();
    let call = tokio::spawn(async move { client.json(WRITE, &[], "{}").await });
    has_entered.recv().await.unwrap();
    let dying = if a.count() > 0 { &mut a } else { &mut b };
    dying.die();
    call.await.unwrap().problem(503, "UNAVAILABLE");
    assert_eq!(a.count() + b.count(), 1, "nobody knows what became of it");
}

/// Answers the first write as HTTP/2 has it for what was not looked at; all others well.
struct Refuser {
    writes: AtomicUsize,
}

impl Refuser {
    async fn serve(self: Arc<Self>, stream: TcpStream) {
        let mut connection = h2::server::handshake(stream).await.unwrap();
        while let Some(Ok((request, mut respond))) = connection.accept().await {
            if request.uri().path().starts_with("/grpc.health") {
                let mut head = head();
                head.headers_mut().insert("grpc-status", HeaderValue::from_static("12"));
                respond.send_response(head, true).unwrap();
            } else if self.writes.fetch_add(1, Ordering::SeqCst) == 0 {
                respond.send_reset(h2::Reason::REFUSED_STREAM);
            } else {
                let mut body = respond.send_response(head(), false).unwrap();
                body.send_data(frame(&User::default()), false).unwrap();
                let status = (http::HeaderName::from_static("grpc-status"), HeaderValue::from(0));
                body.send_trailers(HeaderMap::from_iter([status])).unwrap();
            }
        }
    }
}

fn head() -> Response<()> {
    Response::builder().header("content-type", "application/grpc").body(()).unwrap()
}

fn frame(message: &impl Message) -> Bytes {
    let message = message.encode_to_vec();
    let mut frame = BytesMut::new();
    frame.put_u8(0);
    frame.put_u32(u32::try_from(message.len()).unwrap());
    frame.put_slice(&message);
    frame.freeze()
}

#[tokio::test]
async fn a_write_that_nobody_looked_at_is_sent_again() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address: SocketAddr = listener.local_addr().unwrap();
    let refuser = Arc::new(Refuser { writes: AtomicUsize::new(0) });
    let serving = refuser.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serving.clone().serve(stream));
        }
    });
    let uri = format!("http://{address}").parse().unwrap();
    let stack = Stack::over(artisan_gateway::Upstream::remote(uri), &[]).await;
    assert_eq!(stack.json(WRITE, &[], "{}").await.status, 200);
    assert_eq!(refuser.writes.load(Ordering::SeqCst), 2);
}

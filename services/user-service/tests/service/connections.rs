//! What a connection may take, how old it gets, and how it ends.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use artisan_proto::artisan::user::v1::auth_service_client::AuthServiceClient;
use artisan_proto::artisan::user::v1::user_service_client::UserServiceClient;
use artisan_proto::artisan::user::v1::{GetJwksRequest, WatchUsersRequest};
use artisan_testkit::{TestDatabase, on_engine};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tonic::Code;
use tonic_types::StatusExt;

use crate::harness::{Harness, buyer, by, problem, said};
use crate::net::Net;

on_engine!(
    sqlite_only,
    Sqlite,
    connections_grow_old_and_no_call_fails,
    streams_of_an_old_connection_end_and_go_on_without_loss,
    connection_that_resets_rapidly_is_ended,
    connection_tells_its_limits,
);

/// Young enough for many of them in a test.
const AGE: Duration = Duration::from_millis(100);

async fn connections_grow_old_and_no_call_fails(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let net = Net::start(&harness.app.clone().over(None, Some(AGE))).await;
    let (channel, connections) = net.counted();
    let callers = (0..4).map(|_| async {
        let mut auth = AuthServiceClient::new(channel.clone());
        let mut calls = 0_u32;
        while connections.load(Ordering::SeqCst) < 6 {
            match auth.get_jwks(GetJwksRequest {}).await {
                Ok(_) => calls += 1,
                // hyper has not sent it, and tonic leaves it to the caller to do so again (gRFC A6 calls
                // that a transparent retry).
                Err(status) if was_never_sent(&status) => {}
                Err(status) => panic!("{status:?}"),
            }
        }
        calls
    });
    let calls = futures_util::future::join_all(callers).await;
    assert!(calls.iter().all(|calls| *calls > 0), "{calls:?}");
}

fn was_never_sent(status: &tonic::Status) -> bool {
    let mut source = std::error::Error::source(status);
    while let Some(error) = source {
        // A GOAWAY that names an earlier call as the last one says so too.
        let is_unseen = |error: &h2::Error| {
            error.is_go_away() && error.is_remote() && error.reason() == Some(h2::Reason::NO_ERROR)
        };
        if error.downcast_ref::<hyper::Error>().is_some_and(hyper::Error::is_canceled)
            || error.downcast_ref::<h2::Error>().is_some_and(is_unseen)
        {
            return true;
        }
        source = error.source();
    }
    false
}

async fn streams_of_an_old_connection_end_and_go_on_without_loss(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let admin = harness.admin().await;
    let net = Net::start(&harness.app.clone().over(None, Some(AGE))).await;
    let (channel, connections) = net.counted();
    let mut users = UserServiceClient::new(channel);
    let done = AtomicBool::new(false);
    let register = async {
        let mut names = Vec::new();
        while connections.load(Ordering::SeqCst) < 5 {
            let email = format!("user{}@example.com", names.len());
            names.push(harness.register(buyer(&email)).await.unwrap().name);
        }
        names.push(harness.register(buyer("last@example.com")).await.unwrap().name);
        done.store(true, Ordering::SeqCst);
        names
    };
    let watch = async {
        let (mut seen, mut resume_token) = (Vec::new(), String::new());
        loop {
            let request = WatchUsersRequest { resume_token, ..WatchUsersRequest::default() };
            let answer = match users.watch_users(by(&admin, request.clone())).await {
                Ok(answer) => answer,
                Err(status) if was_never_sent(&status) => {
                    resume_token = request.resume_token;
                    continue;
                }
                Err(status) => panic!("{status:?}"),
            };
            resume_token =
                answer.metadata().get("resume-token").unwrap().to_str().unwrap().to_owned();
            let mut stream = answer.into_inner();
            let ended = loop {
                match stream.message().await {
                    Ok(Some(change)) => {
                        resume_token = change.resume_token;
                        let user = change.user.unwrap();
                        let is_last = user.email == "last@example.com";
                        seen.push(user.name);
                        if is_last {
                            return seen;
                        }
                    }
                    Ok(None) => panic!("it ended without a reason"),
                    Err(ended) => break ended,
                }
            };
            assert_eq!(problem(&ended), said(Code::Unavailable, "CONNECTION_OLD", &[]));
            let info = ended.get_details_error_info().unwrap();
            assert_eq!(info.metadata["resume_token"], resume_token);
        }
    };
    // The first stream begins before the first user is there: its header says where.
    let (seen, names) = tokio::join!(watch, async {
        tokio::task::yield_now().await;
        while connections.load(Ordering::SeqCst) < 1 {
            tokio::task::yield_now().await;
        }
        register.await
    });
    let first = names.iter().position(|name| *name == seen[0]).unwrap();
    assert_eq!(seen, names[first..]);
    assert!(seen.len() > 1 && done.load(Ordering::SeqCst));
}

/// A client that writes frames of HTTP/2 by hand.
struct Raw(TcpStream);

impl Raw {
    async fn connect(net: &Net) -> Self {
        let mut stream = TcpStream::connect(net.address).await.unwrap();
        stream.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await.unwrap();
        let mut this = Self(stream);
        this.write(&frame(0x4, 0, 0, &[])).await;
        this
    }

    async fn write(&mut self, bytes: &[u8]) {
        self.0.write_all(bytes).await.unwrap();
    }

    /// The payload of the next frame of a kind.
    async fn until(&mut self, kind: u8) -> Vec<u8> {
        loop {
            let mut head = [0; 9];
            self.0.read_exact(&mut head).await.unwrap();
            let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
            let mut payload = vec![0; length as usize];
            self.0.read_exact(&mut payload).await.unwrap();
            if head[3] == kind {
                return payload;
            }
        }
    }
}

/// RFC 9113, section 4.1.
fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let mut frame = vec![length[1], length[2], length[3], kind, flags];
    frame.extend(stream.to_be_bytes());
    frame.extend(payload);
    frame
}

async fn connection_that_resets_rapidly_is_ended(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let net = Net::start(&harness.app).await;
    let mut raw = Raw::connect(&net).await;
    let mut flood = Vec::new();
    for stream in (1..2_000).step_by(2) {
        // HEADERS with END_HEADERS: `:method: POST`, `:scheme: http`, `:path: /`; then RST_STREAM, CANCEL.
        flood.extend(frame(0x1, 0x4, stream, &[0x83, 0x86, 0x84]));
        flood.extend(frame(0x3, 0, stream, &8_u32.to_be_bytes()));
    }
    raw.write(&flood).await;
    let goaway = raw.until(0x7).await;
    // ENHANCE_YOUR_CALM
    assert_eq!(goaway[4..8], 0xb_u32.to_be_bytes());
}

async fn connection_tells_its_limits(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let net = Net::start(&harness.app).await;
    let settings = Raw::connect(&net).await.until(0x4).await;
    let settings = settings.chunks(6).map(|setting| {
        let value = u32::from_be_bytes(setting[2..6].try_into().unwrap());
        (u16::from_be_bytes([setting[0], setting[1]]), value)
    });
    let settings = settings.collect::<std::collections::BTreeMap<_, _>>();
    // MAX_CONCURRENT_STREAMS, MAX_HEADER_LIST_SIZE
    assert_eq!((settings[&0x3], settings[&0x6]), (1_000, 16 << 10));
}

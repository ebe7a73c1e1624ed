//! What HTTP/2 lets a client ask of a server, and is refused: frames are written by hand.

use std::net::SocketAddr;

use artisan_proto::artisan::user::v1::User;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::stack::Stack;
use crate::upstream::Upstream;

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const GOAWAY: u8 = 7;
const WINDOW_UPDATE: u8 = 8;
const CONTINUATION: u8 = 9;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;
const ENHANCE_YOUR_CALM: u32 = 0xb;

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    [&length[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

/// `GET` of a path, in HPACK without the dynamic table.
fn get(path: &str) -> Vec<u8> {
    let literal = |index: u8, text: &str| {
        [&[index, u8::try_from(text.len()).unwrap()], text.as_bytes()].concat()
    };
    [vec![0x82, 0x86], literal(4, path), literal(1, "gateway")].concat()
}

struct Connection(TcpStream);

struct Frame {
    kind: u8,
    stream: u32,
    payload: Vec<u8>,
}

impl Connection {
    async fn open(address: SocketAddr, settings: &[u8]) -> Self {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(PREFACE).await.unwrap();
        stream.write_all(&frame(SETTINGS, 0, 0, settings)).await.unwrap();
        Self(stream)
    }

    /// Sends what the server may refuse to read to its end.
    async fn send(&mut self, bytes: &[u8]) -> bool {
        self.0.write_all(bytes).await.is_ok()
    }

    async fn next(&mut self) -> Option<Frame> {
        let mut head = [0; 9];
        self.0.read_exact(&mut head).await.ok()?;
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
        let stream = u32::from_be_bytes([head[5], head[6], head[7], head[8]]);
        let mut payload = vec![0; length as usize];
        self.0.read_exact(&mut payload).await.ok()?;
        Some(Frame { kind: head[3], stream, payload })
    }

    async fn next_of(&mut self, kind: u8) -> Option<Frame> {
        while let Some(frame) = self.next().await {
            if frame.kind == kind {
                return Some(frame);
            }
        }
        None
    }

    /// Whether the server ends the connection for misuse; it may not even say so.
    async fn is_ended(&mut self) -> bool {
        match self.next_of(GOAWAY).await {
            Some(frame) => {
                let code = u32::from_be_bytes(frame.payload.get(4..8).unwrap().try_into().unwrap());
                assert_ne!(code, 0, "this is no graceful end");
                true
            }
            None => true,
        }
    }
}

async fn stack() -> Stack {
    Stack::start(Upstream::saying(&User::default())).await
}

#[tokio::test]
async fn limits_are_told_to_the_client() {
    let mut connection = Connection::open(stack().await.address, &[]).await;
    let settings = connection.next_of(SETTINGS).await.unwrap().payload;
    let value = |id: u16| {
        let mut pairs = settings.chunks(6);
        let pair = pairs.find(|pair| pair[..2] == id.to_be_bytes()).unwrap();
        u32::from_be_bytes(*pair[2..].first_chunk().unwrap())
    };
    assert_eq!(value(3), 250, "streams at once");
    assert_eq!(value(6), 80 << 10, "the size of headers");
}

#[tokio::test]
async fn a_client_that_resets_its_requests_rapidly_loses_its_connection() {
    let stack = Stack::start(Upstream::new(|_| std::future::pending())).await;
    let mut connection = Connection::open(stack.address, &[]).await;
    let mut flood = Vec::new();
    for stream in (1..4_000).step_by(2) {
        flood.extend(frame(HEADERS, END_STREAM | END_HEADERS, stream, &get("/v1/users/me")));
        flood.extend(frame(RST_STREAM, 0, stream, &8u32.to_be_bytes()));
    }
    connection.send(&flood).await;
    let end = connection.next_of(GOAWAY).await.expect("it is told why");
    let code = u32::from_be_bytes(*end.payload[4..].first_chunk().unwrap());
    assert_eq!(code, ENHANCE_YOUR_CALM);
    assert!(stack.upstream.calls().len() < 1_000, "{}", stack.upstream.calls().len());
    assert_eq!(stack.get("/livez").await.status, 200);
}

#[tokio::test]
async fn headers_that_never_end_end_the_connection() {
    let stack = stack().await;
    let mut connection = Connection::open(stack.address, &[]).await;
    connection.send(&frame(HEADERS, END_STREAM, 1, &get("/v1/users/me"))).await;
    // A field that is not indexed, with a value of 16 KiB.
    let field = [&[0, 1, b'x', 0x7f, 0x81, 0x7f][..], &[b'v'; 16 << 10]].concat();
    let more = frame(CONTINUATION, 0, 1, &field[..16_000]);
    for _ in 0..4_000 {
        if !connection.send(&more).await {
            break;
        }
    }
    assert!(connection.is_ended().await);
    assert!(stack.upstream.calls().is_empty());
    assert_eq!(stack.get("/livez").await.status, 200);
}

#[tokio::test]
async fn floods_of_pings_and_settings_harm_nobody_else() {
    let stack = stack().await;
    for noise in [frame(PING, 0, 0, &[7; 8]), frame(SETTINGS, 0, 0, &[])] {
        let mut connection = Connection::open(stack.address, &[]).await;
        let flood = noise.repeat(1_000);
        let (mut read, mut write) = connection.0.split();
        let sending = async {
            for _ in 0..50 {
                if write.write_all(&flood).await.is_err() {
                    break;
                }
            }
            stack.get("/livez").await.status
        };
        let mut answers = vec![0; 64 << 10];
        let status = tokio::select! {
            status = sending => status,
            () = async { while read.read(&mut answers).await.is_ok_and(|n| n > 0) {} } => {
                stack.get("/livez").await.status
            }
        };
        assert_eq!(status, 200);
    }
}

#[tokio::test]
async fn a_client_that_opens_no_window_gets_no_byte_and_holds_up_nobody() {
    let stack = stack().await;
    // INITIAL_WINDOW_SIZE is 0.
    let mut connection = Connection::open(stack.address, &[0, 4, 0, 0, 0, 0]).await;
    connection.send(&frame(HEADERS, END_STREAM | END_HEADERS, 1, &get("/openapi.json"))).await;
    connection.next_of(HEADERS).await.unwrap();
    assert_eq!(stack.get("/openapi.json").await.status, 200);
    connection.send(&frame(WINDOW_UPDATE, 0, 1, &100u32.to_be_bytes())).await;
    let data = connection.next_of(DATA).await.unwrap();
    assert_eq!((data.stream, data.payload.len()), (1, 100));
}

//! A TCP proxy before a server: it counts round trips, and lets servers and networks fail on demand.

use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// A running proxy, which ends with this value.
#[derive(Debug)]
pub struct Proxy {
    url: String,
    shared: Arc<Shared>,
    serving: tokio::task::JoinHandle<()>,
}

#[derive(Debug)]
struct Shared {
    target: Mutex<String>,
    /// Rises when everything that is connected is to be cut off.
    cut: watch::Sender<u64>,
    /// Sessions with a lower number are silent.
    silent_below: watch::Sender<u64>,
    sessions: AtomicU64,
    is_refusing: watch::Sender<bool>,
    round_trips: AtomicU64,
    /// What a client says before the answer to it is lost.
    lost_after: Mutex<HashSet<Vec<u8>>>,
}

impl Proxy {
    /// Starts a proxy before the server that the URL names.
    ///
    /// # Panics
    /// When there is no port to be had, or the URL names no host and port.
    pub async fn start(url: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let target = authority(url);
        let own = url.replacen(target, &format!("127.0.0.1:{port}"), 1);
        let shared = Arc::new(Shared {
            target: Mutex::new(target.to_owned()),
            cut: watch::Sender::new(0),
            silent_below: watch::Sender::new(0),
            sessions: AtomicU64::new(0),
            is_refusing: watch::Sender::new(false),
            round_trips: AtomicU64::new(0),
            lost_after: Mutex::default(),
        });
        let serving = tokio::spawn(serve(listener, Arc::clone(&shared)));
        Self { url: own, shared, serving }
    }

    /// The URL that leads through the proxy.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// How often a client has said something after an answer, or at the beginning.
    #[must_use]
    pub fn round_trips(&self) -> u64 {
        self.shared.round_trips.load(Ordering::SeqCst)
    }

    /// New connections lead to another server, as when an address moves. Those that are open stay.
    pub fn point_to(&self, url: &str) {
        authority(url).clone_into(&mut lock(&self.shared.target));
    }

    /// Ends every connection.
    pub fn cut(&self) {
        self.shared.cut.send_modify(|cut| *cut += 1);
    }

    /// Nothing passes any more on the connections that are open, and none of them ends: as when a
    /// machine loses its power, and another one takes its address.
    pub fn fall_silent(&self) {
        self.shared.silent_below.send_replace(self.shared.sessions.load(Ordering::SeqCst));
    }

    /// New connections are closed at once, open ones are cut off.
    pub fn refuse(&self, is_refusing: bool) {
        self.shared.is_refusing.send_replace(is_refusing);
        self.cut();
    }

    /// The next time that a client says this word, the server hears it, and its answer is lost with the
    /// connection.
    pub fn lose_answer_to(&self, said: &str) {
        lock(&self.shared.lost_after).insert(said.as_bytes().to_owned());
    }

    /// Whether an answer is still to be lost.
    #[must_use]
    pub fn has_answers_to_lose(&self) -> bool {
        !lock(&self.shared.lost_after).is_empty()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.serving.abort();
        self.cut();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// `host:port` of a URL.
fn authority(url: &str) -> &str {
    let (_, rest) = url.split_once("://").expect("a URL with a host");
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, _) = rest.split_at(end);
    authority.rsplit_once('@').map_or(authority, |(_, host)| host)
}

async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    let mut sessions = tokio::task::JoinSet::new();
    while let Ok((client, _)) = listener.accept().await {
        let shared = Arc::clone(&shared);
        sessions.spawn(async move {
            let mut cut = shared.cut.subscribe();
            if *shared.is_refusing.borrow() {
                return;
            }
            tokio::select! {
                _ = cut.changed() => {}
                () = session(client, &shared) => {}
            }
        });
    }
}

async fn session(client: TcpStream, shared: &Shared) {
    let target = lock(&shared.target).clone();
    let number = shared.sessions.fetch_add(1, Ordering::SeqCst);
    let Ok(server) = TcpStream::connect(target).await else { return };
    // A proxy must not add the kernel's delays to what it passes on.
    if client.set_nodelay(true).and(server.set_nodelay(true)).is_err() {
        return;
    }
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let (mut asked, mut answered) = (vec![0; 64 << 10], vec![0; 64 << 10]);
    let (mut has_answered, mut is_lost) = (true, false);
    loop {
        tokio::select! {
            read = from_client.read(&mut asked) => {
                let Some(said) = passed(read, &asked, number, shared).await else { break };
                if has_answered {
                    has_answered = false;
                    shared.round_trips.fetch_add(1, Ordering::SeqCst);
                }
                is_lost |= is_to_be_lost(said, shared);
                if to_server.write_all(said).await.is_err() {
                    break;
                }
            }
            read = from_server.read(&mut answered) => {
                let Some(said) = passed(read, &answered, number, shared).await else { break };
                has_answered = true;
                if is_lost || to_client.write_all(said).await.is_err() {
                    break;
                }
            }
        }
    }
    end(from_client, to_client, to_server).await;
}

/// What was read, once it may pass.
async fn passed<'a>(
    read: std::io::Result<usize>,
    buffer: &'a [u8],
    number: u64,
    shared: &Shared,
) -> Option<&'a [u8]> {
    let said = buffer.get(..read.ok()?).filter(|said| !said.is_empty())?;
    if number < *shared.silent_below.borrow() {
        std::future::pending::<()>().await;
    }
    Some(said)
}

fn is_to_be_lost(said: &[u8], shared: &Shared) -> bool {
    let mut lost_after = lock(&shared.lost_after);
    let found = lost_after.iter().find(|word| holds(said, word)).cloned();
    found.is_some_and(|word| lost_after.remove(&word))
}

/// Whether the word stands there, and not as the beginning of a longer one.
fn holds(said: &[u8], word: &[u8]) -> bool {
    said.windows(word.len()).enumerate().any(|(at, part)| {
        let next = said.get(at + word.len());
        part == word && !next.is_some_and(u8::is_ascii_alphanumeric)
    })
}

async fn end(client: OwnedReadHalf, mut to_client: OwnedWriteHalf, mut to_server: OwnedWriteHalf) {
    // Whoever is gone already needs no goodbye.
    let _ = to_client.shutdown().await;
    let _ = to_server.shutdown().await;
    drop(client);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_is_found_among_the_parts_of_a_url() {
        for url in ["mysql://u:p@h:1/d?x=y", "postgres://h:1", "postgres://u@h:1/d"] {
            assert_eq!(authority(url), "h:1", "{url}");
        }
    }

    #[test]
    fn words_are_told_from_longer_ones() {
        assert!(holds(b"Q COMMIT\0", b"COMMIT") && holds(b"\x03COMMIT", b"COMMIT"));
        assert!(!holds(b"BEGIN READ COMMITTED", b"COMMIT"));
    }

    #[tokio::test]
    async fn what_passes_is_counted_and_can_be_lost() {
        let echo = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("x://{}", echo.local_addr().expect("an address"));
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = echo.accept().await {
                tokio::spawn(async move {
                    let (mut from, mut to) = stream.split();
                    tokio::io::copy(&mut from, &mut to).await
                });
            }
        });
        let proxy = Proxy::start(&url).await;
        let mut client = TcpStream::connect(authority(proxy.url())).await.expect("the proxy");
        let mut answer = [0; 2];
        for _ in 0..3 {
            client.write_all(b"hi").await.expect("a connection");
            client.read_exact(&mut answer).await.expect("an answer");
        }
        assert_eq!(proxy.round_trips(), 3);
        proxy.lose_answer_to("COMMIT");
        client.write_all(b"COMMIT").await.expect("a connection");
        assert_eq!(client.read(&mut answer).await.unwrap_or(0), 0);
        assert!(!proxy.has_answers_to_lose());
    }
}

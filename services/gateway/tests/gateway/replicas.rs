//! Several servers, which come and go.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use artisan_gateway::{Resolve, Settings};
use artisan_proto::artisan::user::v1::User;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::net::TcpSocket;
use tokio::runtime::Runtime;

use crate::client::{Answer, HttpClient};
use crate::stack::Stack;
use crate::upstream::Upstream;

/// Where the name of the service leads, as the test sets it.
#[derive(Clone, Default)]
pub(crate) struct Addresses(Arc<Mutex<Option<Vec<SocketAddr>>>>);

impl Addresses {
    pub(crate) fn of(replicas: &[&Replica]) -> Self {
        let this = Self::default();
        this.set(replicas);
        this
    }

    pub(crate) fn set(&self, replicas: &[&Replica]) {
        *self.0.lock().unwrap() = Some(replicas.iter().map(|replica| replica.address).collect());
    }

    /// Nobody can tell any more.
    pub(crate) fn fail(&self) {
        *self.0.lock().unwrap() = None;
    }
}

impl Resolve for Addresses {
    fn resolve(&self) -> BoxFuture<'static, io::Result<Vec<SocketAddr>>> {
        let addresses = self.0.lock().unwrap().clone();
        std::future::ready(addresses.ok_or_else(|| io::Error::other("no resolver"))).boxed()
    }
}

/// A server with a runtime of its own, so that it can die with all its connections.
pub(crate) struct Replica {
    pub(crate) upstream: Upstream,
    pub(crate) address: SocketAddr,
    runtime: Option<Runtime>,
    /// Keeps the port while nobody listens there: the system would give it to a server of another test, which
    /// the gateway would find instead of a dead replica.
    _port: TcpSocket,
}

impl Replica {
    pub(crate) fn start(upstream: Upstream) -> Self {
        Self::start_on("127.0.0.1:0".parse().unwrap(), upstream)
    }

    pub(crate) fn start_on(address: SocketAddr, upstream: Upstream) -> Self {
        let port = bind(address);
        let address = port.local_addr().unwrap();
        let listening = bind(address);
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        let runtime = builder.worker_threads(1).enable_all().build().unwrap();
        {
            let _entered = runtime.enter();
            upstream.serve_on(listening.listen(128).unwrap());
        }
        Self { upstream, address, runtime: Some(runtime), _port: port }
    }

    /// Answers everything with the same user.
    pub(crate) fn good() -> Self {
        Self::start(good())
    }

    /// Ends everything at once, in the middle of whatever it does.
    pub(crate) fn die(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }

    pub(crate) fn count(&self) -> usize {
        self.upstream.calls().len()
    }
}

/// Several sockets of this process may have the same address; one that does not listen takes no connection.
fn bind(address: SocketAddr) -> TcpSocket {
    let socket = if address.is_ipv6() { TcpSocket::new_v6() } else { TcpSocket::new_v4() };
    let socket = socket.unwrap();
    socket.set_reuseport(true).unwrap();
    socket.bind(address).unwrap();
    socket
}

impl Drop for Replica {
    fn drop(&mut self) {
        self.die();
    }
}

pub(crate) fn good() -> Upstream {
    Upstream::saying(&User { name: "users/u1".to_owned(), ..User::default() })
}

/// Everything happens soon.
pub(crate) fn soon() -> Settings {
    let millis = Duration::from_millis;
    Settings {
        resolve_every: millis(20),
        resolve_pause: millis(10),
        reconnect: (millis(5), millis(20)),
        health_every: millis(50),
        health_timeout: millis(3000),
        slow_start: millis(100),
        eject_for: (millis(500), millis(500)),
        hang: millis(100),
        open_for: (millis(50), millis(100)),
        retry_pause: (millis(1), millis(5)),
        ..Settings::default()
    }
}

/// A gateway in front of whatever the addresses lead to.
pub(crate) async fn before(addresses: &Addresses, settings: Settings) -> Stack {
    let upstream = artisan_gateway::Upstream::builder("http://users.test".parse().unwrap())
        .resolver(addresses.clone())
        .settings(settings)
        .build();
    Stack::over(upstream, &[]).await
}

pub(crate) async fn read(client: &HttpClient) -> Answer {
    client.get("/v1/users/u1").await
}

/// Sends so many reads, some at once, and gives the statuses of those that failed.
pub(crate) async fn read_many(client: &HttpClient, workers: usize, each: usize) -> Vec<u16> {
    let workers = (0..workers).map(|_| {
        let client = client.clone();
        tokio::spawn(async move {
            let mut failed = Vec::new();
            for _ in 0..each {
                let status = read(&client).await.status.as_u16();
                failed.extend(Some(status).filter(|status| *status != 200));
            }
            failed
        })
    });
    let all = futures_util::future::join_all(workers).await;
    all.into_iter().flat_map(Result::unwrap).collect()
}

/// Reads until something is so; fails when that takes too long.
pub(crate) async fn read_until(client: &HttpClient, mut is_so: impl FnMut(&Answer) -> bool) {
    let reading = async {
        while !is_so(&read(client).await) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), reading).await.unwrap();
}

/// Waits until something is so; fails when that takes too long.
pub(crate) async fn until(mut is_so: impl FnMut() -> bool) {
    let waiting = async {
        while !is_so() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), waiting).await.unwrap();
}

//! The service comes and goes; the gateway ends in order.

use artisan_gateway::{Health, follow_health, health};
use artisan_proto::artisan::user::v1::User;
use artisan_runtime::lifecycle::Outcome;
use bytes::Bytes;
use prost::Message;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tonic::Status;
use tonic_health::ServingStatus;
use tonic_health::pb::{HealthCheckRequest, HealthCheckResponse};

use crate::stack::Stack;
use crate::upstream::{Upstream, once};

#[tokio::test]
async fn a_service_that_is_away_is_503_and_its_return_is_noticed() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let upstream = Upstream::saying(&User::default());
    let stack = Stack::before(address, upstream, &[]).await;
    let answer = stack.get("/v1/users/me").await;
    let problem = answer.problem(503, "UNAVAILABLE");
    assert_eq!(problem["code"], "UNAVAILABLE");
    assert_eq!(answer.header("retry-after"), "1");
    assert!(!answer.text.contains("127.0.0.1"), "{answer:?}");

    stack.upstream.serve_on(TcpListener::bind(address).await.unwrap());
    assert_eq!(stack.get("/v1/users/me").await.status, 200);
}

#[tokio::test]
async fn a_service_that_dies_during_a_call_is_503() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        // Takes the connection, then closes it in the middle of everything.
        while let Ok((stream, _)) = listener.accept().await {
            stream.readable().await.unwrap();
            drop(stream);
        }
    });
    let stack = Stack::before(address, Upstream::failing(Status::internal("")), &[]).await;
    let answer = stack.get("/v1/users/me").await;
    answer.problem(503, "UNAVAILABLE");
}

#[tokio::test]
async fn a_shutdown_finishes_what_is_in_flight() {
    let (entered, mut has_entered) = mpsc::channel(1);
    let (release, released) = mpsc::channel::<()>(1);
    let released = std::sync::Arc::new(tokio::sync::Mutex::new(released));
    let upstream = Upstream::new(move |_| {
        let (entered, released) = (entered.clone(), released.clone());
        async move {
            entered.send(()).await.unwrap();
            released.lock().await.recv().await;
            Ok(once(Bytes::new()))
        }
    });
    let stack = Stack::start(upstream).await;
    let client = stack.client.clone();
    let request = tokio::spawn(async move { client.get("/v1/users/me").await });
    has_entered.recv().await.unwrap();
    stack.shutdown.trigger();
    stack.shutdown.stopping().await;
    // The listener closes a moment after the phase changes.
    while TcpStream::connect(stack.address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    release.send(()).await.unwrap();
    assert_eq!(request.await.unwrap().status, 200);
    assert_eq!(stack.server.await.unwrap(), Outcome::Drained);
}

#[tokio::test]
async fn probes_tell_life_from_readiness() {
    let stack = Stack::start(Upstream::saying(&User::default())).await;
    assert_eq!(stack.get("/readyz").await.status, 200);
    stack.readiness.set("upstream serving", false);
    let answer = stack.get("/readyz").await;
    assert_eq!(answer.status, 503);
    assert_eq!(answer.text, "not ready: upstream serving\n");
    assert_eq!(stack.get("/livez").await.status, 200);
    stack.get("/metrics").await.problem(404, "ROUTE_NOT_FOUND");
}

/// An upstream whose health is what the test sets, by the name of the service.
fn with_health(
    of: impl Fn(&str) -> Result<ServingStatus, Status> + Send + Sync + 'static,
) -> Upstream {
    Upstream::new(move |call| {
        assert_eq!(call.path, "/grpc.health.v1.Health/Check");
        let status = of(&call.decode::<HealthCheckRequest>().service);
        async move {
            let status = status? as i32;
            Ok(once(HealthCheckResponse { status }.encode_to_vec().into()))
        }
    })
    .with_own_health()
}

async fn health_of(upstream: Upstream) -> Health {
    let uri = format!("http://{}", upstream.start().await).parse().unwrap();
    health(&artisan_gateway::Upstream::remote(uri)).await
}

#[tokio::test]
async fn health_is_that_of_all_services_that_are_known_by_name() {
    let of = |user, auth, rest| {
        with_health(move |name| {
            match name {
                "artisan.user.v1.UserService" => user,
                "artisan.user.v1.AuthService" => auth,
                "" => rest,
                _ => Err(()),
            }
            .map_err(|()| Status::not_found(""))
        })
    };
    let (up, down, unknown) = (Ok(ServingStatus::Serving), Ok(ServingStatus::NotServing), Err(()));
    assert_eq!(health_of(of(up, up, down)).await, Health::Serving);
    assert_eq!(health_of(of(up, unknown, unknown)).await, Health::Serving);
    assert_eq!(health_of(of(up, down, up)).await, Health::NotServing);
    assert_eq!(health_of(of(unknown, unknown, up)).await, Health::Serving);
    assert_eq!(health_of(of(unknown, unknown, down)).await, Health::NotServing);
    let failing = Upstream::failing(Status::unavailable("starting")).with_own_health();
    assert_eq!(health_of(failing).await, Health::Unreachable);
}

#[tokio::test]
async fn readiness_follows_health() {
    let serving = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(true));
    let flag = serving.clone();
    let upstream = with_health(move |_| {
        let serving = flag.load(std::sync::atomic::Ordering::SeqCst);
        Ok(if serving { ServingStatus::Serving } else { ServingStatus::NotServing })
    });
    let stack = Stack::start(upstream.clone()).await;
    let uri = format!("http://{}", upstream.start().await).parse().unwrap();
    let upstream = artisan_gateway::Upstream::remote(uri);
    let following = follow_health(upstream, stack.readiness.clone());
    assert!(!stack.readiness.is_ready(), "nothing was heard yet");
    let following = tokio::spawn(following);
    let mut changes = stack.readiness.subscribe();
    changes.wait_for(|conditions| conditions.get("upstream serving") == Some(&true)).await.unwrap();
    serving.store(false, std::sync::atomic::Ordering::SeqCst);
    changes.wait_for(|conditions| !conditions["upstream serving"]).await.unwrap();
    following.abort();
}

//! Calls stay away from what fails, and come back.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use artisan_gateway::Settings;
use bytes::Bytes;
use prost::Message;
use tokio::sync::Semaphore;
use tonic::{Code, Status};
use tonic_health::ServingStatus;
use tonic_health::pb::HealthCheckResponse;

use crate::grpc;
use crate::replicas::{Addresses, Replica, before, good, read, read_many, read_until, soon, until};
use crate::upstream::{Upstream, once};

/// Good, unless the test says otherwise: then every call is refused.
fn moody(is_well: &Arc<AtomicBool>) -> Upstream {
    let (is_well, inner) = (is_well.clone(), good());
    Upstream::new(move |call| {
        let (is_well, inner) = (is_well.load(Ordering::SeqCst), inner.clone());
        async move {
            if is_well { inner.answer(call).await } else { Err(Status::unavailable("not now")) }
        }
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_that_dies_under_load_fails_no_read() {
    let mut replicas = [Replica::good(), Replica::good(), Replica::good()];
    let [a, b, c] = &replicas;
    let stack = before(&Addresses::of(&[a, b, c]), soon()).await;
    read_until(&stack, |_| replicas.iter().all(|replica| replica.count() > 10)).await;

    let client = stack.client.clone();
    let load = tokio::spawn(async move { read_many(&client, 8, 100).await });
    let count = || replicas.iter().map(Replica::count).sum::<usize>();
    let first = count();
    until(|| count() >= first + 200).await;
    let dead = replicas[0].count();
    replicas[0].die();
    let failed = load.await.unwrap();
    println!("800 reads, {} failed", failed.len());
    assert!(failed.is_empty(), "{failed:?}");
    assert!(replicas[0].count() <= dead + 100, "it had its share until then");
}

#[tokio::test]
async fn a_replica_that_takes_connections_but_answers_nothing_gets_no_calls() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let (good, mut silent) = (Replica::good(), Replica::good());
    silent.die();
    silent.address = listener.local_addr().unwrap();
    let stack = before(&Addresses::of(&[&silent, &good]), soon()).await;
    assert!(read_many(&stack, 4, 20).await.is_empty());
}

#[tokio::test]
async fn a_replica_that_falls_silent_is_left_out() {
    let is_silent = Arc::new(AtomicBool::new(false));
    let flag = is_silent.clone();
    let inner = good();
    let upstream = Upstream::new(move |call| {
        let (is_silent, inner) = (flag.load(Ordering::SeqCst), inner.clone());
        async move {
            if is_silent {
                std::future::pending::<()>().await;
            }
            if call.path.starts_with("/grpc.health") {
                let serving = HealthCheckResponse { status: ServingStatus::Serving as i32 };
                return Ok(once(serving.encode_to_vec().into()));
            }
            inner.answer(call).await
        }
    });
    let upstream = upstream.with_own_health();
    // Its health is asked seldom, so that only calls find out.
    let settings = Settings { health_every: Duration::from_hours(1), ..soon() };
    let (silent, good) = (Replica::start(upstream), Replica::good());
    let stack = before(&Addresses::of(&[&silent, &good]), settings).await;
    read_until(&stack, |_| silent.count() > 0 && good.count() > 0).await;
    is_silent.store(true, Ordering::SeqCst);
    let mut row = 0;
    let wait = async {
        while row < 30 {
            let limit = [("x-request-timeout", "300ms")];
            let answer = stack.send("GET /v1/users/u1", &limit, "").await;
            row = if answer.status == 200 { row + 1 } else { 0 };
        }
    };
    tokio::time::timeout(Duration::from_mins(1), wait).await.unwrap();
}

#[tokio::test]
async fn a_replica_that_refuses_calls_is_ejected_and_comes_back() {
    let is_well = Arc::new(AtomicBool::new(false));
    let (bad, good) = (Replica::start(moody(&is_well)), Replica::good());
    let for_long = Duration::from_secs(15);
    let settings = Settings { eject_for: (for_long, for_long), ..soon() };
    let stack = before(&Addresses::of(&[&bad, &good]), settings).await;
    // Until it is connected, there is no other one.
    read_until(&stack, |_| good.count() > 0).await;
    read_until(&stack, |answer| {
        assert_eq!(answer.status, 200, "another replica answers");
        bad.count() >= 5
    })
    .await;
    let refused = bad.count();
    assert!(read_many(&stack, 2, 10).await.is_empty());
    assert_eq!(bad.count(), refused, "it is ejected");

    is_well.store(true, Ordering::SeqCst);
    read_until(&stack, |_| bad.count() > refused + 3).await;
}

#[tokio::test]
async fn where_every_replica_fails_calls_are_not_even_sent() {
    let is_well = Arc::new(AtomicBool::new(false));
    let only = Replica::start(moody(&is_well));
    let for_long = Duration::from_secs(4);
    let stack =
        before(&Addresses::of(&[&only]), Settings { open_for: (for_long, for_long), ..soon() })
            .await;
    for _ in 0..20 {
        let answer = stack.json("POST /v1/users/u1:activate", &[], "{}").await;
        answer.problem(503, "UNAVAILABLE");
        assert_ne!(answer.header("retry-after"), "");
    }
    println!("20 calls, {} sent", only.count());
    assert!(only.count() < 12, "the circuit opens after five: {}", only.count());
    is_well.store(true, Ordering::SeqCst);
    read_until(&stack, |answer| answer.status == 200).await;
    assert!(read_many(&stack, 2, 10).await.is_empty());
}

#[tokio::test]
async fn where_all_are_gone_calls_fail_at_once_until_one_is_back() {
    let mut replicas = [Replica::good(), Replica::good()];
    let [a, b] = &replicas;
    let stack = before(&Addresses::of(&[a, b]), soon()).await;
    assert_eq!(read(&stack).await.status, 200);
    replicas.iter_mut().for_each(Replica::die);
    for _ in 0..20 {
        let answer = read(&stack).await;
        answer.problem(503, "UNAVAILABLE");
        assert_eq!(answer.header("retry-after"), "1");
    }
    let _back = Replica::start_on(replicas[1].address, good());
    read_until(&stack, |answer| answer.status == 200).await;
}

#[tokio::test]
async fn more_calls_than_allowed_are_refused_at_once() {
    let (gate, entered) = (Arc::new(Semaphore::new(0)), Arc::new(AtomicUsize::new(0)));
    let (waiting, inside) = (gate.clone(), entered.clone());
    let replica = Replica::start(Upstream::new(move |_| {
        let (gate, entered) = (waiting.clone(), inside.clone());
        async move {
            entered.fetch_add(1, Ordering::SeqCst);
            gate.acquire().await.unwrap().forget();
            Ok(once(Bytes::new()))
        }
    }));
    let stack = before(&Addresses::of(&[&replica]), Settings { max_calls: 2, ..soon() }).await;
    let client = stack.client.clone();
    let slow = tokio::spawn(async move { read(&client).await.status });
    let mut users = grpc::users(&stack).await;
    let slow_grpc = tokio::spawn({
        let mut users = users.clone();
        async move { users.get_user(grpc::me()).await.map(|_| ()) }
    });
    until(|| entered.load(Ordering::SeqCst) >= 2).await;
    let answer = read(&stack).await;
    answer.problem(503, "UPSTREAM_BUSY");
    assert_eq!(answer.header("retry-after"), "1");
    let refused = users.get_user(grpc::me()).await.unwrap_err();
    assert_eq!(refused.code(), Code::Unavailable);
    gate.add_permits(100);
    assert_eq!(slow.await.unwrap(), 200);
    slow_grpc.await.unwrap().unwrap();
    assert_eq!(read(&stack).await.status, 200);
    users.get_user(grpc::me()).await.unwrap();
}

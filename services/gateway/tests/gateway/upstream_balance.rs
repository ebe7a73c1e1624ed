//! Calls are spread over the addresses of the service, which change.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use artisan_gateway::Settings;
use bytes::Bytes;
use prost::Message;
use tokio::sync::watch;
use tonic_health::ServingStatus;
use tonic_health::pb::HealthCheckResponse;

use crate::replicas::{Addresses, Replica, before, good, read, read_many, read_until, soon, until};
use crate::stack::Stack;
use crate::upstream::{Upstream, once};

fn peers(replica: &Replica) -> BTreeSet<u16> {
    replica.upstream.calls().iter().filter_map(|call| Some(call.peer?.port())).collect()
}

/// Counts the calls that come, and answers them once it is open. It is open for good then: a turn for each
/// call would be missing where an answer is lost on its way and its call comes again.
fn waiting_for(opening: watch::Receiver<bool>, entered: &Arc<AtomicUsize>) -> Upstream {
    let entered = entered.clone();
    Upstream::new(move |_| {
        let (mut opening, entered) = (opening.clone(), entered.clone());
        async move {
            entered.fetch_add(1, Ordering::SeqCst);
            opening.wait_for(|is_open| *is_open).await.unwrap();
            Ok(once(Bytes::new()))
        }
    })
}

#[tokio::test]
async fn all_addresses_get_calls_and_one_has_several_connections() {
    let replicas = [Replica::good(), Replica::good(), Replica::good()];
    let [a, b, c] = &replicas;
    let stack = before(&Addresses::of(&[a, b, c]), soon()).await;
    read_until(&stack, |_| replicas.iter().all(|replica| replica.count() > 0)).await;

    let stack = before(&Addresses::of(&[a]), soon()).await;
    read_until(&stack, |_| peers(a).len() >= Settings::default().connections).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crowded_address_gets_more_connections_but_not_any_number() {
    // As many as sixteen connections have places for, but one of each that is kept for the replica's health.
    const PLACES: usize = 16 * (20 - 1);
    const CALLS: usize = PLACES + 40;
    let (gate, opening) = watch::channel(false);
    let waiting = Arc::new(AtomicUsize::new(0));
    let replica = Replica::start(waiting_for(opening, &waiting).with_streams(20));
    // It is busy, not silent, however long that takes; nor does anything wait for its word meanwhile.
    let long = Duration::from_mins(1);
    let settings = Settings { hang: long, health_timeout: long, ..soon() };
    let stack = before(&Addresses::of(&[&replica]), settings).await;
    let calls = (0..CALLS).map(|_| {
        let client = stack.client.clone();
        // Where all connections are full, calls are refused until there is one more.
        tokio::spawn(async move {
            while read(&client).await.status != 200 {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        })
    });
    let calls = futures_util::future::join_all(calls.collect::<Vec<_>>());
    until(|| waiting.load(Ordering::SeqCst) >= PLACES).await;
    let connections = peers(&replica).len();
    gate.send_replace(true);
    let ended = tokio::time::timeout(Duration::from_secs(30), calls).await.unwrap();
    ended.into_iter().for_each(Result::unwrap);
    assert_eq!(connections, 16);
}

#[tokio::test]
async fn addresses_of_the_sixth_version_serve_as_well() {
    let address = "[::1]:0".parse().unwrap();
    let replica = Replica::start_on(address, good());
    let uri = format!("http://{}", replica.address).parse().unwrap();
    let stack = Stack::over(artisan_gateway::Upstream::remote(uri), &[]).await;
    assert_eq!(read(&stack).await.status, 200);
}

#[tokio::test]
async fn a_slow_replica_gets_fewer_calls() {
    let fast = Replica::good();
    let (gate, _) = watch::channel(true);
    let opening = gate.subscribe();
    let slow = Replica::start(Upstream::new(move |_| {
        let mut opening = opening.clone();
        async move {
            opening.wait_for(|is_open| *is_open).await.unwrap();
            Ok(once(Bytes::new()))
        }
    }));
    // One that had just been connected would get less than its share.
    let settings = Settings { slow_start: Duration::ZERO, ..soon() };
    let stack = before(&Addresses::of(&[&fast, &slow]), settings).await;
    read_until(&stack, |_| fast.count() > 0 && slow.count() > 0).await;
    gate.send_replace(false);
    let (first, first_slow) = (fast.count(), slow.count());
    let client = stack.client.clone();
    // Somewhat more than half of them get stuck, until the other replica is never as busy; the rest goes on.
    let load = tokio::spawn(async move { read_many(&client, 16, 40).await });
    until(|| fast.count() >= first + 60).await;
    let slow = slow.count() - first_slow;
    gate.send_replace(true);
    println!("fast 60, slow {slow}");
    assert!(slow * 2 < 60, "{slow}");
    let failed = load.await.unwrap();
    assert!(failed.is_empty(), "{failed:?}");
}

/// A replica that says of its health what the test wants, and how often it was asked.
fn warming(serves: &Arc<AtomicBool>, asked: &Arc<AtomicUsize>) -> Upstream {
    let (serves, asked) = (serves.clone(), asked.clone());
    let inner = good();
    let upstream = Upstream::new(move |call| {
        let inner = inner.clone();
        let status = if serves.load(Ordering::SeqCst) {
            ServingStatus::Serving
        } else {
            ServingStatus::NotServing
        };
        let is_health = call.path.starts_with("/grpc.health");
        asked.fetch_add(usize::from(is_health), Ordering::SeqCst);
        async move {
            if !is_health {
                return inner.answer(call).await;
            }
            let health = HealthCheckResponse { status: status as i32 };
            Ok(once(health.encode_to_vec().into()))
        }
    });
    upstream.with_own_health()
}

fn reads(replica: &Replica) -> usize {
    let is_read = |call: &&crate::upstream::Call| call.path.ends_with("/GetUser");
    replica.upstream.calls().iter().filter(is_read).count()
}

#[tokio::test]
async fn a_new_address_gets_calls_once_it_serves() {
    let (serves, asked) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let (old, new) = (Replica::good(), Replica::start(warming(&serves, &asked)));
    let addresses = Addresses::of(&[&old]);
    let stack = before(&addresses, soon()).await;
    assert_eq!(read(&stack).await.status, 200);

    addresses.set(&[&old, &new]);
    read_until(&stack, |_| asked.load(Ordering::SeqCst) > 1).await;
    assert!(read_many(&stack, 4, 10).await.is_empty());
    assert_eq!(reads(&new), 0, "it does not serve yet");

    serves.store(true, Ordering::SeqCst);
    read_until(&stack, |_| reads(&new) > 0).await;
    assert!(read_many(&stack, 4, 10).await.is_empty());
}

#[tokio::test]
async fn a_service_that_does_not_serve_says_so_itself() {
    let (serves, asked) = (Arc::new(AtomicBool::new(false)), Arc::default());
    let only = Replica::start(warming(&serves, &asked));
    let stack = before(&Addresses::of(&[&only]), soon()).await;
    assert_eq!(read(&stack).await.status, 200, "nobody else is there");
}

#[tokio::test]
async fn an_address_that_vanished_ends_with_its_calls() {
    let (gate, opening) = watch::channel(false);
    let entered = Arc::new(AtomicUsize::new(0));
    let old = Replica::start(waiting_for(opening, &entered));
    let addresses = Addresses::of(&[&old]);
    let stack = before(&addresses, soon()).await;
    let client = stack.client.clone();
    let slow = tokio::spawn(async move { read(&client).await });
    until(|| entered.load(Ordering::SeqCst) > 0).await;

    let new = Replica::good();
    addresses.set(&[&new]);
    // Until then calls of the test may go to the old one, and stay there.
    let quick = |client: crate::client::HttpClient| async move {
        client.send("GET /v1/users/u1", &[("x-request-timeout", "200ms")], "").await.status
    };
    let arriving = async { while quick(stack.client.clone()).await != 200 {} };
    tokio::time::timeout(Duration::from_secs(30), arriving).await.unwrap();
    let before = old.count();
    assert!(read_many(&stack, 4, 10).await.is_empty());
    assert_eq!(old.count(), before);
    gate.send_replace(true);
    assert_eq!(slow.await.unwrap().status, 200);
}

#[tokio::test]
async fn addresses_are_kept_while_nobody_can_tell_them() {
    let replica = Replica::good();
    let addresses = Addresses::of(&[&replica]);
    let stack = before(&addresses, soon()).await;
    assert_eq!(read(&stack).await.status, 200);
    addresses.fail();
    tokio::time::sleep(soon().resolve_every * 3).await;
    assert!(read_many(&stack, 2, 10).await.is_empty());

    let stack = before(&addresses, soon()).await;
    read(&stack).await.problem(503, "UNAVAILABLE");
    addresses.set(&[&replica]);
    read_until(&stack, |answer| answer.status == 200).await;
}

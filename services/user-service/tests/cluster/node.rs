//! A node of the cluster dies while clients write.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use artisan_proto::artisan::user::v1::CreateUserRequest;
use artisan_proto::artisan::user::v1::user_service_client::UserServiceClient;
use artisan_store::{Store, StoreOptions};
use artisan_testkit::Proxy;
use artisan_user_service::App;
use artisan_user_service::clock::Sources;
use tonic::{Code, service::Routes};
use uuid::Uuid;

use crate::harness::{buyer, config};
use crate::site::{Site, ask};

const WRITERS: usize = 8;
/// How much longer than the cluster's own failover the service's errors may last: time to connect anew.
const SLACK: Duration = Duration::from_secs(5);

#[test]
#[ignore = "needs `cargo xtask cluster`"]
fn no_answered_write_is_lost_with_a_node() {
    Site::run(dead_node);
}

/// What one client has seen.
#[derive(Default)]
struct Seen {
    created: Vec<String>,
    /// The longest time from a first error to the success that ended it.
    outage: Duration,
    errors: usize,
}

/// Creates users until it is told to end, each until it is done; every call has an id, so that one whose
/// answer was lost can be repeated.
async fn write(mut users: UserServiceClient<Routes>, is_over: Arc<AtomicBool>) -> Seen {
    let mut seen = Seen::default();
    while !is_over.load(Ordering::SeqCst) {
        let email = format!("{}@example.com", Uuid::new_v4());
        let request_id = Uuid::new_v4().to_string();
        let user = Some(buyer(&email));
        let request = CreateUserRequest { user, request_id, ..CreateUserRequest::default() };
        let begun = Instant::now();
        let mut has_failed = false;
        loop {
            match users.create_user(request.clone()).await {
                Ok(_) => break,
                Err(status) => {
                    let code = status.code();
                    assert!(
                        matches!(code, Code::Unavailable | Code::DeadlineExceeded),
                        "{status:?}"
                    );
                    has_failed = true;
                    seen.errors += 1;
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
        }
        if has_failed {
            seen.outage = seen.outage.max(begun.elapsed());
        }
        seen.created.push(email);
    }
    seen
}

/// How long the cluster itself takes no writes.
async fn failover(url: &str) -> Duration {
    let begun = Instant::now();
    loop {
        let name = Uuid::new_v4().simple();
        let sql = format!("INSERT INTO guards (name, revision) VALUES ('{name}', 1)");
        if ask(url, &sql).await.is_ok() {
            return begun.elapsed();
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Leads to one of the nodes that are in step with the others, as a load balancer with a health check
/// does. A node from which another one copies everything, with rsync, takes no writes meanwhile.
async fn balance(proxy: Arc<Proxy>, nodes: [String; 2]) {
    let state = "SELECT variable_value FROM information_schema.global_status \
                 WHERE variable_name = 'wsrep_local_state_comment'";
    let mut led_to = None;
    loop {
        for node in &nodes {
            let found = ask(node, state).await.unwrap_or_default();
            if found.first().is_some_and(|state| state == "Synced") {
                if led_to != Some(node) {
                    proxy.point_to(node);
                    proxy.cut();
                }
                led_to = Some(node);
                break;
            }
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn dead_node(site: Site) -> Site {
    let files = artisan_migrations::MYSQL.iter().map(|file| (file.name, file.text));
    artisan_migrate::upgrade_to_head(&site.url(0), files).await.unwrap();
    // It stands for the address that leads to a node that is there, as a Kubernetes Service does.
    let proxy = Arc::new(Proxy::start(&site.url(0)).await);
    let store = Store::connect(proxy.url(), StoreOptions::default()).unwrap();
    let mut settings = config();
    settings.request_timeout = Duration::from_secs(10);
    let app = App::build(&settings, store, Sources::system()).unwrap();
    let is_over = Arc::new(AtomicBool::new(false));
    let writers: Vec<_> = (0..WRITERS)
        .map(|_| {
            let users = UserServiceClient::new(app.routes());
            tokio::spawn(write(users, Arc::clone(&is_over)))
        })
        .collect();
    while site.count(1, "users").await < 50 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    site.process(0).await.send("KILL");
    let nodes = [site.url(1), site.url(2)];
    let balancing = tokio::spawn(balance(Arc::clone(&proxy), nodes));
    let cluster = failover(&site.url(1)).await;
    let before = site.count(1, "users").await;
    while site.count(1, "users").await < before + 50 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    // The node is back as well: what others do for it belongs to the failover.
    site.back(0).await;
    is_over.store(true, Ordering::SeqCst);
    let (mut created, mut outage, mut errors) = (HashSet::new(), Duration::ZERO, 0);
    for writer in writers {
        let seen = writer.await.unwrap();
        created.extend(seen.created);
        outage = outage.max(seen.outage);
        errors += seen.errors;
    }
    balancing.abort();
    for node in 0..3 {
        let found = site.texts(node, "SELECT email FROM users").await;
        let found: HashSet<String> = found.into_iter().collect();
        assert_eq!(found, created, "on node {node}");
        for rows in ["credentials", "buyers", "user_events"] {
            assert_eq!(site.count(node, rows).await, created.len(), "{rows} on node {node}");
        }
    }
    assert!(
        outage <= cluster + SLACK,
        "{errors} errors for {outage:?}, where the cluster took {cluster:?}"
    );
    site
}

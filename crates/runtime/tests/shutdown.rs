//! The order of a shutdown, on a clock that the test drives.

use std::time::Duration;

use artisan_runtime::lifecycle::Shutdown;
use artisan_runtime::readiness::Readiness;
use tokio::time::Instant;

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test(start_paused = true)]
async fn phases_follow_each_other_at_their_times() {
    let shutdown = Shutdown::new(5 * SECOND, 30 * SECOND);
    assert!(!shutdown.is_draining());
    let begin = Instant::now();
    shutdown.trigger();
    shutdown.draining().await;
    assert_eq!(begin.elapsed().as_secs(), 0);
    shutdown.stopping().await;
    assert_eq!(begin.elapsed().as_secs(), 5);
    shutdown.cut_off().await;
    assert_eq!(begin.elapsed().as_secs(), 30);
}

#[tokio::test(start_paused = true)]
async fn triggering_twice_changes_nothing() {
    let shutdown = Shutdown::new(5 * SECOND, 30 * SECOND);
    let begin = Instant::now();
    shutdown.trigger();
    tokio::time::sleep(3 * SECOND).await;
    shutdown.trigger();
    shutdown.stopping().await;
    assert_eq!(begin.elapsed().as_secs(), 5);
}

#[tokio::test(start_paused = true)]
async fn grace_bounds_the_drain_delay() {
    let shutdown = Shutdown::new(60 * SECOND, 10 * SECOND);
    let begin = Instant::now();
    shutdown.trigger();
    shutdown.stopping().await;
    assert_eq!(begin.elapsed().as_secs(), 10);
}

#[tokio::test(start_paused = true)]
async fn readiness_falls_before_anything_is_refused() {
    let shutdown = Shutdown::new(5 * SECOND, 30 * SECOND);
    let readiness = Readiness::new();
    readiness.follow(&shutdown);
    readiness.ready().await;
    let mut changes = readiness.subscribe();
    shutdown.trigger();
    changes.changed().await.unwrap();
    assert_eq!(readiness.reasons(), ["not draining"]);
    let stopped = tokio::time::timeout(Duration::from_millis(1), shutdown.stopping()).await;
    assert!(stopped.is_err(), "it still accepts");
}

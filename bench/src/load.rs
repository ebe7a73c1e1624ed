//! Sending the same call over and over, several at a time.

use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use crate::failure::Failure;

pub(crate) mod grpc;
pub(crate) mod http;
pub(crate) mod list;

/// How many calls are under way at any time, for every subject alike.
pub(crate) const CONCURRENCY: u32 = 8;

/// Runs `call` as often as asked, [`CONCURRENCY`] at a time; the first error ends it.
pub(crate) async fn repeat<F, C>(calls: u64, call: C) -> Result<(), Failure>
where
    C: Fn() -> F,
    F: Future<Output = Result<(), Failure>>,
{
    let workers = u64::from(CONCURRENCY);
    let worker = |index: u64| {
        let share = calls / workers + u64::from(index < calls % workers);
        let call = &call;
        async move {
            for _ in 0..share {
                call().await?;
            }
            Ok::<_, Failure>(())
        }
    };
    futures_util::future::try_join_all((0..workers).map(worker)).await.map(drop)
}

/// Makes numbered calls at so many a second, however long each takes; when each had ended after it was due,
/// sorted.
pub(crate) async fn paced<F, C>(calls: u64, rate: f64, call: C) -> Result<Vec<Duration>, Failure>
where
    C: Fn(u64) -> F,
    F: Future<Output = Result<(), Failure>> + Send + 'static,
{
    let begin = Instant::now();
    let mut running = JoinSet::new();
    for number in 0..calls {
        #[expect(clippy::cast_precision_loss, reason = "numbers of calls are far below 2^52")]
        let due = begin + Duration::from_secs_f64(number as f64 / rate);
        tokio::time::sleep_until(due.into()).await;
        let call = call(number);
        // From when it was due: a processor that is busy elsewhere makes it late as well.
        running.spawn(async move { call.await.map(|()| due.elapsed()) });
    }
    let mut times = Vec::new();
    while let Some(time) = running.join_next().await {
        times.push(time.map_err(Failure::call)??);
    }
    times.sort_unstable();
    Ok(times)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::sync::Arc;

    use tokio::sync::Notify;

    use super::*;

    #[tokio::test]
    async fn every_call_is_made_once() {
        for calls in [0, 1, 7, 8, 1003] {
            let made = Cell::new(0);
            let call = || async {
                made.set(made.get() + 1);
                Ok(())
            };
            repeat(calls, call).await.unwrap();
            assert_eq!(made.get(), calls);
        }
    }

    #[tokio::test]
    async fn a_paced_call_waits_for_none_before_it() {
        let last_is_made = Arc::new(Notify::new());
        let call = |number| {
            let last_is_made = Arc::clone(&last_is_made);
            async move {
                match number {
                    0 => last_is_made.notified().await,
                    1 => {}
                    _ => last_is_made.notify_one(),
                }
                Ok(())
            }
        };
        let paced = tokio::time::timeout(Duration::from_secs(30), paced(3, 10_000.0, call));
        let times = paced.await.unwrap().unwrap();
        assert_eq!(times.len(), 3);
        assert!(times.is_sorted());
    }

    #[tokio::test]
    async fn a_failed_call_ends_the_run() {
        assert!(repeat(100, || async { Err(Failure::call("no")) }).await.is_err());
        assert!(paced(2, 1000.0, |_| async { Err(Failure::call("no")) }).await.is_err());
    }
}

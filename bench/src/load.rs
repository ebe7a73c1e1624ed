//! Sending the same call over and over, several at a time.

use crate::failure::Failure;

pub(crate) mod grpc;
pub(crate) mod http;

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

#[cfg(test)]
mod tests {
    use std::cell::Cell;

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
    async fn a_failed_call_ends_the_run() {
        assert!(repeat(100, || async { Err(Failure::call("no")) }).await.is_err());
    }
}

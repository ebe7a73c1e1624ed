//! How long a database may be silent in the middle of the work.

use std::time::Duration;

use crate::error::{Cause, StoreError};

/// A page or a batch takes a second where the server is slow: who says nothing for so long is gone.
const LIMIT: Duration = Duration::from_mins(2);

/// The outcome of one step, or that the database has not answered.
pub(super) async fn bounded<T, R: From<StoreError>>(
    step: impl Future<Output = Result<T, R>>,
) -> Result<T, R> {
    within(LIMIT, step).await
}

async fn within<T, R: From<StoreError>>(
    limit: Duration,
    step: impl Future<Output = Result<T, R>>,
) -> Result<T, R> {
    tokio::time::timeout(limit, step).await.unwrap_or_else(|_late| {
        let cause = format!("it has not answered for {} s", limit.as_secs());
        Err(StoreError::Unavailable(Cause::new(cause)).into())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_silent_database_is_unavailable() {
        let silent = std::future::pending::<Result<(), StoreError>>();
        let ended = within(Duration::ZERO, silent).await;
        assert!(matches!(ended, Err(StoreError::Unavailable(_))), "{ended:?}");
    }
}

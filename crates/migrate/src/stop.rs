use tokio::sync::watch;

/// Asks a [`Runner`](crate::Runner) to end early; dropped without a word, it never does.
#[derive(Debug)]
pub struct Stopper(watch::Sender<bool>);

/// The runner's ear for its [`Stopper`]; the default hears nothing.
#[derive(Clone, Debug, Default)]
pub struct Stop(Option<watch::Receiver<bool>>);

impl Stopper {
    /// A pair of asker and ear.
    #[must_use]
    pub fn new() -> (Self, Stop) {
        let (sender, receiver) = watch::channel(false);
        (Self(sender), Stop(Some(receiver)))
    }

    /// Asks: the running statement is cancelled, what can be is rolled back, the lock is released.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }
}

impl Stop {
    /// Whether the runner was asked to end.
    #[must_use]
    pub fn is_requested(&self) -> bool {
        self.0.as_ref().is_some_and(|receiver| *receiver.borrow())
    }

    /// Ends when the runner is asked to end, possibly never.
    pub async fn requested(&self) {
        let Some(receiver) = &self.0 else { return std::future::pending().await };
        if receiver.clone().wait_for(|stop| *stop).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

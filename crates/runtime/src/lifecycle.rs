//! How a program ends: it stops being ready, then stops accepting, then finishes, then is cut off.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, sleep, sleep_until};

use crate::exit::Exit;

/// What is left of the process after a hard stop, for tasks to unwind before it is ended by force.
const LAST_WORDS: Duration = Duration::from_secs(1);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Phase {
    Running,
    Draining,
    Stopping,
    Cut,
}

/// The end of the program, seen from its parts; cheap to clone.
///
/// The order of a shutdown, from SIGTERM, SIGINT or [`Shutdown::trigger`] on:
///
/// 1. *draining*: the program is no longer ready, but serves what still arrives, for `drain_delay`
///    (load balancers need that long to hear of it);
/// 2. *stopping*: listeners close, HTTP/2 clients get GOAWAY, requests in flight finish;
/// 3. *cut off*: `grace` after the beginning, or at the second signal, nothing is waited for.
#[derive(Debug, Clone)]
pub struct Shutdown {
    phase: Arc<watch::Sender<Phase>>,
    drain_delay: Duration,
    grace: Duration,
}

/// How serving ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Outcome {
    /// Every request was answered.
    Drained,
    /// The grace was over, or a second signal came, while requests were in flight.
    CutOff,
}

impl Outcome {
    /// The exit code that tells an orchestrator which of the two it was.
    #[must_use]
    pub fn exit(self) -> Exit {
        match self {
            Self::Drained => Exit::Done,
            Self::CutOff => Exit::Failed,
        }
    }

    /// The worse of two outcomes.
    pub fn and(self, other: Self) -> Self {
        if self == Self::Drained { other } else { self }
    }
}

impl Shutdown {
    /// A shutdown that begins only when it is triggered.
    #[must_use]
    pub fn new(drain_delay: Duration, grace: Duration) -> Self {
        Self { phase: Arc::new(watch::Sender::new(Phase::Running)), drain_delay, grace }
    }

    /// A shutdown that begins at SIGTERM or SIGINT; the second signal cuts everything off.
    ///
    /// A process that does not end by itself after being cut off is ended with exit code 1.
    /// Must be called inside a tokio runtime.
    pub fn on_signals(drain_delay: Duration, grace: Duration) -> std::io::Result<Self> {
        let shutdown = Self::new(drain_delay, grace);
        let mut signals = Signals::listen()?;
        let this = shutdown.clone();
        tokio::spawn(async move {
            let name = signals.next().await;
            tracing::info!(signal = name, "shutting down");
            this.trigger();
            let name = signals.next().await;
            tracing::warn!(signal = name, "second signal: stopping at once");
            this.enter(Phase::Cut);
        });
        let this = shutdown.clone();
        tokio::spawn(async move {
            this.cut_off().await;
            sleep(LAST_WORDS).await;
            std::process::exit(i32::from(Exit::Failed.code()));
        });
        Ok(shutdown)
    }

    /// Begins the shutdown; further calls do nothing. Must be called inside a tokio runtime.
    pub fn trigger(&self) {
        if !self.enter(Phase::Draining) {
            return;
        }
        let this = self.clone();
        tokio::spawn(async move {
            let begin = Instant::now();
            sleep(this.drain_delay.min(this.grace)).await;
            this.enter(Phase::Stopping);
            sleep_until(begin + this.grace).await;
            this.enter(Phase::Cut);
        });
    }

    /// Whether the shutdown has begun.
    #[must_use]
    pub fn is_draining(&self) -> bool {
        *self.phase.borrow() >= Phase::Draining
    }

    /// Waits until the program should no longer be ready.
    pub async fn draining(&self) {
        self.reached(Phase::Draining).await;
    }

    /// Waits until listeners should close and requests in flight finish.
    pub async fn stopping(&self) {
        self.reached(Phase::Stopping).await;
    }

    /// Waits until nothing may be waited for any longer.
    pub async fn cut_off(&self) {
        self.reached(Phase::Cut).await;
    }

    /// Moves forward to a phase, never back; tells whether anything changed.
    fn enter(&self, phase: Phase) -> bool {
        self.phase.send_if_modified(|current| {
            let forward = *current < phase;
            if forward {
                *current = phase;
            }
            forward
        })
    }

    async fn reached(&self, phase: Phase) {
        let mut changes = self.phase.subscribe();
        // The sender lives as long as `self`, so waiting cannot fail.
        let _ = changes.wait_for(|current| *current >= phase).await;
    }
}

#[cfg(unix)]
struct Signals {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn listen() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn next(&mut self) -> &'static str {
        tokio::select! {
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.interrupt.recv() => "SIGINT",
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn listen() -> std::io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) -> &'static str {
        // Without a console nobody can press Ctrl-C, and waiting for ever is right.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        "Ctrl-C"
    }
}

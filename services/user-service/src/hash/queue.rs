use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;
use zeroize::Zeroizing;

use super::HashError;
use super::argon::Hasher;

/// What a hash is taken to cost until one was measured.
const FIRST_GUESS: Duration = Duration::from_millis(50);

pub(super) struct Job {
    pub(super) work: Work,
    pub(super) deadline: Option<Instant>,
}

pub(super) enum Work {
    Hash { password: Zeroizing<String>, reply: oneshot::Sender<Result<String, HashError>> },
    Verify { password: Zeroizing<String>, against: Option<String>, reply: oneshot::Sender<Verdict> },
}

/// Whether a password is right; if not, when to say so at the earliest.
#[derive(Debug)]
#[must_use]
pub struct Verdict {
    /// Whether it is.
    pub is_right: bool,
    pub(super) not_before: Option<Instant>,
}

impl Verdict {
    /// Waits until the answer may be given. What follows from it is noted before: whoever goes away
    /// meanwhile has learned it.
    pub async fn may_be_told(self) {
        if let Some(moment) = self.not_before {
            tokio::time::sleep_until(moment.into()).await;
        }
    }
}

/// Jobs in the order of their arrival, and what is known of the pool's speed.
#[derive(Debug)]
pub(super) struct Queue {
    threads: u32,
    capacity: usize,
    state: Mutex<State>,
    wake: Condvar,
}

#[derive(Debug)]
struct State {
    jobs: VecDeque<Job>,
    running: usize,
    /// Moving average of what one job takes.
    cost: Duration,
    /// What the slowest comparison takes; it is forgotten slowly.
    slowest: Duration,
    closed: bool,
}

impl Queue {
    pub(super) fn new(threads: usize, capacity: usize) -> Self {
        let state = State {
            jobs: VecDeque::new(),
            running: 0,
            cost: FIRST_GUESS,
            slowest: Duration::ZERO,
            closed: false,
        };
        Self {
            threads: u32::try_from(threads.max(1)).unwrap_or(u32::MAX),
            capacity,
            state: Mutex::new(state),
            wake: Condvar::new(),
        }
    }

    /// Takes a job, or says why not and when to come back.
    pub(super) fn push(&self, job: Job) -> Result<(), HashError> {
        let mut state = self.lock();
        let wait = state.expected_wait(self.threads);
        let full = state.jobs.len() + state.running >= self.capacity + self.threads as usize;
        let late = job.deadline.is_some_and(|deadline| Instant::now() + wait > deadline);
        if full || late {
            let retry_after = wait.max(state.cost);
            return Err(HashError::Overloaded { retry_after });
        }
        state.jobs.push_back(job);
        drop(state);
        self.wake.notify_one();
        Ok(())
    }

    /// Ends the threads; what waits is given up.
    pub(super) fn close(&self) {
        let mut state = self.lock();
        state.closed = true;
        state.jobs.clear();
        drop(state);
        self.wake.notify_all();
    }

    /// The life of one thread.
    pub(super) fn work(&self, hasher: &Hasher) {
        while let Some(job) = self.take() {
            let started = Instant::now();
            let done = job.run(hasher, started, self);
            self.finished(done.then(|| started.elapsed()));
        }
    }

    fn take(&self) -> Option<Job> {
        let mut state = self.lock();
        loop {
            if state.closed {
                return None;
            }
            if let Some(job) = state.jobs.pop_front() {
                state.running += 1;
                return Some(job);
            }
            state = self.wake.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn finished(&self, took: Option<Duration>) {
        let mut state = self.lock();
        state.running -= 1;
        if let Some(took) = took {
            state.cost = (state.cost * 7 + took) / 8;
        }
    }

    /// When it may be said that a comparison which began then has failed.
    fn say_no(&self, started: Instant) -> Verdict {
        let slowest = self.lock().compared(started.elapsed());
        Verdict { is_right: false, not_before: Some(started + slowest) }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// The slowest of all comparisons, of which this was one. It takes a few hundred to forget it.
    fn compared(&mut self, took: Duration) -> Duration {
        self.slowest = took.max(self.slowest.saturating_sub(self.slowest / 256));
        self.slowest
    }

    /// How long a job that arrives now waits until a thread takes it.
    fn expected_wait(&self, threads: u32) -> Duration {
        let ahead = u32::try_from(self.jobs.len() + self.running).unwrap_or(u32::MAX);
        self.cost * (ahead / threads)
    }
}

impl Job {
    /// Does the work, unless nobody waits for it any more; whether it was done.
    fn run(self, hasher: &Hasher, now: Instant, queue: &Queue) -> bool {
        let late = self.deadline.is_some_and(|deadline| now > deadline);
        if late || self.work.is_abandoned() {
            return false;
        }
        match self.work {
            Work::Hash { password, reply } => {
                let hash = hasher.hash(&password).map_err(HashError::Failed);
                let _ = reply.send(hash);
            }
            Work::Verify { password, against: Some(hash), reply } => {
                let is_right = Hasher::verify(&password, &hash);
                let right = || Verdict { is_right, not_before: None };
                let _ = reply.send(if is_right { right() } else { queue.say_no(now) });
            }
            Work::Verify { password, against: None, reply } => {
                hasher.verify_nothing(&password);
                let _ = reply.send(queue.say_no(now));
            }
        }
        true
    }
}

impl Work {
    fn is_abandoned(&self) -> bool {
        match self {
            Self::Hash { reply, .. } => reply.is_closed(),
            Self::Verify { reply, .. } => reply.is_closed(),
        }
    }
}

// By hand, so that no password is ever printed.
impl std::fmt::Debug for Job {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Job").field("deadline", &self.deadline).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_no_waits_for_the_slowest_comparison_and_forgets_it_slowly() {
        let queue = Queue::new(1, 1);
        let imported = Duration::from_secs(1);
        assert_eq!(queue.lock().compared(imported), imported);
        let started = Instant::now();
        let moment = queue.say_no(started).not_before.unwrap();
        assert!(moment >= started + imported * 255 / 256, "an unknown account takes as long");
        for _ in 0..3_000 {
            queue.lock().compared(Duration::from_millis(30));
        }
        assert_eq!(queue.lock().slowest, Duration::from_millis(30));
    }
}

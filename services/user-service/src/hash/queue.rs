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
    Hash {
        password: Zeroizing<String>,
        reply: oneshot::Sender<Result<String, HashError>>,
    },
    Verify {
        password: Zeroizing<String>,
        against: Option<String>,
        reply: oneshot::Sender<Result<bool, HashError>>,
    },
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
    closed: bool,
}

impl Queue {
    pub(super) fn new(threads: usize, capacity: usize) -> Self {
        let state = State { jobs: VecDeque::new(), running: 0, cost: FIRST_GUESS, closed: false };
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
            let done = job.run(hasher, started);
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

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// How long a job that arrives now waits until a thread takes it.
    fn expected_wait(&self, threads: u32) -> Duration {
        let ahead = u32::try_from(self.jobs.len() + self.running).unwrap_or(u32::MAX);
        self.cost * (ahead / threads)
    }
}

impl Job {
    /// Does the work, unless nobody waits for it any more; whether it was done.
    fn run(self, hasher: &Hasher, now: Instant) -> bool {
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
                let _ = reply.send(Ok(hasher.verify(&password, &hash)));
            }
            Work::Verify { password, against: None, reply } => {
                hasher.verify_nothing(&password);
                let _ = reply.send(Ok(false));
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

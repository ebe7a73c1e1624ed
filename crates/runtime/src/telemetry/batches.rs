//! A log that is written by a thread of its own.
//!
//! A write costs more than all else that a service does for a line of its access log, and lasts as long as whoever
//! reads the log stands still. So nobody who has a line to write waits for it: lines that come fast are written
//! together, and what nobody reads is lost in the end, and counted.

use std::io::{self, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};

use tracing::{Level, Metadata};
use tracing_subscriber::fmt::MakeWriter;

/// How long a line waits for others at most; one that comes alone, and a warning, waits for none.
const DELAY: Duration = Duration::from_millis(10);
/// How many bytes wait at most.
const CAPACITY: usize = 1 << 20;
/// How long the end of a program waits for what is still to be written.
const LAST: Duration = Duration::from_millis(500);

/// A writer of whole lines; cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Batches {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    /// There is more to write, or more urgently.
    more: Condvar,
    /// Something was written.
    done: Condvar,
}

#[derive(Debug, Default)]
struct State {
    waiting: Vec<u8>,
    is_urgent: bool,
    is_writing: bool,
    /// The program may end after any line.
    is_ending: bool,
    /// How many lines found no room, or could not be written.
    lost: u64,
    /// The thread that writes: its own lines find room, and it waits for nobody.
    follower: Option<ThreadId>,
}

impl Batches {
    /// Starts the thread that writes, and tells how many lines were lost.
    pub(super) fn start(
        out: impl Write + Send + 'static,
        tell: impl Fn(u64) + Send + 'static,
    ) -> io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let follower = shared.clone();
        let thread = thread::Builder::new().name("log".to_owned());
        thread.spawn(move || follower.follow(out, tell))?;
        Ok(Self { shared })
    }

    /// Waits until everything is written, or for half a second; from now on each line is waited for.
    pub(super) fn finish(&self) {
        let mut state = self.shared.lock();
        state.is_ending = true;
        self.shared.written(state);
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        // Whoever panicked left whole lines.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn written(&self, mut state: MutexGuard<'_, State>) {
        state.is_urgent = true;
        self.more.notify_one();
        let is_busy = |state: &mut State| state.is_writing || !state.waiting.is_empty();
        drop(self.done.wait_timeout_while(state, LAST, is_busy));
    }

    fn follow(&self, mut out: impl Write, tell: impl Fn(u64)) {
        self.lock().follower = Some(thread::current().id());
        let mut batch = Vec::new();
        let mut written: Option<Instant> = None;
        loop {
            let is_idle = |state: &mut State| state.waiting.is_empty();
            let state = self.more.wait_while(self.lock(), is_idle);
            let state = state.unwrap_or_else(PoisonError::into_inner);
            let rest = written.map_or(Duration::ZERO, |at| DELAY.saturating_sub(at.elapsed()));
            let is_calm = |state: &mut State| !state.is_urgent;
            let state = self.more.wait_timeout_while(state, rest, is_calm);
            let mut state = state.unwrap_or_else(PoisonError::into_inner).0;
            let lost = std::mem::take(&mut state.lost);
            if lost > 0 {
                drop(state);
                tell(lost);
                state = self.lock();
            }
            std::mem::swap(&mut batch, &mut state.waiting);
            state.is_urgent = false;
            state.is_writing = true;
            drop(state);
            let result = out.write_all(&batch);
            written = Some(Instant::now());
            let mut state = self.lock();
            state.is_writing = false;
            if result.is_err() {
                let lines = batch.split(|byte| *byte == b'\n').count() - 1;
                state.lost += u64::try_from(lines).unwrap_or(u64::MAX);
            }
            batch.clear();
            drop(state);
            self.done.notify_all();
        }
    }
}

impl<'a> MakeWriter<'a> for Batches {
    type Writer = Line<'a>;

    fn make_writer(&'a self) -> Line<'a> {
        Line { shared: &self.shared, is_urgent: true }
    }

    fn make_writer_for(&'a self, meta: &Metadata<'_>) -> Line<'a> {
        Line { shared: &self.shared, is_urgent: *meta.level() <= Level::WARN }
    }
}

/// Takes one line, whole.
#[derive(Debug)]
pub(super) struct Line<'a> {
    shared: &'a Shared,
    is_urgent: bool,
}

impl Write for Line<'_> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let mut state = self.shared.lock();
        if state.follower == Some(thread::current().id()) {
            state.waiting.extend_from_slice(line);
            return Ok(line.len());
        }
        if state.waiting.len() + line.len() > CAPACITY {
            state.lost += 1;
            return Ok(line.len());
        }
        let is_first = state.waiting.is_empty();
        state.waiting.extend_from_slice(line);
        state.is_urgent |= self.is_urgent;
        if state.is_ending {
            self.shared.written(state);
        } else if is_first || self.is_urgent {
            self.shared.more.notify_one();
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests;

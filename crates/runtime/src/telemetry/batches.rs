//! Lines of a log that come fast, written many at a time.
//!
//! A write costs more than all that a service does to make a line of its access log. So a line that comes soon
//! after another one waits a moment for those that follow; one that comes alone, and a warning, waits for nothing.

use std::io::{self, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use tracing::{Level, Metadata};
use tracing_subscriber::fmt::MakeWriter;

/// How long a line waits at most.
const DELAY: Duration = Duration::from_millis(10);
/// How much waits at most: what comes then is written at once, and slows down who writes it.
const CAPACITY: usize = 64 * 1024;

/// A writer of whole lines; cheap to clone.
#[derive(Debug)]
pub(super) struct Batches<W> {
    shared: Arc<Shared<W>>,
}

#[derive(Debug)]
struct Shared<W> {
    state: Mutex<State<W>>,
    /// Lines have begun to wait.
    begun: Condvar,
}

#[derive(Debug)]
struct State<W> {
    out: W,
    waiting: Vec<u8>,
    /// When it was written last.
    written: Option<Instant>,
    /// Whether somebody will write what waits.
    is_followed: bool,
}

impl<W> Clone for Batches<W> {
    fn clone(&self) -> Self {
        Self { shared: self.shared.clone() }
    }
}

impl<W: Write + Send + 'static> Batches<W> {
    /// Starts the thread that writes what waits. Without one (the system gives none) no line waits.
    pub(super) fn new(out: W) -> Self {
        let state = State { out, waiting: Vec::new(), written: None, is_followed: true };
        let shared = Arc::new(Shared { state: Mutex::new(state), begun: Condvar::new() });
        let follower = shared.clone();
        let thread = thread::Builder::new().name("log".to_owned());
        if thread.spawn(move || follower.follow()).is_err() {
            shared.lock().is_followed = false;
        }
        Self { shared }
    }

    /// Writes what waits; from then on no line waits, since the program may end after any of them.
    pub(super) fn finish(&self) {
        let mut state = self.shared.lock();
        state.is_followed = false;
        let _ = state.write();
    }
}

impl<W: Write> Shared<W> {
    fn lock(&self) -> MutexGuard<'_, State<W>> {
        // A writer that panicked leaves whole lines.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn follow(&self) {
        loop {
            let is_idle = |state: &mut State<W>| state.waiting.is_empty();
            let state = self.begun.wait_while(self.lock(), is_idle);
            drop(state.unwrap_or_else(PoisonError::into_inner));
            thread::sleep(DELAY);
            // Who reads the log is gone: nobody is left to be told.
            let _ = self.lock().write();
        }
    }
}

impl<W: Write> State<W> {
    fn write(&mut self) -> io::Result<()> {
        self.written = Some(Instant::now());
        let result = self.out.write_all(&self.waiting);
        self.waiting.clear();
        result
    }

    fn is_busy(&self) -> bool {
        self.written.is_some_and(|written| written.elapsed() < DELAY)
    }
}

impl<'a, W: Write + 'a> MakeWriter<'a> for Batches<W> {
    type Writer = Line<'a, W>;

    fn make_writer(&'a self) -> Line<'a, W> {
        Line { shared: &self.shared, may_wait: false }
    }

    fn make_writer_for(&'a self, meta: &Metadata<'_>) -> Line<'a, W> {
        Line { shared: &self.shared, may_wait: *meta.level() > Level::WARN }
    }
}

/// Takes one line, whole.
#[derive(Debug)]
pub(super) struct Line<'a, W> {
    shared: &'a Shared<W>,
    may_wait: bool,
}

impl<W: Write> Write for Line<'_, W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let mut state = self.shared.lock();
        let is_first = state.waiting.is_empty();
        state.waiting.extend_from_slice(line);
        let waits = self.may_wait
            && state.is_followed
            && (!is_first || state.is_busy())
            && state.waiting.len() < CAPACITY;
        if !waits {
            state.write()?;
        } else if is_first {
            self.shared.begun.notify_one();
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, Write};
    use std::sync::{Arc, Mutex};
    use std::thread::sleep;

    use tracing_subscriber::layer::SubscriberExt;
    use tracing_subscriber::{Layer, fmt};

    use super::{Batches, CAPACITY, DELAY};

    /// Each write for itself.
    #[derive(Clone, Default)]
    struct Writes(Arc<Mutex<Vec<String>>>);

    impl Write for Writes {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let text = String::from_utf8_lossy(bytes).into_owned();
            self.0.lock().unwrap().push(text);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Writes {
        fn taken(&self) -> Vec<String> {
            std::mem::take(&mut *self.0.lock().unwrap())
        }
    }

    fn logged(log: impl FnOnce(&Writes, &Batches<Writes>)) {
        let writes = Writes::default();
        let batches = Batches::new(writes.clone());
        let plain = fmt::layer().without_time().with_target(false).with_level(false);
        let layer = plain.with_ansi(false).with_writer(batches.clone()).boxed();
        let subscriber = tracing_subscriber::registry().with(layer);
        tracing::subscriber::with_default(subscriber, || log(&writes, &batches));
    }

    #[test]
    fn a_line_alone_waits_for_nothing() {
        logged(|writes, _| {
            tracing::info!("one");
            assert_eq!(writes.taken(), ["one\n"]);
            sleep(DELAY);
            tracing::info!("two");
            assert_eq!(writes.taken(), ["two\n"]);
        });
    }

    #[test]
    fn lines_that_follow_each_other_are_written_together_and_in_order() {
        logged(|writes, _| {
            tracing::info!("first");
            assert_eq!(writes.taken(), ["first\n"]);
            let lines: Vec<_> = (0..500).map(|at| format!("line {at}")).collect();
            for line in &lines {
                tracing::info!("{line}");
            }
            while !writes.0.lock().unwrap().concat().ends_with("line 499\n") {
                sleep(DELAY);
            }
            let taken = writes.taken();
            assert_eq!(taken.concat().lines().collect::<Vec<_>>(), lines);
            assert!(taken.len() < 100, "{} writes", taken.len());
        });
    }

    #[test]
    fn a_warning_is_written_at_once_behind_what_waits() {
        logged(|writes, _| {
            tracing::info!("first");
            tracing::info!("second");
            tracing::warn!("third");
            assert_eq!(writes.taken().concat(), "first\nsecond\nthird\n");
        });
    }

    #[test]
    fn more_than_may_wait_is_written_at_once() {
        logged(|writes, _| {
            tracing::info!("first");
            let long = "x".repeat(CAPACITY);
            tracing::info!("{long}");
            assert_eq!(writes.taken().concat(), format!("first\n{long}\n"));
        });
    }

    #[test]
    fn nothing_waits_when_the_program_ends() {
        logged(|writes, batches| {
            tracing::info!("first");
            tracing::info!("second");
            batches.finish();
            tracing::info!("third");
            assert_eq!(writes.taken().concat(), "first\nsecond\nthird\n");
        });
    }
}

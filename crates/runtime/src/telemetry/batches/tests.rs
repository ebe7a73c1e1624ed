use std::io::{self, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::sleep;
use std::time::Instant;

use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::{Layer, fmt};

use super::{Batches, CAPACITY, DELAY};

/// Keeps each write for itself, and may have to be let on.
struct Out {
    writes: Arc<Mutex<Vec<String>>>,
    gate: Option<Receiver<()>>,
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Some(gate) = &self.gate {
            let _ = gate.recv();
        }
        self.writes.lock().unwrap().push(String::from_utf8_lossy(bytes).into_owned());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct Log {
    writes: Arc<Mutex<Vec<String>>>,
    batches: Batches,
    lost: Arc<AtomicU64>,
}

impl Log {
    fn start(gate: Option<Receiver<()>>) -> Self {
        let (writes, lost) = (Arc::default(), Arc::new(AtomicU64::new(0)));
        let out = Out { writes: Arc::clone(&writes), gate };
        let told = Arc::clone(&lost);
        let tell = move |lines| {
            told.fetch_add(lines, Ordering::SeqCst);
        };
        Self { writes, batches: Batches::start(out, tell).unwrap(), lost }
    }

    /// Has lines written by a subscriber as services have one.
    fn within(&self, work: impl FnOnce()) {
        let plain = fmt::layer().without_time().with_target(false).with_level(false);
        let layer = plain.with_ansi(false).with_writer(self.batches.clone()).boxed();
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), work);
    }

    /// All that was written when a line was.
    fn until(&self, line: &str) -> Vec<String> {
        let end = format!("{line}\n");
        while !self.writes.lock().unwrap().concat().ends_with(&end) {
            sleep(DELAY / 10);
        }
        self.writes.lock().unwrap().clone()
    }
}

fn closed_gate() -> (Sender<()>, Option<Receiver<()>>) {
    let (open, gate) = channel();
    (open, Some(gate))
}

#[test]
fn a_line_alone_waits_for_no_other() {
    let log = Log::start(None);
    log.within(|| {
        tracing::info!("one");
        assert_eq!(log.until("one"), ["one\n"]);
        sleep(DELAY);
        tracing::info!("two");
        assert_eq!(log.until("two"), ["one\n", "two\n"]);
    });
}

#[test]
fn lines_that_follow_each_other_are_written_together_and_in_order() {
    let log = Log::start(None);
    let lines: Vec<_> = (0..500).map(|at| format!("line {at}")).collect();
    log.within(|| lines.iter().for_each(|line| tracing::info!("{line}")));
    let writes = log.until("line 499");
    assert_eq!(writes.concat().lines().collect::<Vec<_>>(), lines);
    assert!(writes.len() < 100, "{} writes", writes.len());
}

#[test]
fn nobody_waits_for_a_reader_that_stands_still_and_what_is_lost_is_counted() {
    let (open, gate) = closed_gate();
    let log = Log::start(gate);
    let line = "x".repeat(CAPACITY / 8);
    log.within(|| {
        for _ in 0..20 {
            tracing::info!("{line}");
        }
    });
    assert!(log.writes.lock().unwrap().is_empty());
    drop(open);
    log.batches.finish();
    log.within(|| tracing::info!("last"));
    let whole = log.until("last").concat();
    let kept = whole.lines().filter(|kept| *kept == line).count();
    // What was taken before the first write began has room of its own.
    assert!((7..=15).contains(&kept), "{kept} lines");
    let lost = usize::try_from(log.lost.load(Ordering::SeqCst)).unwrap();
    assert_eq!(kept + lost, 20);
}

#[test]
fn what_cannot_be_written_is_counted() {
    struct Full;

    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::StorageFull.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    let (told, heard) = channel();
    let batches = Batches::start(Full, move |lines| told.send(lines).unwrap()).unwrap();
    let mut line = batches.make_writer();
    line.write_all(b"one\n").unwrap();
    batches.finish();
    line.write_all(b"two\n").unwrap();
    assert_eq!(heard.recv(), Ok(1));
}

#[test]
fn everything_is_written_when_the_program_ends() {
    let log = Log::start(None);
    log.within(|| {
        tracing::info!("first");
        tracing::info!("second");
        log.batches.finish();
        assert_eq!(log.writes.lock().unwrap().concat(), "first\nsecond\n");
        tracing::info!("third");
        assert_eq!(log.writes.lock().unwrap().concat(), "first\nsecond\nthird\n");
    });
}

#[test]
fn a_program_ends_though_nobody_reads_its_log() {
    let (open, gate) = closed_gate();
    let log = Log::start(gate);
    log.within(|| tracing::info!("first"));
    let begin = Instant::now();
    log.batches.finish();
    assert!(begin.elapsed() < super::LAST * 4);
    drop(open);
}

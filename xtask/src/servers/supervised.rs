//! A server that is started again whenever it ends, as an orchestrator does with what it runs.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{JoinHandle, sleep};
use std::time::Duration;

use crate::cleanup::Guard;
use crate::report;

const INTERVAL: Duration = Duration::from_millis(100);

/// Ends the server when dropped, and starts it no more.
#[derive(Debug)]
pub(super) struct Supervised {
    is_over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Supervised {
    /// Takes charge of a process that runs; `start` starts another one in its place.
    pub(super) fn new<S>(name: String, process: Guard, start: S) -> Self
    where
        S: Fn() -> Result<Guard, String> + Send + 'static,
    {
        let is_over = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&is_over);
        let thread = std::thread::spawn(move || watch(&name, process, &start, &seen));
        Self { is_over, thread: Some(thread) }
    }
}

impl Drop for Supervised {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // Its panic was shown already.
            let _ = thread.join();
        }
    }
}

fn watch(
    name: &str,
    mut process: Guard,
    start: &dyn Fn() -> Result<Guard, String>,
    is_over: &AtomicBool,
) {
    while !is_over.load(Ordering::Relaxed) {
        if let Some(end) = process.ended() {
            report::note(format!("{name} has ended ({end}) and is started again"));
            match start() {
                Ok(next) => process = next,
                Err(reason) => return report::note(format!("{name} stays away: {reason}")),
            }
        }
        sleep(INTERVAL);
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn what_has_ended_is_started_again_until_it_is_dropped() {
        let (tell, told) = mpsc::channel();
        let first = Guard::spawn(&mut Command::new("true"), "KILL").unwrap();
        let supervised = Supervised::new("true".to_owned(), first, move || {
            tell.send(()).unwrap();
            Ok(Guard::spawn(&mut Command::new("true"), "KILL").unwrap())
        });
        told.recv().unwrap();
        told.recv().unwrap();
        drop(supervised);
        while told.try_recv().is_ok() {}
        assert_eq!(told.recv(), Err(mpsc::RecvError));
    }
}

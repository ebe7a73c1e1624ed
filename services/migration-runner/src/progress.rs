use std::io::{IsTerminal, Write};
use std::sync::{Arc, Mutex, PoisonError};

use artisan_migrate::{Event, Observer};

/// Tells a terminal what goes on, and remembers which files are done.
#[derive(Clone, Debug)]
pub(crate) struct Progress {
    finished: Arc<Mutex<Vec<String>>>,
    is_terminal: bool,
}

impl Progress {
    pub(crate) fn new() -> Self {
        Self { finished: Arc::default(), is_terminal: std::io::stderr().is_terminal() }
    }

    pub(crate) fn observer(&self) -> Observer {
        let progress = self.clone();
        Observer::new(move |event| progress.see(event))
    }

    /// The files that this run finished.
    pub(crate) fn finished(&self) -> Vec<String> {
        self.finished.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn see(&self, event: &Event) {
        if let Event::Finished { file, .. } = event {
            self.finished.lock().unwrap_or_else(PoisonError::into_inner).push(file.clone());
        }
        if let Some(line) = self.line(event) {
            // Nothing depends on the progress being seen.
            let _ = writeln!(std::io::stderr(), "{line}");
        }
    }

    fn line(&self, event: &Event) -> Option<String> {
        match event {
            // Whoever waits, or runs a script that no file shows, is told everywhere.
            Event::WaitingForRunner { holder } => {
                Some(format!("waiting for another runner: {holder}"))
            }
            Event::ClusterWithoutLock => Some(
                "warning: the nodes of a Galera cluster do not share the runner's lock: let all \
                 runners connect to one and the same node"
                    .to_owned(),
            ),
            Event::StoredScript { file, text } => {
                Some(format!("-- {file}, as kept in the database:\n{}", text.trim_end()))
            }
            Event::Retrying { file, line, cause } => {
                Some(format!("{file}:{line}: trying again: {cause}"))
            }
            Event::Resuming { file, done, steps } => {
                Some(format!("going on with {file}: {done} of {steps} steps are applied"))
            }
            Event::Ungrouped { files } if self.is_terminal => {
                Some(format!("rolled back {files} files; running them one by one"))
            }
            Event::Connecting { cause } if self.is_terminal => Some(format!("connecting: {cause}")),
            Event::Statement { file, line, summary } if self.is_terminal => {
                Some(format!("\u{1b}[2m  {file}:{line}: {summary}\u{1b}[0m"))
            }
            Event::Finished { file, took } if self.is_terminal => {
                Some(format!("\u{1b}[32mdone\u{1b}[0m {file} ({} ms)", took.as_millis()))
            }
            Event::Connecting { .. }
            | Event::Ungrouped { .. }
            | Event::Started { .. }
            | Event::Statement { .. }
            | Event::Finished { .. } => None,
        }
    }
}

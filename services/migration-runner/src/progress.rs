mod status;

use std::io::{IsTerminal, Write};
use std::sync::{Arc, Mutex, PoisonError};

use artisan_migrate::{Event, Observer};

use status::Status;

/// Tells a terminal what goes on, and remembers which files are done.
#[derive(Clone, Debug)]
pub(crate) struct Progress {
    finished: Arc<Mutex<Vec<String>>>,
    /// The line that says what runs now; there is none where nobody looks.
    status: Option<Status>,
}

impl Progress {
    pub(crate) fn new() -> Self {
        let is_terminal = std::io::stderr().is_terminal();
        Self { finished: Arc::default(), status: is_terminal.then(Status::start) }
    }

    pub(crate) fn observer(&self) -> Observer {
        let progress = self.clone();
        Observer::new(move |event| progress.see(event))
    }

    /// The files that this run finished.
    pub(crate) fn finished(&self) -> Vec<String> {
        self.finished.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes the line of what runs now off the terminal, before the result is written.
    pub(crate) fn clear(&self) {
        if let Some(status) = &self.status {
            status.set(None);
        }
    }

    fn see(&self, event: &Event) {
        if let Event::Finished { file, .. } = event {
            self.finished.lock().unwrap_or_else(PoisonError::into_inner).push(file.clone());
        }
        if let Some(line) = lasting(event) {
            self.clear();
            // Nothing depends on the progress being seen.
            let _ = writeln!(std::io::stderr(), "{line}");
        }
        let Some(status) = &self.status else { return };
        if let Event::Progress { file, line, told } = event {
            status.change(format!("{file}:{line}: {told}"));
        } else if let Some(line) = passing(event) {
            status.set(line);
        }
    }
}

/// What is told everywhere: whoever waits, or runs a script that no file shows, has to know.
fn lasting(event: &Event) -> Option<String> {
    match event {
        Event::WaitingForRunner { holder } => Some(format!("waiting for another runner: {holder}")),
        Event::StoredScript { file, text } => {
            Some(format!("-- {file}, as kept in the database:\n{}", text.trim_end()))
        }
        Event::Retrying { file, line, cause } => {
            Some(format!("{file}:{line}: trying again: {cause}"))
        }
        Event::Unread { file, line, message } => Some(format!("warning: {file}:{line}: {message}")),
        Event::Resuming { file, done, steps } => {
            Some(format!("going on with {file}: {done} of {steps} steps are applied"))
        }
        Event::Connecting { .. }
        | Event::Progress { .. }
        | Event::Started { .. }
        | Event::Statement { .. }
        | Event::Ungrouped { .. }
        | Event::Finished { .. } => None,
    }
}

/// What a terminal shows until the next event; `Some(None)` shows nothing any more.
#[expect(clippy::option_option, reason = "an event may leave the line as it is")]
fn passing(event: &Event) -> Option<Option<String>> {
    match event {
        Event::Connecting { cause } => Some(Some(format!("connecting: {cause}"))),
        Event::Statement { file, line, summary } => Some(Some(format!("{file}:{line}: {summary}"))),
        Event::Ungrouped { files } => {
            Some(Some(format!("rolled back {files} files; running them one by one")))
        }
        Event::Finished { .. } => Some(None),
        Event::Started { .. }
        | Event::Progress { .. }
        | Event::WaitingForRunner { .. }
        | Event::StoredScript { .. }
        | Event::Retrying { .. }
        | Event::Unread { .. }
        | Event::Resuming { .. } => None,
    }
}

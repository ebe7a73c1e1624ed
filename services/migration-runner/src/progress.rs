mod reminder;
mod status;

use std::io::{self, IsTerminal};
use std::sync::{Arc, Mutex, PoisonError};

use artisan_migrate::{Event, Observer};

use crate::cli::{Cli, Format};
use crate::outcome::moved;
use crate::{notice, output};
use reminder::Reminder;
use status::Status;

/// Tells what goes on while a command works, and remembers which files are done.
#[derive(Clone, Debug)]
pub(crate) struct Progress {
    finished: Arc<Mutex<Vec<String>>>,
    /// How it went to write the lines of [`moved`].
    written: Arc<Mutex<io::Result<()>>>,
    eyes: Eyes,
    /// Whether each revision is told as it ends: whoever reads the log of a pipeline may wait for hours.
    tells_each: bool,
}

/// Who looks at standard error.
#[derive(Clone, Debug)]
enum Eyes {
    /// A terminal, with a line that says what runs now.
    Terminal(Status),
    /// A log, which is told when something takes long.
    Log(Reminder),
    /// Nobody wants to see it.
    Shut,
}

impl Progress {
    pub(crate) fn new(cli: &Cli) -> Self {
        let eyes = match (cli.quiet, std::io::stderr().is_terminal()) {
            (true, _) => Eyes::Shut,
            (false, true) => Eyes::Terminal(Status::start()),
            (false, false) => Eyes::Log(Reminder::start(Arc::new(notice::line))),
        };
        Self {
            finished: Arc::default(),
            written: Arc::new(Mutex::new(Ok(()))),
            eyes,
            tells_each: cli.output == Format::Text && !cli.quiet,
        }
    }

    pub(crate) fn observer(&self) -> Observer {
        let progress = self.clone();
        Observer::new(move |event| progress.see(event))
    }

    /// The files that this run finished.
    pub(crate) fn finished(&self) -> Vec<String> {
        self.finished.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether all that was told on standard output could be written.
    pub(crate) fn written(&self) -> io::Result<()> {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut written, Ok(()))
    }

    /// Takes the line of what runs now off the terminal, before the result is written.
    pub(crate) fn clear(&self) {
        match &self.eyes {
            Eyes::Terminal(status) => status.set(None),
            Eyes::Log(reminder) => reminder.end(),
            Eyes::Shut => {}
        }
    }

    fn see(&self, event: &Event) {
        match &self.eyes {
            Eyes::Terminal(status) => show(status, event),
            Eyes::Log(reminder) => remind(reminder, event),
            Eyes::Shut => {}
        }
        // A script that no file shows is told whatever was asked for.
        let is_told =
            !matches!(self.eyes, Eyes::Shut) || matches!(event, Event::StoredScript { .. });
        if let Some(line) = lasting(event).filter(|_| is_told) {
            self.hide();
            notice::line(&line);
        }
        if let Event::Finished { file, moved: done, undoes } = event {
            self.finished.lock().unwrap_or_else(PoisonError::into_inner).push(file.clone());
            if self.tells_each {
                self.tell(&moved(done, *undoes));
            }
        }
    }

    fn tell(&self, line: &str) {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        // What is done is done, and what is left has to be: it is told at the end that nobody heard.
        if let Err(error) = output::to_stdout(line)
            && written.is_ok()
        {
            *written = Err(error);
        }
    }

    /// Makes room on a terminal for a line that stays.
    fn hide(&self) {
        if let Eyes::Terminal(status) = &self.eyes {
            status.set(None);
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
        Event::Retrying { file, line, cause, holder } => {
            let holder = holder.as_ref().map(|holder| format!("; held by {holder}"));
            let holder = holder.unwrap_or_default();
            Some(format!("{file}:{line}: trying again: {cause}{holder}"))
        }
        Event::Unread { file, line, message } => Some(format!("warning: {file}:{line}: {message}")),
        Event::Noticed { message } => Some(format!("warning: {message}")),
        Event::Resuming { file, done, of } => {
            Some(format!("going on with {file}: {done} of {of} statements are done"))
        }
        Event::Connecting { .. }
        | Event::Waiting { .. }
        | Event::Progress { .. }
        | Event::Started { .. }
        | Event::Statement { .. }
        | Event::Ungrouped { .. }
        | Event::Finished { .. } => None,
    }
}

/// What a terminal shows until the next event.
fn show(status: &Status, event: &Event) {
    match event {
        Event::Connecting { cause } => status.set(Some(format!("connecting: {cause}"))),
        Event::Waiting { what } => status.go_on(format!("waiting: {what}")),
        Event::Statement { file, line, summary } => {
            status.set(Some(format!("{file}:{line}: {summary}")));
        }
        Event::Progress { file, line, told } => status.change(format!("{file}:{line}: {told}")),
        Event::Ungrouped { files } => {
            status.set(Some(format!("rolled back {files} files; running fewer at a time")));
        }
        Event::Finished { .. } => status.set(None),
        Event::Started { .. }
        | Event::WaitingForRunner { .. }
        | Event::StoredScript { .. }
        | Event::Retrying { .. }
        | Event::Noticed { .. }
        | Event::Unread { .. }
        | Event::Resuming { .. } => {}
    }
}

/// What a log is told if it takes long.
fn remind(reminder: &Reminder, event: &Event) {
    match event {
        Event::Connecting { cause } => reminder.go_on("still connecting", cause),
        Event::Waiting { what } => reminder.go_on("still waiting", what),
        Event::WaitingForRunner { holder } => {
            reminder.go_on("still waiting for another runner", holder);
        }
        Event::Statement { file, line, summary } => {
            reminder.begin(format!("{file}:{line}: still running"), summary.clone());
        }
        Event::Progress { told, .. } => reminder.tell(told),
        Event::Started { .. } | Event::Resuming { .. } | Event::Finished { .. } => reminder.end(),
        Event::StoredScript { .. }
        | Event::Retrying { .. }
        | Event::Ungrouped { .. }
        | Event::Noticed { .. }
        | Event::Unread { .. } => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_names_who_is_in_the_way() {
        let retry = |holder: Option<&str>| Event::Retrying {
            file: "a.sql".to_owned(),
            line: 3,
            cause: "lock timeout".to_owned(),
            holder: holder.map(str::to_owned),
        };
        let told = lasting(&retry(Some("connection 7"))).unwrap();
        assert_eq!(told, "a.sql:3: trying again: lock timeout; held by connection 7");
        assert_eq!(lasting(&retry(None)).unwrap(), "a.sql:3: trying again: lock timeout");
    }
}

use crate::report::Moved;
use std::fmt;
use std::sync::Arc;

/// What a runner does at this moment, for those who watch.
#[derive(Clone, Debug)]
pub enum Event {
    /// The server does not answer yet; the runner goes on trying.
    Connecting {
        /// The server's or the network's words.
        cause: String,
    },
    /// Another runner works on this database.
    WaitingForRunner {
        /// Who it is, as far as the server tells.
        holder: String,
    },
    /// What [`Runner::wait`](crate::Runner::wait) waits for has not come.
    Waiting {
        /// What it is.
        what: String,
    },
    /// A file that an earlier run left half-applied is taken up.
    Resuming {
        /// The file.
        file: String,
        /// How many of its statements are done.
        done: usize,
        /// How many it has.
        of: usize,
    },
    /// A file begins.
    Started {
        /// The file.
        file: String,
    },
    /// A file that begins is not run as it seems to say.
    Unread {
        /// The file.
        file: String,
        /// The line that is not read.
        line: usize,
        /// What that means, and what to write.
        message: String,
    },
    /// Something is not done, or not looked at, though somebody has written it.
    Noticed {
        /// What it is, and why.
        message: String,
    },
    /// A statement begins.
    Statement {
        /// The file.
        file: String,
        /// Its line there.
        line: usize,
        /// Its first words.
        summary: String,
    },
    /// How far a statement is that takes long, as the server tells it: `altering table, 40 %`.
    Progress {
        /// The file.
        file: String,
        /// The statement's line there.
        line: usize,
        /// The server's words.
        told: String,
    },
    /// Files that were to be committed together were rolled back, and are run fewer at a time.
    Ungrouped {
        /// How many.
        files: usize,
    },
    /// A statement did not get its table's lock and is tried again.
    Retrying {
        /// The file.
        file: String,
        /// The statement's line there.
        line: usize,
        /// The server's words.
        cause: String,
        /// Who holds the lock, as far as the server tells.
        holder: Option<String>,
    },
    /// A script that was kept in the database is about to run.
    StoredScript {
        /// The name that its file had.
        file: String,
        /// Its text.
        text: String,
    },
    /// A file is done.
    Finished {
        /// The file.
        file: String,
        /// Its revision, and how long it took.
        moved: Moved,
        /// Whether it undoes that revision.
        undoes: bool,
    },
}

/// Receives [`Event`]s; the default drops them.
#[derive(Clone, Default)]
pub struct Observer(Option<Arc<Watch>>);

type Watch = dyn Fn(&Event) + Send + Sync;

impl Observer {
    /// Hands every event to `watch`, which must not block.
    pub fn new(watch: impl Fn(&Event) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(watch)))
    }

    pub(crate) fn tell(&self, event: &Event) {
        if let Some(watch) = &self.0 {
            watch(event);
        }
    }
}

impl fmt::Debug for Observer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Observer").field(&self.0.is_some()).finish()
    }
}

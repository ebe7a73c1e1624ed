use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use opentelemetry::metrics::{Counter, Gauge};
use opentelemetry::{KeyValue, global};

use super::{Content, TlsError, TlsFile};

/// How often the files are looked at. Kubernetes replaces mounted files by turning a symbolic link,
/// which no watch on the file itself sees.
const PERIOD: Duration = Duration::from_secs(5);

type Build<T> = Box<dyn Fn(&[Content]) -> Result<T, TlsError> + Send + Sync>;

/// What is made of some files, made anew when one of them changes. Clones share it.
///
/// Files that are of no use are told of, and what was made before stays in force. Whoever follows
/// the files must call [`Reloading::follow`].
pub struct Reloading<T>(Arc<Shared<T>>);

struct Shared<T> {
    files: Vec<TlsFile>,
    build: Build<T>,
    current: RwLock<Arc<T>>,
    /// The contents that were last tried, good or bad.
    tried: Mutex<Vec<Content>>,
    period: Duration,
    reloads: Counter<u64>,
    stale: Gauge<u64>,
}

impl<T> Clone for Reloading<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> std::fmt::Debug for Reloading<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reloading").field("files", &self.0.files).finish_non_exhaustive()
    }
}

impl<T: Send + Sync + 'static> Reloading<T> {
    /// Reads the files for the first time; there is nothing to fall back to yet.
    pub(super) fn read(files: Vec<TlsFile>, build: Build<T>) -> Result<Self, TlsError> {
        let contents = read(&files)?;
        let current = RwLock::new(Arc::new(build(&contents)?));
        let meter = global::meter("artisan_runtime");
        let reloads = meter
            .u64_counter("tls.reloads")
            .with_description("How often replaced TLS files were taken or refused.")
            .build();
        let stale = meter
            .u64_gauge("tls.files.stale")
            .with_description("1 while the TLS files are of no use and older ones stay in force.")
            .build();
        stale.record(0, &[]);
        let tried = Mutex::new(contents);
        Ok(Self(Arc::new(Shared { files, build, current, tried, period: PERIOD, reloads, stale })))
    }

    /// What was made of the newest files that are good.
    #[must_use]
    pub fn current(&self) -> Arc<T> {
        Arc::clone(&self.0.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Looks at the files again and again, until it is dropped.
    pub async fn follow(&self) {
        let mut ticks = tokio::time::interval(self.0.period);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            let this = self.clone();
            // Files of a volume that hangs must not hold up a worker.
            let looked = tokio::task::spawn_blocking(move || this.look());
            if let Err(error) = looked.await {
                tracing::error!(%error, "the TLS files cannot be looked at");
            }
        }
    }

    /// Takes the files if they changed and are good; says nothing twice of the same contents.
    pub fn look(&self) {
        let contents = match read(&self.0.files) {
            Ok(contents) => contents,
            // Told once, until the files can be read again.
            Err(error) => {
                if self.is_new(Vec::new()) {
                    self.refuse(&error);
                }
                return;
            }
        };
        if !self.is_new(contents.clone()) {
            return;
        }
        match (self.0.build)(&contents) {
            Ok(built) => {
                *self.0.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(built);
                self.0.reloads.add(1, &[KeyValue::new("outcome", "taken")]);
                self.0.stale.record(0, &[]);
                tracing::info!("the TLS files were replaced, and are in force");
            }
            Err(error) => self.refuse(&error),
        }
    }

    fn is_new(&self, contents: Vec<Content>) -> bool {
        let mut tried = self.0.tried.lock().unwrap_or_else(PoisonError::into_inner);
        let is_new = *tried != contents;
        *tried = contents;
        is_new
    }

    fn refuse(&self, error: &TlsError) {
        self.0.reloads.add(1, &[KeyValue::new("outcome", "refused")]);
        self.0.stale.record(1, &[]);
        tracing::error!(%error, "the TLS files are of no use; those from before stay in force");
    }
}

fn read(files: &[TlsFile]) -> Result<Vec<Content>, TlsError> {
    let read = |file: &TlsFile| match std::fs::read(&file.path) {
        Ok(content) => Ok(Content::new(content)),
        Err(error) => Err(TlsError::new(file, format_args!("cannot be read: {error}"))),
    };
    files.iter().map(read).collect()
}

//! Password hashing in a bounded pool of threads of its own.
//!
//! One argon2id hash takes tens of milliseconds and 19 MiB. On the threads that serve requests it
//! would starve every read; on an unbounded pool it would exhaust memory. So a fixed number of
//! threads takes work from a bounded queue, and work that could not be done before the caller's
//! deadline is refused *before* it costs anything.

mod argon;
mod foreign;
mod queue;

use std::sync::Arc;
use std::time::{Duration, Instant};

use thiserror::Error;
use tokio::sync::oneshot;
use zeroize::Zeroizing;

pub use argon::Argon2Settings;
use argon::Hasher;
pub(crate) use foreign::Foreign;
pub use queue::Verdict;
use queue::{Job, Queue, Work};

/// What bcrypt takes of a password.
const BCRYPT_BYTES: usize = 72;

/// How large the pool is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashPoolSettings {
    /// How many hashes are computed at a time.
    pub threads: usize,
    /// How many may wait.
    pub queue: usize,
    /// What one hash costs.
    pub argon2: Argon2Settings,
}

/// Hashes and verifies passwords. Clones share one pool, which ends with the last of them.
#[derive(Clone, Debug)]
pub struct HashPool(Arc<Owner>);

#[derive(Debug)]
struct Owner {
    queue: Arc<Queue>,
    argon2: Argon2Settings,
}

/// Why a password was not hashed.
#[derive(Debug, Error)]
pub enum HashError {
    /// Too many are waiting: try again after this time. Nothing was computed.
    #[error("too many passwords wait to be hashed")]
    Overloaded {
        /// When the queue is expected to have room.
        retry_after: Duration,
    },
    /// The deadline passed while the work waited.
    #[error("the deadline passed before the password was hashed")]
    DeadlineExceeded,
    /// It cannot be done, whoever asks.
    #[error("hashing failed: {0}")]
    Failed(&'static str),
}

impl HashPool {
    /// Starts the threads.
    pub fn start(settings: HashPoolSettings) -> Result<Self, std::io::Error> {
        let hasher = Hasher::new(settings.argon2)
            .map_err(|reason| std::io::Error::new(std::io::ErrorKind::InvalidInput, reason))?;
        let queue = Arc::new(Queue::new(settings.threads, settings.queue));
        let owner = Owner { queue: Arc::clone(&queue), argon2: settings.argon2 };
        for number in 0..settings.threads {
            let (queue, hasher) = (Arc::clone(&queue), hasher.clone());
            std::thread::Builder::new()
                .name(format!("hash-{number}"))
                .spawn(move || queue.work(&hasher))?;
        }
        Ok(Self(Arc::new(owner)))
    }

    /// The PHC string of a password, with a random salt.
    pub async fn hash(
        &self,
        password: Zeroizing<String>,
        deadline: Option<Instant>,
    ) -> Result<String, HashError> {
        let (reply, answer) = oneshot::channel();
        self.submit(Work::Hash { password, reply }, deadline)?;
        answer.await.unwrap_or(Err(HashError::DeadlineExceeded))
    }

    /// Whether a password belongs to a hash. Without one the same work is done and the answer is no, so
    /// that the time taken does not tell whether an account exists. Since imported hashes take a time of
    /// their own, every no has to wait ([`Verdict::may_be_told`]) until the slowest comparison of late would
    /// have ended.
    pub async fn verify(
        &self,
        password: Zeroizing<String>,
        against: Option<String>,
        deadline: Option<Instant>,
    ) -> Result<Verdict, HashError> {
        let (reply, answer) = oneshot::channel();
        self.submit(Work::Verify { password, against, reply }, deadline)?;
        answer.await.map_err(|_| HashError::DeadlineExceeded)
    }

    /// Whether a hash that was just compared with this password, which is right, should be made anew of it:
    /// it is not as this pool makes them now, and it stands for this password alone. bcrypt knows only the
    /// first 72 bytes, and repeats what is shorter, with a NUL between: whatever was typed behind the 72 bytes
    /// or a NUL must not become the password.
    #[must_use]
    pub fn is_to_be_renewed(&self, hash: &str, password: &str) -> bool {
        let is_current = hash.starts_with(&self.0.argon2.prefix());
        let may_be_cut =
            hash.starts_with("$2") && (password.len() >= BCRYPT_BYTES || password.contains('\0'));
        !is_current && !may_be_cut
    }

    fn submit(&self, work: Work, deadline: Option<Instant>) -> Result<(), HashError> {
        self.0.queue.push(Job { work, deadline })
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        self.queue.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pool(queue: usize) -> HashPool {
        let argon2 = Argon2Settings { memory_kib: 8192, iterations: 2 };
        HashPool::start(HashPoolSettings { threads: 1, queue, argon2 }).unwrap()
    }

    fn password(text: &str) -> Zeroizing<String> {
        Zeroizing::new(text.to_owned())
    }

    #[tokio::test]
    async fn own_password_is_verified_and_no_other() {
        let pool = pool(4);
        let hash = pool.hash(password("Çã1!ÇãAa"), None).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=8192,t=2,p=1$"), "{hash}");
        let verdict = pool.verify(password("Çã1!ÇãAa"), Some(hash.clone()), None).await.unwrap();
        assert!(verdict.is_right);
        let verdict = pool.verify(password("Çã1!ÇãAb"), Some(hash), None).await.unwrap();
        assert!(!verdict.is_right);
        assert!(!pool.verify(password("Çã1!ÇãAa"), None, None).await.unwrap().is_right);
    }

    #[tokio::test]
    async fn a_hash_is_made_anew_of_a_password_that_it_knows_whole() {
        let pool = pool(1);
        let argon2 = "$argon2id$v=19$m=8192,t=2,p=1$c29tZXNhbHQ$…";
        let (older, bcrypt) = (argon2.replace("t=2", "t=1"), "$2b$04$…");
        for length in [8, 71, 72, 73] {
            let password = "x".repeat(length);
            assert!(!pool.is_to_be_renewed(argon2, &password));
            assert!(pool.is_to_be_renewed(&older, &password));
            assert_eq!(pool.is_to_be_renewed(bcrypt, &password), length < 72);
        }
        let repeated = "Senha-Forte-1\0Senha-Forte-1";
        assert!(pool.is_to_be_renewed(&older, repeated));
        assert!(!pool.is_to_be_renewed(bcrypt, repeated));
    }

    #[tokio::test]
    async fn full_queue_refuses_with_a_time_to_come_back() {
        let pool = pool(1);
        let attempts = (0..8).map(|_| pool.hash(password("x"), None));
        let results = futures_util::future::join_all(attempts).await;
        let refused = results.iter().filter(|result| {
            matches!(result, Err(HashError::Overloaded { retry_after }) if !retry_after.is_zero())
        });
        assert!(refused.count() >= 5);
        assert!(results.iter().any(Result::is_ok));
    }

    #[tokio::test]
    async fn work_that_would_miss_its_deadline_is_refused_at_once() {
        let pool = pool(64);
        let waiting =
            futures_util::future::join_all((0..4).map(|_| pool.hash(password("x"), None)));
        let soon = Some(Instant::now() + Duration::from_millis(1));
        // The first future is polled first: its work is in the queue when the second one asks.
        let (done, late) =
            futures_util::future::join(waiting, pool.hash(password("x"), soon)).await;
        assert!(done.iter().all(Result::is_ok));
        assert!(matches!(late, Err(HashError::Overloaded { .. })), "{late:?}");
    }
}

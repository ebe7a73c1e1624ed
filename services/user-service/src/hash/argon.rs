use std::hint::black_box;

use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, Version};

use super::Foreign;

/// What one hash costs (RFC 9106). Parallelism is one lane: the pool has the threads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Argon2Settings {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub iterations: u32,
}

impl Argon2Settings {
    /// What every hash of these settings begins with.
    pub(super) fn prefix(self) -> String {
        format!("$argon2id$v=19$m={},t={},p=1$", self.memory_kib, self.iterations)
    }
}

/// Computes argon2id.
#[derive(Clone, Debug)]
pub(super) struct Hasher(Argon2<'static>);

impl Hasher {
    pub(super) fn new(settings: Argon2Settings) -> Result<Self, &'static str> {
        let params = Params::new(settings.memory_kib, settings.iterations, 1, None)
            .map_err(|_| "argon2 does not take this memory or number of iterations")?;
        Ok(Self(Argon2::new(Algorithm::Argon2id, Version::V0x13, params)))
    }

    /// The PHC string, with a random salt of 128 bits.
    pub(super) fn hash(&self, password: &str) -> Result<String, &'static str> {
        let mut salt = [0; 16];
        getrandom::fill(&mut salt).map_err(|_| "the operating system gives no random bytes")?;
        let hash = self.0.hash_password_with_salt(password.as_bytes(), &salt);
        hash.map(|hash| hash.to_string()).map_err(|_| "argon2 refused the password")
    }

    /// Whether the password belongs to the hash, which says its kind and parameters itself.
    pub(super) fn verify(password: &str, against: &str) -> bool {
        Foreign::read(against).is_ok_and(|hash| hash.verify(password))
    }

    /// The work of [`Self::verify`] for nothing.
    pub(super) fn verify_nothing(&self, password: &str) {
        let mut out = [0; 32];
        let result = self.0.hash_password_into(password.as_bytes(), &[0; 16], &mut out);
        let _ = black_box((result, out));
    }
}

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use sha2::{Digest, Sha256};

use super::Bearer;

/// Tokens whose signature was found right, so that it is not computed again.
///
/// Only the signature is remembered: expiry, session and user are looked at on every call.
#[derive(Debug)]
pub(super) struct VerifiedTokens {
    bearers: Mutex<HashMap<[u8; 32], Bearer>>,
    capacity: usize,
}

impl VerifiedTokens {
    pub(super) fn with_capacity(capacity: usize) -> Self {
        Self { bearers: Mutex::default(), capacity }
    }

    pub(super) fn find(&self, token: &str) -> Option<Bearer> {
        let key = key_of(token);
        self.bearers.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned()
    }

    pub(super) fn remember(&self, token: &str, bearer: &Bearer, now: i64) {
        let mut known = self.bearers.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= self.capacity {
            known.retain(|_, bearer| bearer.expire() > now);
        }
        // A full cache of live tokens starts anew: cheaper than an order of use on every call.
        if known.len() >= self.capacity {
            known.clear();
        }
        known.insert(key_of(token), bearer.clone());
    }
}

fn key_of(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use sha2::{Digest, Sha256};

use super::Claims;

/// Tokens whose signature was found right, so that it is not computed again.
///
/// Only the signature is remembered: expiry, session and user are looked at on every call.
#[derive(Debug)]
pub(super) struct VerifiedTokens {
    claims: Mutex<HashMap<[u8; 32], Claims>>,
    capacity: usize,
}

impl VerifiedTokens {
    pub(super) fn with_capacity(capacity: usize) -> Self {
        Self { claims: Mutex::default(), capacity }
    }

    pub(super) fn find(&self, token: &str) -> Option<Claims> {
        let key = key_of(token);
        self.claims.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned()
    }

    pub(super) fn remember(&self, token: &str, claims: &Claims, now: i64) {
        let mut known = self.claims.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= self.capacity {
            known.retain(|_, claims| claims.exp > now);
        }
        // A full cache of live tokens starts anew: cheaper than an order of use on every call.
        if known.len() >= self.capacity {
            known.clear();
        }
        known.insert(key_of(token), claims.clone());
    }
}

fn key_of(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

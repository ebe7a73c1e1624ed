//! Clients that call without a pause, through the gateway's Service.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{JoinHandle, spawn};

use super::release::Endpoints;
use crate::failure::Failure;
use crate::pods::{answered, call, newcomer, sign_in};

const CLIENTS: u64 = 4;
/// One request in so many registers somebody; the others read.
const WRITES: u64 = 20;

/// What the clients share.
#[derive(Default)]
struct Shared {
    endpoints: Endpoints,
    token: String,
    is_over: AtomicBool,
    reads: AtomicU64,
    writes: AtomicU64,
    failures: Mutex<Vec<String>>,
}

/// The clients at work.
pub(super) struct Load {
    shared: Arc<Shared>,
    clients: Vec<JoinHandle<()>>,
    seen: AtomicU64,
}

impl Load {
    /// Registers somebody who reads, and begins.
    pub(super) fn begin(endpoints: Endpoints) -> Result<Self, Failure> {
        let address = pick(&endpoints, 0);
        let email = "reader@example.com";
        answered(call(&address, "POST /v1/users", None, Some(&newcomer(email)))?, 201)?;
        let token = sign_in(&address, email)?;
        let shared = Arc::new(Shared { endpoints, token, ..Shared::default() });
        let client = |number| {
            let shared = Arc::clone(&shared);
            spawn(move || shared.work(number))
        };
        let clients = (0..CLIENTS).map(client).collect();
        Ok(Self { shared, clients, seen: AtomicU64::new(0) })
    }

    /// Fails if a request failed, or if none was sent since it was asked the last time.
    pub(super) fn passed_since_then(&self) -> Result<(), Failure> {
        let sent = self.shared.sent();
        let before = self.seen.swap(sent, Ordering::Relaxed);
        self.shared.verdict()?;
        if sent > before {
            return Ok(());
        }
        Err(Failure::new("nobody called meanwhile, which proves nothing"))
    }

    /// Ends them; how many requests there were.
    pub(super) fn end(self) -> Result<String, Failure> {
        self.shared.is_over.store(true, Ordering::Relaxed);
        for client in self.clients {
            client.join().map_err(|_| Failure::new("a client broke down"))?;
        }
        self.shared.verdict()?;
        let (reads, writes) = (&self.shared.reads, &self.shared.writes);
        let [reads, writes] = [reads, writes].map(|count| count.load(Ordering::Relaxed));
        Ok(format!("{} requests, 0 failed ({reads} reads, {writes} registrations)", reads + writes))
    }
}

impl Shared {
    fn work(&self, client: u64) {
        let mut turn = 0;
        while !self.is_over.load(Ordering::Relaxed) {
            turn += 1;
            let address = pick(&self.endpoints, client + turn);
            let result = if turn % WRITES == 0 {
                self.writes.fetch_add(1, Ordering::Relaxed);
                let user = newcomer(&format!("client-{client}-{turn}@example.com"));
                call(&address, "POST /v1/users", None, Some(&user))
                    .and_then(|got| answered(got, 201))
            } else {
                self.reads.fetch_add(1, Ordering::Relaxed);
                let read = call(&address, "GET /v1/users/me", Some(&self.token), None);
                read.and_then(|got| answered(got, 200))
            };
            if let Err(failure) = result {
                let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
                failures.push(format!("{address}: {failure}"));
            }
        }
    }

    fn sent(&self) -> u64 {
        self.reads.load(Ordering::Relaxed) + self.writes.load(Ordering::Relaxed)
    }

    fn verdict(&self) -> Result<(), Failure> {
        let failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        if failures.is_empty() {
            return Ok(());
        }
        let first: Vec<&str> = failures.iter().take(5).map(String::as_str).collect();
        let text =
            format!("{} of {} requests failed:\n{}", failures.len(), self.sent(), first.join("\n"));
        Err(Failure::new(text))
    }
}

/// One of the Service's addresses, each in its turn.
fn pick(endpoints: &Endpoints, turn: u64) -> String {
    let addresses = endpoints.lock().unwrap_or_else(PoisonError::into_inner);
    let number = u64::try_from(addresses.len()).unwrap_or(1).max(1);
    let at = usize::try_from(turn % number).unwrap_or_default();
    addresses.get(at).cloned().unwrap_or_default()
}

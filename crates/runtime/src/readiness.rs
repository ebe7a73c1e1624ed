//! Whether this program should receive work now, and if not, why.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::sync::watch;

use crate::lifecycle::Shutdown;

/// Named conditions, all of which must hold before the program is ready.
///
/// Cheap to clone; every clone sees the same conditions.
#[derive(Debug, Clone)]
pub struct Readiness {
    conditions: Arc<watch::Sender<BTreeMap<&'static str, bool>>>,
}

impl Default for Readiness {
    fn default() -> Self {
        Self { conditions: Arc::new(watch::Sender::new(BTreeMap::new())) }
    }
}

impl Readiness {
    /// Ready, until a condition says otherwise.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a condition; the first `set` of a name makes it part of what is required.
    pub fn set(&self, condition: &'static str, holds: bool) {
        self.conditions.send_if_modified(|conditions| {
            let before = conditions.insert(condition, holds);
            match before {
                // A start is full of these.
                None => tracing::debug!(condition, holds, "readiness begins"),
                Some(before) if before != holds => {
                    tracing::info!(condition, holds, "readiness changed");
                }
                Some(_) => {}
            }
            before != Some(holds)
        });
    }

    /// Whether all conditions hold.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.conditions.borrow().values().all(|holds| *holds)
    }

    /// The names of the conditions that do not hold.
    #[must_use]
    pub fn reasons(&self) -> Vec<&'static str> {
        let conditions = self.conditions.borrow();
        conditions.iter().filter(|(_, holds)| !**holds).map(|(name, _)| *name).collect()
    }

    /// A receiver that wakes at every change, for those who publish readiness elsewhere.
    #[must_use]
    pub fn subscribe(&self) -> watch::Receiver<BTreeMap<&'static str, bool>> {
        self.conditions.subscribe()
    }

    /// Waits until all conditions hold.
    pub async fn ready(&self) {
        let mut changes = self.subscribe();
        // The sender lives as long as `self`, so waiting cannot fail.
        let _ = changes.wait_for(|conditions| conditions.values().all(|holds| *holds)).await;
    }

    /// Makes the program unready as soon as a shutdown begins, before anything is refused.
    pub fn follow(&self, shutdown: &Shutdown) {
        self.set("not draining", true);
        let (this, shutdown) = (self.clone(), shutdown.clone());
        tokio::spawn(async move {
            shutdown.draining().await;
            this.set("not draining", false);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::Readiness;

    #[test]
    fn one_broken_condition_makes_it_unready() {
        let readiness = Readiness::new();
        assert!(readiness.is_ready());
        readiness.set("database", false);
        readiness.set("schema", true);
        assert!(!readiness.is_ready());
        assert_eq!(readiness.reasons(), ["database"]);
        readiness.set("database", true);
        assert!(readiness.is_ready());
    }
}

use std::time::{SystemTime, UNIX_EPOCH};

/// What the names of all scratch databases begin with.
pub(super) const PREFIX: &str = "_migrate_scratch_";

const DAY: u64 = 24 * 60 * 60;

/// A name that no other process makes, and that tells when it was made.
pub(super) fn new() -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    format!("{PREFIX}{:x}_{:x}_{:x}", now.as_secs(), now.subsec_nanos(), std::process::id())
}

/// Whether a database of this name is a scratch that somebody left behind: older than a day.
pub(super) fn is_stale(name: &str) -> bool {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let made = name.strip_prefix(PREFIX).and_then(|rest| rest.split('_').next());
    let made = made.and_then(|made| u64::from_str_radix(made, 16).ok());
    made.is_some_and(|made| made.saturating_add(DAY) < now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_old_scratches_are_stale() {
        assert!(!is_stale(&new()));
        assert!(is_stale("_migrate_scratch_5_1_1"));
        assert!(!is_stale("_migrate_scratch_mine"));
        assert!(!is_stale("accounts"));
    }
}

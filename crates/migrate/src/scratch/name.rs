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
    made_at(name).is_some_and(|made| made.saturating_add(DAY) < now)
}

/// The second in which it was made, of a name that is one of [`new`]'s in full.
fn made_at(name: &str) -> Option<u64> {
    let mut parts = name.strip_prefix(PREFIX)?.split('_');
    let (made, nanos, process) = (parts.next()?, parts.next()?, parts.next()?);
    let is_number = |part: &str| u32::from_str_radix(part, 16).is_ok();
    // As `{:x}` writes them: `from_str_radix` takes a sign and capitals as well.
    let is_hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f' | b'_');
    let is_ours = is_number(nanos) && is_number(process) && parts.next().is_none();
    let rest = name.strip_prefix(PREFIX)?;
    if is_ours && rest.bytes().all(is_hex) { u64::from_str_radix(made, 16).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_old_scratches_are_stale() {
        assert!(!is_stale(&new()));
        assert!(is_stale("_migrate_scratch_5_1_1"));
        for others in
            ["mine", "5_mine", "5", "5_1", "5_1_mine", "5_1_1_1", "5_1_+1", "5_1_A", "5__1"]
        {
            assert!(!is_stale(&format!("{PREFIX}{others}")), "{others}");
        }
        assert!(!is_stale("accounts"));
    }
}

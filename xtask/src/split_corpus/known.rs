//! Differences that are meant, each with its reason.

use super::tally::Difference;
use crate::engine::Engine;

struct Known {
    engines: &'static [Engine],
    is_it: fn(&Difference) -> bool,
    reason: &'static str,
}

const KNOWN: [Known; 0] = [];

/// Why the difference is meant, if it is.
pub(crate) fn reason(engine: Engine, difference: &Difference) -> Option<&'static str> {
    let is_it = |known: &&Known| known.engines.contains(&engine) && (known.is_it)(difference);
    KNOWN.iter().find(is_it).map(|known| known.reason)
}

//! Which build of the workspace is running.

/// The version of the workspace this program was built from.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The git revision, when the build was told (`GIT_REVISION=$(git rev-parse HEAD) cargo build`).
pub const REVISION: Option<&str> = option_env!("GIT_REVISION");

/// The name of the profile: `debug` builds have assertions.
pub const PROFILE: &str = if cfg!(debug_assertions) { "debug" } else { "release" };

/// The version, with the revision behind it where the build knows one: `0.1.0 (1a2b3c4)`.
#[must_use]
pub fn describe() -> String {
    match REVISION {
        Some(revision) => format!("{VERSION} ({})", revision.get(..12).unwrap_or(revision)),
        None => VERSION.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{VERSION, describe};

    #[test]
    fn description_begins_with_the_version() {
        assert!(describe().starts_with(VERSION));
    }
}

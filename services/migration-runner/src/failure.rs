use artisan_migrate::Error;
use artisan_runtime::env::ConfigError;

/// Why the program ends with another code than 0.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Migrate(#[from] Error),
    /// The request cannot be carried out as it stands.
    #[error("{message}")]
    Usage { reason: &'static str, message: String },
    /// A program of the user's, run after files were written, did not end well.
    #[error("{message}")]
    Hook { message: String },
    #[error("signals cannot be watched: {0}")]
    Signals(#[from] std::io::Error),
}

impl Failure {
    /// A file of the user's that could not be written.
    pub(crate) fn files(path: &std::path::Path, error: &std::io::Error) -> Self {
        let message = format!("cannot write {}: {error}", path.display());
        Self::Usage { reason: "DIRECTORY_UNWRITABLE", message }
    }

    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Config(_) | Self::Usage { .. } => 2,
            Self::Migrate(error) => error.exit_code(),
            Self::Hook { .. } | Self::Signals(_) => 1,
        }
    }

    pub(crate) fn reason(&self) -> &'static str {
        match self {
            Self::Config(_) => "CONFIGURATION",
            Self::Usage { reason, .. } => reason,
            Self::Migrate(error) => error.reason(),
            Self::Hook { .. } => "HOOK_FAILED",
            Self::Signals(_) => "UNEXPECTED",
        }
    }

    pub(crate) fn next(&self) -> Option<String> {
        match self {
            Self::Config(_) | Self::Usage { .. } | Self::Signals(_) => None,
            Self::Hook { .. } => Some(
                "mend what it says and run it by hand on these files; running `migrate revision` \
                 again would make another revision"
                    .to_owned(),
            ),
            Self::Migrate(error) => error.next(),
        }
    }
}

use artisan_migrate::Error;
use artisan_runtime::env::ConfigError;

/// Why the program ends with another code than 0.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Migrate(#[from] Error),
    #[error("signals cannot be watched: {0}")]
    Signals(#[from] std::io::Error),
}

impl Failure {
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Config(_) => 2,
            Self::Migrate(error) => error.exit_code(),
            Self::Signals(_) => 1,
        }
    }

    pub(crate) fn reason(&self) -> &'static str {
        match self {
            Self::Config(_) => "CONFIGURATION",
            Self::Migrate(error) => error.reason(),
            Self::Signals(_) => "UNEXPECTED",
        }
    }

    pub(crate) fn next(&self) -> Option<String> {
        match self {
            Self::Config(_) | Self::Signals(_) => None,
            Self::Migrate(error) => error.next(),
        }
    }
}

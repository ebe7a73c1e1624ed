use thiserror::Error;

/// Why something could not be measured.
#[derive(Debug, Error)]
pub(crate) enum Failure {
    /// A program did not start, or not in time, or ended by itself.
    #[error("{program}: {reason}")]
    Program {
        /// Which one.
        program: String,
        /// What happened, with its log's end.
        reason: String,
    },
    /// The operating system refused.
    #[error("{doing}")]
    System {
        /// What was being done.
        doing: &'static str,
        /// What it said.
        #[source]
        source: std::io::Error,
    },
    /// The database refused.
    #[error("the bench's own statement failed")]
    Database(#[from] sqlx::Error),
    /// A call under measurement failed: the number would mean nothing.
    #[error("a measured call failed: {0}")]
    Call(String),
}

impl Failure {
    /// For `map_err` of what the operating system refused.
    pub(crate) fn system(doing: &'static str) -> impl FnOnce(std::io::Error) -> Self {
        move |source| Self::System { doing, source }
    }

    /// For `map_err` of a failed call.
    pub(crate) fn call(error: impl std::fmt::Display) -> Self {
        Self::Call(error.to_string())
    }
}

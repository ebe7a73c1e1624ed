use prost_reflect::DescriptorError;

/// Why nothing can be generated from a contract.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The bytes are no consistent set of descriptors.
    #[error("the descriptors are not consistent")]
    Descriptors(#[from] DescriptorError),
    /// Something in the contract cannot be served.
    #[error("{element}: {description}")]
    Contract {
        /// The full name of the method, message or field.
        element: String,
        /// What is wrong with it.
        description: String,
    },
}

impl BuildError {
    pub(super) fn new(element: &str, description: impl std::fmt::Display) -> Self {
        Self::Contract { element: element.to_owned(), description: description.to_string() }
    }
}

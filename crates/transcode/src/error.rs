use crate::json::{ReadError, WriteError};

/// One field of a request that is not as it must be. It never holds a value of the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The field's path from the request in proto names, `user.address.zip_code`; an unknown name
    /// stands as the client wrote it.
    pub field: String,
    /// What is wrong with it, to follow the field's name.
    pub description: String,
}

/// Why an HTTP request is no request of the method. The client must change it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BindError {
    /// The body is not JSON (RFC 8259), not UTF-8, or nested too deeply.
    #[error("the body is not valid JSON: {description} at line {line} column {column}")]
    Syntax {
        /// The line, from 1.
        line: usize,
        /// The column in code points, from 1.
        column: usize,
        /// What was found.
        description: String,
    },
    /// Fields of the body, the path or the query are not as they must be. Never empty.
    #[error("the request has invalid fields")]
    Fields(Vec<Violation>),
    /// There is a body, and the method takes none.
    #[error("the method takes no request body")]
    UnexpectedBody,
    /// There is an `If-Match`, and the method compares no entity tag.
    #[error("the method compares no entity tag, and takes no If-Match")]
    UnexpectedIfMatch,
}

impl From<ReadError> for BindError {
    fn from(error: ReadError) -> Self {
        error.into_bind_error()
    }
}

/// Why a response cannot be written as JSON. It is the answering service's fault.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The bytes are no such message.
    #[error("the response is no valid message")]
    Decode(#[from] prost::DecodeError),
    /// The message has a value that JSON has no form for.
    #[error("the response has no JSON form")]
    Write(#[from] WriteError),
}

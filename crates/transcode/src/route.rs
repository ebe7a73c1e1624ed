use crate::captures::Captures;
use crate::error::{BindError, RenderError};
use crate::pattern::Pattern;

/// One HTTP binding of a method, as the generator writes it.
#[derive(Debug, Clone, Copy)]
pub struct Route {
    /// The HTTP method in upper case; `*` is any.
    pub verb: &'static str,
    /// The path template as the proto file has it.
    pub template: &'static str,
    /// The template taken apart.
    pub pattern: Pattern,
    /// The path of the gRPC call, `/artisan.user.v1.UserService/GetUser`.
    pub grpc_path: &'static str,
    /// The full name of the service.
    pub service: &'static str,
    /// The name of the method.
    pub rpc: &'static str,
    /// Whether the method answers with a stream.
    pub server_streaming: bool,
    /// Whether a request body is bound.
    pub accepts_body: bool,
    /// Whether the answer is a resource that was made: 201 with a Location.
    pub creates: bool,
    /// Makes the encoded request out of an HTTP request's parts.
    pub bind: fn(&Inputs<'_>) -> Result<Vec<u8>, BindError>,
    /// Appends an encoded response as JSON, on one line and without an end of line.
    pub render: fn(&[u8], &mut Vec<u8>) -> Result<(), RenderError>,
    /// Reads the entity tag out of an encoded response, quoted as the header has it.
    pub etag: Option<ReadText>,
    /// Reads the path of the resource out of an encoded response.
    pub location: Option<ReadText>,
}

/// Reads something out of an encoded response, if it is there.
pub type ReadText = fn(&[u8]) -> Option<String>;

/// The parts of an HTTP request that make the method's request.
#[derive(Debug, Clone, Copy, Default)]
pub struct Inputs<'a> {
    /// What the template's variables hold.
    pub captures: &'a Captures<'a>,
    /// The query string as received, without `?`.
    pub query: Option<&'a str>,
    /// The body; white space alone is no body.
    pub body: &'a [u8],
    /// The `If-Match` header: fills the etag field of the request or of the resource in its body; refused
    /// where there is none.
    pub if_match: Option<&'a str>,
    /// The `Idempotency-Key` header: fills `request_id`, and must not say otherwise than it.
    pub idempotency_key: Option<&'a str>,
}

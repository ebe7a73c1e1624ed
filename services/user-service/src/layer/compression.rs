use http::{HeaderMap, HeaderName, HeaderValue};
use tonic::codec::CompressionEncoding;

use crate::access::Method;
use crate::error::Error;

/// What messages may be compressed with, in both directions.
pub(crate) const ENCODINGS: [CompressionEncoding; 2] =
    [CompressionEncoding::Zstd, CompressionEncoding::Gzip];

const ENCODING: HeaderName = HeaderName::from_static("grpc-encoding");
const ACCEPTED: HeaderName = HeaderName::from_static("grpc-accept-encoding");

/// Keeps the messages of a method that holds secrets as they are: a compressed one is refused, and
/// the answer will not be compressed, whatever the client takes.
pub(super) fn check(method: Method, headers: &mut HeaderMap) -> Result<(), Error> {
    let encoding = headers.get(ENCODING).map_or(&b"identity"[..], HeaderValue::as_bytes);
    let is_plain = encoding == b"identity";
    if method.rule.secret {
        headers.remove(ACCEPTED);
        return if is_plain {
            Ok(())
        } else {
            Err(Error::Compressed("messages with passwords or tokens are not compressed"))
        };
    }
    if is_plain || encoding == b"gzip" || encoding == b"zstd" {
        return Ok(());
    }
    Err(Error::Compressed("the message must be compressed with gzip or zstd, or not at all"))
}

/// What the client may compress with instead (gRPC over HTTP/2, "Message-Encoding").
pub(super) fn tell(method: Method, headers: &mut HeaderMap) {
    let accepted = if method.rule.secret { "identity" } else { "identity,gzip,zstd" };
    headers.insert(ACCEPTED, HeaderValue::from_static(accepted));
}

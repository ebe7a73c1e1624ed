//! As much of HTTP/1.1 as it takes to call a gateway on this machine.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

use crate::failure::{Doing as _, Failure};

/// Longer than a request may take by any manifest.
const PATIENCE: Duration = Duration::from_secs(40);

/// An answer: its status and its body.
pub(crate) type Answer = (u16, Value);

/// Calls over a connection of its own; the body goes and comes as JSON.
pub(crate) fn call(
    address: &str,
    request: &str,
    token: Option<&str>,
    body: Option<&Value>,
) -> Result<Answer, Failure> {
    let doing = || format!("calling {request}");
    let mut stream = TcpStream::connect(address).doing(doing())?;
    stream.set_read_timeout(Some(PATIENCE)).doing(doing())?;
    let body = body.map(Value::to_string).unwrap_or_default();
    let token = token.map(|token| format!("authorization: Bearer {token}\r\n")).unwrap_or_default();
    let head = format!(
        "{request} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n{token}content-type: application/json\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(head.as_bytes()).doing(doing())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).doing(doing())?;
    parse(&answer).ok_or_else(|| Failure::new(format!("{request} was answered by {answer:?}")))
}

fn parse(answer: &str) -> Option<Answer> {
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()?;
    Some((status, serde_json::from_str(body).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn status_and_body_are_read() {
        let (status, body) =
            parse("HTTP/1.1 201 Created\r\na: b\r\n\r\n{\"name\":\"users/1\"}").unwrap();
        assert_eq!((status, body["name"].as_str()), (201, Some("users/1")));
        assert_eq!(parse("HTTP/1.1 503 No\r\n\r\n").unwrap(), (503, Value::Null));
        assert_eq!(parse("nonsense"), None);
    }
}

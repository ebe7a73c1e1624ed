//! Enough of PostgreSQL's protocol for psql to send a file:
//! <https://www.postgresql.org/docs/current/protocol.html>.

use std::io::{self, Read, Write};
use std::net::TcpStream;

const READY: &[u8] = b"I";

/// Welcomes the client, answers each query with success, and gives the queries.
pub(crate) fn serve(mut stream: TcpStream) -> io::Result<Vec<Vec<u8>>> {
    speak(&mut stream)
}

fn speak(stream: &mut (impl Read + Write)) -> io::Result<Vec<Vec<u8>>> {
    read_body(stream)?;
    stream.write_all(&welcome())?;
    let mut queries = Vec::new();
    loop {
        let mut kind = [0];
        if stream.read(&mut kind)? == 0 || kind == *b"X" {
            return Ok(queries);
        }
        let mut body = read_body(stream)?;
        if kind == *b"Q" {
            body.pop();
            stream.write_all(&answer(&body))?;
            queries.push(body);
        }
    }
}

/// A message after its kind: the length, which counts itself, and so many bytes.
fn read_body(stream: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut length = [0; 4];
    stream.read_exact(&mut length)?;
    let mut body = vec![0; (u32::from_be_bytes(length) as usize).saturating_sub(4)];
    stream.read_exact(&mut body)?;
    Ok(body)
}

fn welcome() -> Vec<u8> {
    let mut bytes = message(b'R', &[0; 4]);
    for (name, value) in [
        ("server_version", "15.0"),
        ("client_encoding", "UTF8"),
        ("standard_conforming_strings", "on"),
    ] {
        bytes.extend(status(name, value));
    }
    bytes.extend(message(b'Z', READY));
    bytes
}

/// psql reads strings by the setting, and learns of a change as from a server.
fn answer(query: &[u8]) -> Vec<u8> {
    let query = String::from_utf8_lossy(query).to_ascii_lowercase();
    let mut bytes = Vec::new();
    let words = query.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    if words.starts_with(&["set", "standard_conforming_strings"]) {
        let is_off = words.contains(&"off") || words.contains(&"false");
        bytes.extend(status("standard_conforming_strings", if is_off { "off" } else { "on" }));
    } else if words == ["reset", "standard_conforming_strings"] {
        bytes.extend(status("standard_conforming_strings", "on"));
    }
    bytes.extend(message(b'C', b"DO\0"));
    bytes.extend(message(b'Z', READY));
    bytes
}

fn status(name: &str, value: &str) -> Vec<u8> {
    message(b'S', format!("{name}\0{value}\0").as_bytes())
}

fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len() + 4).unwrap_or(u32::MAX);
    [&[kind], &length.to_be_bytes()[..], body].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::split_corpus::recorder::Pretended;

    #[test]
    fn queries_are_written_down_and_answered() {
        let mut start = message(0, b"\0\x03\0\0user\0x\0\0");
        start.remove(0);
        let query = message(b'Q', b"SELECT 1;\0");
        let set = message(b'Q', b"SET standard_conforming_strings TO off;\0");
        let mut client = Pretended::sending([start, query, set, message(b'X', b"")].concat());
        let queries = speak(&mut client).unwrap();
        assert_eq!(queries[0], b"SELECT 1;");
        assert_eq!(queries.len(), 2);
        assert!(client.received.starts_with(b"R\0\0\0\x08\0\0\0\0"));
        let told = status("standard_conforming_strings", "off");
        assert!(client.received.windows(told.len()).any(|window| window == told));
    }
}

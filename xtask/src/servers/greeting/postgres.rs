//! The start of the `PostgreSQL` protocol, up to the first thing that names the server.
//! <https://www.postgresql.org/docs/current/protocol-message-formats.html>

use std::io::{Read, Write};

use super::{read_array, read_body, send};
use crate::servers::url::ServerUrl;

const PROTOCOL_3: u32 = 0x0003_0000;

/// The version that the server reports once it trusts the user.
pub(super) fn version(stream: &mut (impl Read + Write), url: &ServerUrl) -> Result<String, String> {
    send(stream, &startup(url)?)?;
    loop {
        let [kind] = read_array(stream)?;
        let length = u32::from_be_bytes(read_array(stream)?) as usize;
        let body = read_body(stream, length.saturating_sub(4))?;
        match (kind, body.as_slice()) {
            (b'R', [0, 0, 0, 0, ..]) | (b'K' | b'N' | b'v', _) => {}
            (b'R', _) => return Ok("told only after a password".to_owned()),
            (b'S', parameter) => {
                if let Some(version) = server_version(parameter) {
                    return Ok(version);
                }
            }
            (b'E', error) => return Err(format!("it refuses: {}", error_message(error))),
            _ => return Err("it speaks another protocol".to_owned()),
        }
    }
}

fn startup(url: &ServerUrl) -> Result<Vec<u8>, String> {
    let database = if url.database.is_empty() { &url.user } else { &url.database };
    let mut body = PROTOCOL_3.to_be_bytes().to_vec();
    for text in ["user", &url.user, "database", database] {
        body.extend_from_slice(text.as_bytes());
        body.push(0);
    }
    body.push(0);
    let length = u32::try_from(body.len() + 4).map_err(|_| "its names are too long".to_owned())?;
    Ok([&length.to_be_bytes(), body.as_slice()].concat())
}

fn server_version(parameter: &[u8]) -> Option<String> {
    let mut parts = parameter.split(|byte| *byte == 0);
    let name = parts.next()?;
    let value = parts.next()?;
    (name == b"server_version").then(|| String::from_utf8_lossy(value).into_owned())
}

fn error_message(body: &[u8]) -> String {
    body.split(|byte| *byte == 0)
        .find_map(|field| field.strip_prefix(b"M"))
        .map_or_else(|| "no reason given".to_owned(), |text| String::from_utf8_lossy(text).into())
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn message(kind: u8, body: &[u8]) -> Vec<u8> {
        let length = u32::try_from(body.len() + 4).unwrap();
        [&[kind][..], &length.to_be_bytes(), body].concat()
    }

    /// Answers with fixed bytes and swallows what is written.
    struct Server(Cursor<Vec<u8>>);

    impl Read for Server {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            self.0.read(buffer)
        }
    }

    impl Write for Server {
        fn write(&mut self, buffer: &[u8]) -> std::io::Result<usize> {
            Ok(buffer.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn ask(answer: &[Vec<u8>]) -> Result<String, String> {
        let url = ServerUrl {
            user: "u".to_owned(),
            password: String::new(),
            host: "h".to_owned(),
            port: 1,
            database: String::new(),
        };
        version(&mut Server(Cursor::new(answer.concat())), &url)
    }

    #[test]
    fn version_is_among_the_parameters() {
        let trusted = message(b'R', &[0, 0, 0, 0]);
        let encoding = message(b'S', b"client_encoding\0UTF8\0");
        let answer = message(b'S', b"server_version\x0015.14 (Debian)\0");
        assert_eq!(ask(&[trusted, encoding, answer]).unwrap(), "15.14 (Debian)");
    }

    #[test]
    fn a_password_request_is_an_answer_too() {
        assert!(ask(&[message(b'R', &[0, 0, 0, 10])]).is_ok());
    }

    #[test]
    fn a_refusal_is_told() {
        let error = message(b'E', b"SFATAL\0C57P03\0Mthe database system is starting up\0\0");
        assert_eq!(ask(&[error]).unwrap_err(), "it refuses: the database system is starting up");
    }

    #[test]
    fn another_protocol_is_an_error() {
        assert!(ask(&[b"HTTP/1.1 400 Bad Request\r\n".to_vec()]).is_err());
        assert!(ask(&[]).is_err());
    }
}

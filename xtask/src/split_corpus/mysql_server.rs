//! Enough of MySQL's protocol for its client to send a file:
//! <https://dev.mysql.com/doc/dev/mysql-server/latest/PAGE_PROTOCOL.html>.

use std::io::{self, Read, Write};
use std::net::TcpStream;

const QUIT: u8 = 1;
const CHANGE_DATABASE: u8 = 2;
const QUERY: u8 = 3;
/// Success; autocommit is on.
const OK: [u8; 7] = [0, 0, 0, 2, 0, 0, 0];
/// Long passwords and flags, databases, protocol 4.1, transactions, secure connections, plugins.
const ABILITIES: u32 = 0x0008_a20d;
const UTF8MB4: u8 = 45;
/// What `MySQL`'s client asks by itself before it reads anything.
const VERSION: &[u8] = b"select @@version_comment limit 1";
/// The same: whether two dollars are a name, or begin a string and are a mistake without its end.
const DOLLARS: &[u8] = b"select $$";
const MISTAKE: &[u8] = b"\xff\x28\x04#42000a syntax error";

/// For a client that knows no password method of later times.
pub(crate) fn serve_native(mut stream: TcpStream) -> io::Result<Vec<Vec<u8>>> {
    speak(&mut stream, "mysql_native_password")
}

/// For a client that knows the native method no more.
pub(crate) fn serve_sha2(mut stream: TcpStream) -> io::Result<Vec<Vec<u8>>> {
    speak(&mut stream, "caching_sha2_password")
}

fn speak(stream: &mut (impl Read + Write), plugin: &str) -> io::Result<Vec<Vec<u8>>> {
    stream.write_all(&packet(0, &greeting(plugin)))?;
    let Some((number, _)) = read_packet(stream)? else { return Ok(Vec::new()) };
    // Whoever it is, and whatever the password: this server has nothing to protect.
    stream.write_all(&packet(number.wrapping_add(1), &OK))?;
    let mut queries = Vec::new();
    while let Some((_, body)) = read_packet(stream)? {
        match body.split_first() {
            Some((&QUIT, _)) => break,
            Some((&QUERY, VERSION)) if queries.is_empty() => {}
            Some((&QUERY, DOLLARS)) if queries.is_empty() => {
                stream.write_all(&packet(1, MISTAKE))?;
                continue;
            }
            Some((&QUERY, query)) => queries.push(query.to_vec()),
            Some((&CHANGE_DATABASE, name)) => queries.push([b"use ", name].concat()),
            _ => {}
        }
        stream.write_all(&packet(1, &OK))?;
    }
    Ok(queries)
}

fn greeting(plugin: &str) -> Vec<u8> {
    let [a, b, c, d] = ABILITIES.to_le_bytes();
    let mut bytes = vec![10];
    bytes.extend(b"8.0.0\0\x01\0\0\0");
    bytes.extend(b"abcdefgh\0");
    bytes.extend([a, b, UTF8MB4, 2, 0, c, d, 21]);
    bytes.extend([0; 10]);
    bytes.extend(b"ijklmnopqrst\0");
    bytes.extend(plugin.as_bytes());
    bytes.push(0);
    bytes
}

/// A packet's number and content, unless the client has left.
fn read_packet(stream: &mut impl Read) -> io::Result<Option<(u8, Vec<u8>)>> {
    let mut head = [0; 4];
    match stream.read_exact(&mut head) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        result => result?,
    }
    let [a, b, c, number] = head;
    let mut body = vec![0; u32::from_le_bytes([a, b, c, 0]) as usize];
    stream.read_exact(&mut body)?;
    Ok(Some((number, body)))
}

fn packet(number: u8, body: &[u8]) -> Vec<u8> {
    let [a, b, c, _] = u32::try_from(body.len()).unwrap_or(u32::MAX).to_le_bytes();
    [&[a, b, c, number], body].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::split_corpus::recorder::Pretended;

    #[test]
    fn queries_are_written_down_until_the_client_quits() {
        let sent = [
            packet(1, b"login"),
            packet(0, b"\x03select $$"),
            packet(0, b"\x03SELECT 1"),
            packet(0, b"\x02test"),
            packet(0, b"\x0e"),
            packet(0, b"\x01"),
            packet(0, b"\x03SELECT 2"),
        ];
        let mut client = Pretended::sending(sent.concat());
        let queries = speak(&mut client, "mysql_native_password").unwrap();
        assert_eq!(queries, [b"SELECT 1".to_vec(), b"use test".to_vec()]);
        assert!(client.received.ends_with(&packet(1, &OK)));
    }
}

//! What a server says of itself before anybody has signed in: enough to tell whether it answers,
//! and whether it is the engine that it is taken for.

use std::io::{Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

use super::url::ServerUrl;
use crate::engine::Engine;

mod mysql;
mod postgres;

const TIMEOUT: Duration = Duration::from_secs(5);

/// Asks the server for its version and makes sure that it is this engine.
///
/// A `PostgreSQL` server that wants a password tells its version only afterwards.
pub(crate) fn version(engine: Engine, url: &ServerUrl) -> Result<String, String> {
    let mut stream = connect(url).map_err(|error| format!("no answer: {error}"))?;
    match engine {
        Engine::Postgres => postgres::version(&mut stream, url),
        Engine::MariaDb | Engine::MySql => {
            let version = mysql::version(&mut stream)?;
            mysql::check_product(engine, &version)
        }
        Engine::Sqlite => Err("has no server".to_owned()),
    }
}

fn connect(url: &ServerUrl) -> std::io::Result<TcpStream> {
    let mut last = std::io::Error::other("the host name has no address");
    for address in (url.host.as_str(), url.port).to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, TIMEOUT) {
            Ok(stream) => {
                stream.set_read_timeout(Some(TIMEOUT))?;
                stream.set_write_timeout(Some(TIMEOUT))?;
                return Ok(stream);
            }
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// Reads exactly `N` bytes.
fn read_array<const N: usize>(stream: &mut impl Read) -> Result<[u8; N], String> {
    let mut bytes = [0; N];
    stream.read_exact(&mut bytes).map_err(|error| format!("no greeting: {error}"))?;
    Ok(bytes)
}

/// Reads a message body, refusing lengths that no greeting has.
fn read_body(stream: &mut impl Read, length: usize) -> Result<Vec<u8>, String> {
    if length > 64 * 1024 {
        return Err("it speaks another protocol".to_owned());
    }
    let mut bytes = vec![0; length];
    stream.read_exact(&mut bytes).map_err(|error| format!("no greeting: {error}"))?;
    Ok(bytes)
}

fn send(stream: &mut impl Write, bytes: &[u8]) -> Result<(), String> {
    stream.write_all(bytes).map_err(|error| format!("no answer: {error}"))
}

//! The first packet of the `MySQL` protocol: protocol version 10, then the server's version.
//! <https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase_packets_protocol_handshake_v10.html>

use std::io::Read;

use super::{read_array, read_body};
use crate::engine::Engine;

/// The version in the server's handshake packet.
pub(super) fn version(stream: &mut impl Read) -> Result<String, String> {
    let [low, middle, high, _sequence] = read_array::<4>(stream)?;
    let length = usize::from(low) | usize::from(middle) << 8 | usize::from(high) << 16;
    let body = read_body(stream, length)?;
    match body.split_first() {
        Some((10, rest)) => {
            let end = rest.iter().position(|byte| *byte == 0).unwrap_or(rest.len());
            Ok(String::from_utf8_lossy(rest.get(..end).unwrap_or_default()).into_owned())
        }
        Some((0xff, rest)) => Err(format!(
            "it refuses: {}",
            String::from_utf8_lossy(rest.get(2..).unwrap_or_default())
        )),
        _ => Err("it speaks another protocol".to_owned()),
    }
}

/// The version without the prefix that `MariaDB` 10 sends for old clients; an error when the
/// product is the other one of the two.
pub(super) fn check_product(engine: Engine, version: &str) -> Result<String, String> {
    let is_mariadb = version.contains("MariaDB");
    match (engine, is_mariadb) {
        (Engine::MySql, true) => Err(format!("it is MariaDB ({version}), not MySQL")),
        (Engine::MariaDb, false) => Err(format!("it is MySQL ({version}), not MariaDB")),
        _ => Ok(version.strip_prefix("5.5.5-").unwrap_or(version).to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(body: &[u8]) -> Vec<u8> {
        let length = u8::try_from(body.len()).unwrap();
        [&[length, 0, 0, 0], body].concat()
    }

    #[test]
    fn version_stands_before_the_first_zero() {
        let bytes = packet(b"\x0a9.7.4\0\x08\0\0\0rest");
        assert_eq!(version(&mut bytes.as_slice()).unwrap(), "9.7.4");
    }

    #[test]
    fn a_refusal_is_told() {
        let bytes = packet(b"\xff\x6a\x04Host is not allowed");
        assert_eq!(version(&mut bytes.as_slice()).unwrap_err(), "it refuses: Host is not allowed");
    }

    #[test]
    fn another_protocol_and_a_short_packet_are_errors() {
        assert!(version(&mut b"HTTP/1.1 400 Bad Request".as_slice()).is_err());
        assert!(version(&mut packet(b"\x09old").as_slice()).is_err());
        assert!(version(&mut b"\x20\0\0\0\x0a9".as_slice()).is_err());
    }

    #[test]
    fn the_two_products_are_told_apart() {
        let mariadb = "5.5.5-10.11.19-MariaDB-0+deb12u1";
        assert_eq!(check_product(Engine::MariaDb, mariadb).unwrap(), "10.11.19-MariaDB-0+deb12u1");
        assert_eq!(check_product(Engine::MySql, "9.7.4-2").unwrap(), "9.7.4-2");
        assert!(check_product(Engine::MySql, mariadb).unwrap_err().contains("not MySQL"));
        assert!(check_product(Engine::MariaDb, "9.7.4").unwrap_err().contains("not MariaDB"));
    }
}

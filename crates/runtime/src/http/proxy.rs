//! The PROXY protocol, by which a balancer says whose connection it passes on.
//! <https://www.haproxy.org/download/3.2/doc/proxy-protocol.txt>

use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use tokio::io::{AsyncRead, AsyncReadExt as _};

const SIGNATURE: [u8; 12] = *b"\r\n\r\n\0\r\nQUIT\n";
/// The longest line of version 1, its end included.
const MAX_LINE: usize = 107;
/// Addresses, and what balancers add to them, are far shorter.
const MAX_LENGTH: usize = 2 << 10;

/// Reads the header that begins a connection, of either version, and nothing behind it: the client's
/// address, or none where the balancer speaks for itself.
pub(super) async fn read(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Option<SocketAddr>> {
    let mut begin = [0; SIGNATURE.len()];
    stream.read_exact(&mut begin).await?;
    if begin == SIGNATURE {
        return read_binary(stream).await;
    }
    if !begin.starts_with(b"PROXY ") {
        return Err(malformed("the connection does not begin with a PROXY header"));
    }
    let mut line = begin.to_vec();
    while !line.ends_with(b"\n") {
        if line.len() >= MAX_LINE {
            return Err(malformed("the PROXY header is too long"));
        }
        line.push(stream.read_u8().await?);
    }
    std::str::from_utf8(&line)
        .ok()
        .and_then(parse_line)
        .map(Source::address)
        .ok_or_else(|| malformed("the PROXY header cannot be read"))
}

async fn read_binary(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Option<SocketAddr>> {
    let mut head = [0; 4];
    stream.read_exact(&mut head).await?;
    let [version_and_command, family, high, low] = head;
    let length = usize::from(u16::from_be_bytes([high, low]));
    if length > MAX_LENGTH {
        return Err(malformed("the PROXY header is too long"));
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    match version_and_command {
        // The balancer's own connection, to see whether we live.
        0x20 => Ok(None),
        0x21 => parse_binary(family, &body)
            .map(Source::address)
            .ok_or_else(|| malformed("the PROXY header is cut off")),
        _ => Err(malformed("the PROXY header has an unknown version or command")),
    }
}

/// Who a header says that the client is.
enum Source {
    /// This one.
    Known(SocketAddr),
    /// Somebody without an address of a family that has any here.
    Unknown,
}

impl Source {
    fn address(self) -> Option<SocketAddr> {
        match self {
            Self::Known(address) => Some(address),
            Self::Unknown => None,
        }
    }
}

/// `PROXY TCP4 203.0.113.7 192.0.2.1 51234 443`, or `PROXY UNKNOWN`.
fn parse_line(line: &str) -> Option<Source> {
    let mut words = line.strip_suffix("\r\n")?.split(' ').skip(1);
    let family = words.next()?;
    if family == "UNKNOWN" {
        return Some(Source::Unknown);
    }
    let (source, _, port) = (words.next()?, words.next()?, words.next()?);
    let source: IpAddr = source.parse().ok()?;
    let is_of_family = match family {
        "TCP4" => source.is_ipv4(),
        "TCP6" => source.is_ipv6(),
        _ => false,
    };
    let port = port.parse().ok().filter(|_| is_of_family)?;
    words.next()?.parse::<u16>().ok()?;
    words.next().is_none().then_some(Source::Known(SocketAddr::new(source, port)))
}

/// Source and destination, then both ports; or another family, such as Unix sockets.
fn parse_binary(family: u8, body: &[u8]) -> Option<Source> {
    let (source, rest): (IpAddr, &[u8]) = match family >> 4 {
        1 => {
            let (source, rest) = body.split_first_chunk::<4>()?;
            (Ipv4Addr::from(*source).into(), rest.get(4..)?)
        }
        2 => {
            let (source, rest) = body.split_first_chunk::<16>()?;
            (Ipv6Addr::from(*source).into(), rest.get(16..)?)
        }
        _ => return Some(Source::Unknown),
    };
    let (port, _) = rest.split_first_chunk::<2>()?;
    Some(Source::Known(SocketAddr::new(source, u16::from_be_bytes(*port))))
}

fn malformed(text: &'static str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn parsed(bytes: &[u8]) -> Result<Option<SocketAddr>, ErrorKind> {
        let mut rest = bytes;
        let read = read(&mut rest).await.map_err(|error| error.kind())?;
        assert_eq!(rest, b"GET", "what follows is left alone");
        Ok(read)
    }

    fn binary(command: u8, family: u8, body: &[u8]) -> Vec<u8> {
        let length = u16::try_from(body.len()).unwrap().to_be_bytes();
        [&SIGNATURE[..], &[command, family], &length, body, b"GET"].concat()
    }

    #[tokio::test]
    async fn lines_say_the_source() {
        for (line, source) in [
            ("PROXY TCP4 203.0.113.7 192.0.2.1 51234 443", Some("203.0.113.7:51234")),
            ("PROXY TCP6 2001:db8::7 2001:db8::1 51234 443", Some("[2001:db8::7]:51234")),
            ("PROXY UNKNOWN", None),
            ("PROXY UNKNOWN ffff::1 ffff::2 1 2", None),
        ] {
            let source = source.map(|text| text.parse().unwrap());
            let bytes = format!("{line}\r\nGET");
            assert_eq!(parsed(bytes.as_bytes()).await, Ok(source), "{line}");
        }
    }

    #[tokio::test]
    async fn other_lines_are_refused() {
        let long = format!("PROXY TCP4 {}", "1".repeat(200));
        for line in [
            "GET / HTTP/1.1\r\n",
            "PROXY TCP4 2001:db8::7 2001:db8::1 1 2\r\n",
            "PROXY TCP4 203.0.113.7 192.0.2.1 51234\r\n",
            "PROXY TCP4 203.0.113.7 192.0.2.1 51234 443 5\r\n",
            "PROXY TCP4 203.0.113.7 192.0.2.1 51234 443\n",
            "PROXY TCP4 203.0.113.7 192.0.2.1 99999 443\r\n",
            "PROXY UDP4 203.0.113.7 192.0.2.1 51234 443\r\n",
            &long,
        ] {
            let refused = parsed(line.as_bytes()).await;
            assert_eq!(refused, Err(ErrorKind::InvalidData), "{line:?}");
        }
    }

    #[tokio::test]
    async fn the_binary_form_says_it_too() {
        let v4 = [203, 0, 113, 7, 192, 0, 2, 1, 200, 34, 1, 187, 3, 0, 1, 9];
        let source = Some("203.0.113.7:51234".parse().unwrap());
        assert_eq!(parsed(&binary(0x21, 0x11, &v4)).await, Ok(source), "what is added is skipped");
        let source: Ipv6Addr = "2001:db8::7".parse().unwrap();
        let v6 = [&source.octets()[..], &[0; 16], &[200, 34, 1, 187]].concat();
        let source = Some(SocketAddr::new(source.into(), 51234));
        assert_eq!(parsed(&binary(0x21, 0x21, &v6)).await, Ok(source));
        assert_eq!(parsed(&binary(0x20, 0x00, &[])).await, Ok(None), "LOCAL");
        assert_eq!(parsed(&binary(0x21, 0x31, &[0; 216])).await, Ok(None), "a Unix socket");
        for bytes in
            [binary(0x21, 0x11, &v4[..8]), binary(0x31, 0x11, &v4), binary(0x22, 0x11, &v4)]
        {
            assert_eq!(parsed(&bytes).await, Err(ErrorKind::InvalidData));
        }
        let cut = binary(0x21, 0x11, &v4);
        assert_eq!(parsed(&cut[..20]).await, Err(ErrorKind::UnexpectedEof));
    }
}

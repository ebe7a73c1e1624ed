//! Who is at the other end.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use artisan_runtime::cidr::Cidr;
use axum::http::HeaderMap;

const FORWARDED_FOR: &str = "x-forwarded-for";
const FORWARDED_PROTO: &str = "x-forwarded-proto";

/// Whether the peer is a trusted proxy that was spoken to over TLS.
pub(super) fn says_https(peer: IpAddr, headers: &HeaderMap, trusted: &[Cidr]) -> bool {
    let mut values = headers.get_all(FORWARDED_PROTO).iter().rev();
    let last = values.next().and_then(|value| value.to_str().ok()?.rsplit(',').next());
    last.is_some_and(|scheme| scheme.trim().eq_ignore_ascii_case("https"))
        && trusted.iter().any(|network| network.contains(peer))
}

/// The client's address: the peer's, unless the peer is a trusted proxy that says more.
///
/// Every proxy appends the address that it saw, so the list is read from its end, as far as the proxies are
/// trusted; whatever stands before that could have been written by the client.
pub(super) fn address(peer: IpAddr, headers: &HeaderMap, trusted: &[Cidr]) -> IpAddr {
    let trusts = |address: IpAddr| trusted.iter().any(|network| network.contains(address));
    let mut client = peer.to_canonical();
    let lists = headers.get_all(FORWARDED_FOR).iter().rev();
    // A list that is no text is a hop that is no address: skipping it would believe what stands before.
    let hops = lists.flat_map(|value| value.to_str().unwrap_or_default().rsplit(','));
    for hop in hops {
        if !trusts(client) {
            break;
        }
        let Some(hop) = hop_address(hop.trim()) else { break };
        client = hop.to_canonical();
    }
    client
}

/// Some proxies write the client's port behind its address, or an IPv6 address in brackets without one.
fn hop_address(hop: &str) -> Option<IpAddr> {
    let bare = || hop.strip_prefix('[')?.strip_suffix(']')?.parse::<Ipv6Addr>().ok();
    let with_port = || hop.parse::<SocketAddr>().ok().map(|socket| socket.ip());
    hop.parse().ok().or_else(with_port).or_else(|| bare().map(IpAddr::V6))
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderName, HeaderValue};

    use super::{FORWARDED_FOR, address};

    fn client(peer: &str, forwarded: &[&'static str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            let name = HeaderName::from_static(FORWARDED_FOR);
            headers.append(name, HeaderValue::from_static(value));
        }
        let trusted = ["10.0.0.0/8".parse().unwrap()];
        address(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        assert_eq!(client("203.0.113.9", &["1.1.1.1"]), "203.0.113.9");
        assert_eq!(client("10.0.0.1", &["203.0.113.9"]), "203.0.113.9");
        assert_eq!(client("10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(client("10.0.0.1", &["203.0.113.9:4711"]), "203.0.113.9");
        assert_eq!(client("10.0.0.1", &["[2001:db8::9]:4711"]), "2001:db8::9");
        assert_eq!(client("10.0.0.1", &["6.6.6.6, [2001:db8::9], 10.0.0.2"]), "2001:db8::9");
        for nonsense in ["[203.0.113.9]", "[2001:db8::9", "2001:db8::9]", "[]"] {
            assert_eq!(client("10.0.0.1", &[nonsense]), "10.0.0.1", "{nonsense}");
        }
    }

    #[test]
    fn what_clients_wrote_before_the_proxies_is_ignored() {
        assert_eq!(client("10.0.0.1", &["6.6.6.6, 203.0.113.9, 10.0.0.2"]), "203.0.113.9");
        assert_eq!(client("10.0.0.1", &["6.6.6.6", "203.0.113.9, 10.0.0.2"]), "203.0.113.9");
        assert_eq!(client("10.0.0.1", &["nonsense"]), "10.0.0.1");
        assert_eq!(client("10.0.0.1", &["203.0.113.9, nonsense"]), "10.0.0.1");
    }

    #[test]
    fn a_list_that_is_no_text_does_not_uncover_the_one_before() {
        let mut headers = HeaderMap::new();
        for value in [&b"6.6.6.6"[..], b"\xff, 203.0.113.9"] {
            headers.append(FORWARDED_FOR, HeaderValue::from_bytes(value).unwrap());
        }
        let trusted = ["10.0.0.0/8".parse().unwrap()];
        let peer = "10.0.0.1".parse().unwrap();
        assert_eq!(address(peer, &headers, &trusted), peer);
    }
}

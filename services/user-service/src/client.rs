//! Where a call comes from, as far as that can be told.

use std::net::{IpAddr, Ipv6Addr};

use artisan_runtime::cidr::Cidr;
use tonic::Request;

use crate::server::Peer;

/// Where a gateway says whose call it passes on.
pub(crate) const FORWARDED_FOR: &str = "x-forwarded-for";
/// What one customer of a provider usually has.
const IPV6_NETWORK: u128 = !0 << 64;

/// The place that a call comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// The address of one client, or of those behind one router.
    Client(IpAddr),
    /// Anybody may stand behind this peer: it passes calls on, and is not trusted to say whose.
    Shared(Option<IpAddr>),
}

impl Place {
    /// A gateway says whose call it passes on. It is believed when it runs in this process, when it has shown
    /// a certificate of `TLS_CLIENT_CA`, and when it stands in one of the trusted networks.
    pub(crate) fn of<T>(request: &Request<T>, trusted: &[Cidr]) -> Self {
        let forwarded = request.metadata().get_all(FORWARDED_FOR).iter().next_back();
        // Every connection says whose it is; without one the call was made in this process.
        let peer = request.extensions().get::<Peer>();
        let is_trusted = peer.is_none_or(|peer| {
            peer.is_certified || trusted.iter().any(|network| network.contains(peer.address))
        });
        let peer = peer.map(|peer| peer.address);
        match (forwarded, peer) {
            (None, Some(peer)) => Self::Client(network(peer)),
            (Some(text), _) if is_trusted => {
                // Every proxy appends: the last one is what the trusted one saw.
                let last = text.to_str().ok().and_then(|text| text.rsplit(',').next());
                let client = last.and_then(|text| text.trim().parse::<IpAddr>().ok());
                client.map_or(Self::Shared(peer), |client| Self::Client(network(client)))
            }
            (_, peer) => Self::Shared(peer),
        }
    }

    /// What tells it from other places.
    pub(crate) fn key(self) -> String {
        match self {
            Self::Client(address) => address.to_string(),
            Self::Shared(peer) => peer.map_or_else(String::new, |peer| format!("behind {peer}")),
        }
    }
}

/// The network that one client has to itself.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & IPV6_NETWORK).into(),
        address @ IpAddr::V4(_) => address,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn place(peer: Option<&str>, forwarded: &[&'static str]) -> Place {
        let mut request = Request::new(());
        if let Some(peer) = peer {
            let address = peer.parse::<IpAddr>().unwrap().to_canonical();
            let peer = Peer { address, is_certified: false, names: Arc::default() };
            request.extensions_mut().insert(peer);
        }
        for text in forwarded {
            request.metadata_mut().append(FORWARDED_FOR, text.parse().unwrap());
        }
        Place::of(&request, &["10.0.0.0/8".parse().unwrap()])
    }

    fn client(text: &str) -> Place {
        Place::Client(text.parse().unwrap())
    }

    #[test]
    fn gateway_that_is_trusted_says_whose_call_it_is() {
        assert_eq!(place(Some("10.1.2.3"), &["203.0.113.7"]), client("203.0.113.7"));
        assert_eq!(place(None, &["203.0.113.7"]), client("203.0.113.7"), "in this process");
        assert_eq!(place(Some("10.1.2.3"), &["1.1.1.1", "2.2.2.2, 3.3.3.3"]), client("3.3.3.3"));
        assert_eq!(place(Some("::ffff:10.1.2.3"), &["203.0.113.7"]), client("203.0.113.7"));
    }

    #[test]
    fn what_others_say_is_not_believed() {
        let shared = Place::Shared(Some("192.0.2.1".parse().unwrap()));
        assert_eq!(place(Some("192.0.2.1"), &["203.0.113.7"]), shared);
        assert_eq!(place(Some("192.0.2.1"), &[]), client("192.0.2.1"));
        let gateway = Place::Shared(Some("10.1.2.3".parse().unwrap()));
        assert_eq!(place(Some("10.1.2.3"), &["nonsense"]), gateway);
        assert_eq!(place(None, &[]), Place::Shared(None));
    }

    #[test]
    fn addresses_of_one_ipv6_network_are_one_place() {
        assert_eq!(place(Some("2001:db8:1:2:3::4"), &[]), client("2001:db8:1:2::"));
    }
}

//! Networks in CIDR notation.

use std::net::IpAddr;
use std::str::FromStr;

/// A network such as `10.0.0.0/8` or `fd00::/8`; an address alone is a network of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cidr {
    base: u128,
    bits: u32,
}

/// The text is not a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not a network; write it as 10.0.0.0/8, fd00::/8, or one address")]
pub struct ParseCidrError;

impl Cidr {
    /// Whether the address belongs to the network; IPv4-mapped IPv6 addresses count as IPv4.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        let different = number(address) ^ self.base;
        self.bits == 0 || different.leading_zeros() >= self.bits
    }
}

impl FromStr for Cidr {
    type Err = ParseCidrError;

    fn from_str(text: &str) -> Result<Self, ParseCidrError> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| ParseCidrError)?;
        let width = if address.is_ipv4() { 32 } else { 128 };
        let bits = match bits {
            Some(bits) => bits.parse().map_err(|_| ParseCidrError)?,
            None => width,
        };
        if bits > width {
            return Err(ParseCidrError);
        }
        // IPv4 lives at ::ffff:0:0/96.
        Ok(Self { base: number(address), bits: bits + (128 - width) })
    }
}

fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => address.to_ipv6_mapped().to_bits(),
        IpAddr::V6(address) => address.to_bits(),
    }
}

#[cfg(test)]
mod tests {
    use super::Cidr;

    fn contains(network: &str, address: &str) -> bool {
        network.parse::<Cidr>().unwrap().contains(address.parse().unwrap())
    }

    #[test]
    fn addresses_are_told_apart_by_their_first_bits() {
        assert!(contains("10.0.0.0/8", "10.255.0.1"));
        assert!(!contains("10.0.0.0/8", "11.0.0.1"));
        assert!(contains("10.1.2.3", "10.1.2.3"));
        assert!(!contains("10.1.2.3", "10.1.2.4"));
        assert!(contains("fd00::/8", "fd12::1"));
        assert!(!contains("fd00::/8", "fe80::1"));
        assert!(contains("10.0.0.0/8", "::ffff:10.0.0.1"), "mapped addresses are IPv4");
        assert!(contains("0.0.0.0/0", "1.2.3.4") && !contains("0.0.0.0/0", "2001:db8::1"));
        assert!(contains("::/0", "1.2.3.4"));
    }

    #[test]
    fn slips_are_refused() {
        for text in ["", "10.0.0.0/33", "10.0.0/8", "::1/129", "host", "10.0.0.0/-1"] {
            assert!(text.parse::<Cidr>().is_err(), "{text:?}");
        }
    }
}

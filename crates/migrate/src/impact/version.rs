use std::fmt;
use std::str::FromStr;

use crate::Engine;

/// A server's version, as far as behaviour depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ServerVersion {
    /// `15` of `15.18`, `8` of `8.0.36`.
    pub major: u32,
    /// The second number, 0 if absent.
    pub minor: u32,
    /// The third number, 0 if absent.
    pub patch: u32,
}

impl ServerVersion {
    /// Makes a version of its numbers.
    #[must_use]
    pub const fn new(major: u32, minor: u32, patch: u32) -> Self {
        Self { major, minor, patch }
    }

    /// What is assumed where nobody says: a version that many still run.
    #[must_use]
    pub const fn assumed(engine: Engine) -> Self {
        match engine {
            Engine::Sqlite => Self::new(3, 45, 0),
            Engine::MySql => Self::new(8, 0, 36),
            Engine::MariaDb => Self::new(10, 6, 0),
            Engine::Postgres => Self::new(14, 0, 0),
        }
    }
}

impl FromStr for ServerVersion {
    type Err = String;

    /// Reads the numbers at the beginning: `10.11.19-MariaDB`, `15.18 (Debian …)`, `17`.
    fn from_str(text: &str) -> Result<Self, String> {
        let numbers: String =
            text.trim().chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
        let mut parts = numbers.split('.').map(|part| part.parse::<u32>().ok());
        let major = parts.next().flatten();
        let major = major.ok_or_else(|| format!("`{text}` is no version: write 15 or 8.0.36"))?;
        let mut next = || parts.next().flatten().unwrap_or_default();
        Ok(Self { major, minor: next(), patch: next() })
    }
}

impl fmt::Display for ServerVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_servers_say_is_read() {
        assert_eq!("10.11.19-MariaDB-0+deb12u1".parse(), Ok(ServerVersion::new(10, 11, 19)));
        assert_eq!("15.18 (Debian 15.18-0)".parse(), Ok(ServerVersion::new(15, 18, 0)));
        assert_eq!("17".parse(), Ok(ServerVersion::new(17, 0, 0)));
        assert!("new".parse::<ServerVersion>().is_err());
    }
}

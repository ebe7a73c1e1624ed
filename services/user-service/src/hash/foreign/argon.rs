//! The texts of argon2, read as its reference implementation reads them (`decode_string` of its `encoding.c`).

use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use super::{MALFORMED, Problem, checked, number, same};

/// 128 MiB: one thread of the pool may need so much at a time.
const MAX_MEMORY_KIB: u32 = 131_072;
const MAX_ITERATIONS: u32 = 10;
/// What argon2 writes in all its passes: 512 MiB take about a second.
const MAX_WORK: u64 = 524_288;
const MAX_LANES: u32 = 16;
const MIN_SALT: usize = 8;
const BOUNDS: Problem =
    "costs too much: argon2 is taken up to m=131072, t=10, p=16 and m × t = 524288";

/// What a text of argon2id, argon2i or argon2d says.
#[derive(Debug)]
pub(crate) struct ArgonHash {
    argon2: Argon2<'static>,
    salt: Vec<u8>,
    hash: Vec<u8>,
}

impl ArgonHash {
    /// Reads the name of the algorithm and what follows it, whatever it costs. A text without a version is
    /// of 0x10, the first one, which wrote none.
    pub(super) fn read(name: &str, rest: &[&str]) -> Result<Self, Problem> {
        let (version, params, salt, hash) = match rest {
            ["v=19", params, salt, hash] => (Version::V0x13, params, salt, hash),
            ["v=16", params, salt, hash] | [params, salt, hash] => {
                (Version::V0x10, params, salt, hash)
            }
            _ => return Err(MALFORMED),
        };
        let algorithm = Algorithm::new(name).map_err(|_| MALFORMED)?;
        let argon2 = Argon2::new(algorithm, version, params_of(params)?);
        let (salt, hash) = (bytes(salt)?, bytes(hash)?);
        checked(&salt, &hash)?;
        if salt.len() < MIN_SALT { Err(MALFORMED) } else { Ok(Self { argon2, salt, hash }) }
    }

    /// Refuses what would cost too much to compare with.
    pub(super) fn check_cost(&self) -> Result<(), Problem> {
        let params = self.argon2.params();
        let work = u64::from(params.m_cost()) * u64::from(params.t_cost());
        let is_within = params.m_cost() <= MAX_MEMORY_KIB
            && params.t_cost() <= MAX_ITERATIONS
            && work <= MAX_WORK
            && params.p_cost() <= MAX_LANES;
        if is_within { Ok(()) } else { Err(BOUNDS) }
    }

    /// Whether comparing takes no more than a moment.
    pub(super) fn is_cheap(&self) -> bool {
        let params = self.argon2.params();
        params.m_cost() <= 64 && params.t_cost() <= 2
    }

    /// Whether the password belongs to the hash.
    pub(super) fn verify(&self, password: &[u8]) -> bool {
        let mut found = vec![0; self.hash.len()];
        let result = self.argon2.hash_password_into(password, &self.salt, &mut found);
        result.is_ok() && same(&found, &self.hash)
    }
}

fn params_of(text: &str) -> Result<Params, Problem> {
    let mut parts = text.split(',');
    let mut next = |name| parameter(parts.next().and_then(|part| part.strip_prefix(name)));
    let (memory, iterations, lanes) = (next("m=")?, next("t=")?, next("p=")?);
    if parts.next().is_some() {
        return Err(MALFORMED);
    }
    Params::new(memory, iterations, lanes, None).map_err(|_| MALFORMED)
}

/// A number that does not begin with a zero.
fn parameter(text: Option<&str>) -> Result<u32, Problem> {
    let text = text.filter(|text| !text.starts_with('0'));
    u32::try_from(number(text)?).map_err(|_| BOUNDS)
}

/// Neither padding nor stray bits at the end.
fn bytes(text: &str) -> Result<Vec<u8>, Problem> {
    STANDARD_NO_PAD.decode(text).map_err(|_| MALFORMED)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::hash::Foreign;

    const PASSWORD: &str = "Senha-Forte-1";
    /// Made by the reference implementation, through argon2-cffi.
    const HASHES: [&str; 10] = [
        "$argon2id$v=19$m=64,t=1,p=1$c3Nzc3Nzc3M$qSvngs5SFZw+VMbM0GtmyuE5WVMKOci0yFtl+3eTCg0",
        "$argon2id$v=19$m=64,t=2,p=2$AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+Pw$jMbbp0Wk4WEYJppwnjehFxiS+3lU0RdHq41xuuByCqI",
        "$argon2i$v=19$m=64,t=3,p=1$AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMA$IP33+qNhcVuqC7M13p2h8A",
        "$argon2d$v=19$m=128,t=1,p=4$AAECAwQFBgcICQoLDA0ODw$1riT3FeWajPD8Dy5MdhEHfsQkSBubWMU+/8KngScaiyyIjQeVvtTmNgdh0X1Cvt4YYmF4eljplGdTK9xi9D6oA",
        "$argon2id$v=16$m=64,t=2,p=1$c29tZXNhbHQ$TBbEgdcj7xHY6q/KI08tXulbQzGlmrIitFJVZwtTcHA",
        "$argon2id$m=64,t=2,p=1$c29tZXNhbHQ$TBbEgdcj7xHY6q/KI08tXulbQzGlmrIitFJVZwtTcHA",
        "$argon2i$v=16$m=64,t=2,p=1$c29tZXNhbHQ$Ds2m669nU8azWI1nKwHjzwfldxMqOc9wACTztQFugh0",
        "$argon2i$m=64,t=2,p=1$c29tZXNhbHQ$Ds2m669nU8azWI1nKwHjzwfldxMqOc9wACTztQFugh0",
        "$argon2d$v=16$m=64,t=2,p=1$c29tZXNhbHQ$fJ0SxDWzZTUO3+TV4sTYnH/ANx8P7ynK",
        "$argon2d$m=64,t=2,p=1$c29tZXNhbHQ$fJ0SxDWzZTUO3+TV4sTYnH/ANx8P7ynK",
    ];

    fn verifies(password: &str, text: &str) -> bool {
        Foreign::parse(text).unwrap_or_else(|problem| panic!("{text} {problem}")).verify(password)
    }

    #[test]
    fn what_the_reference_made_is_compared_with() {
        for text in HASHES {
            assert!(verifies(PASSWORD, text), "{text}");
            assert!(!verifies("senha-Forte-1", text), "{text}");
        }
    }

    #[test]
    fn a_text_without_a_version_is_not_of_the_second() {
        let text = HASHES[0].replace("$v=19", "");
        assert!(!verifies(PASSWORD, &text), "{text}");
    }

    #[test]
    fn what_the_reference_refuses_is_refused() {
        let right =
            "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$oq3Vh0oY+n6/7N2JuvA7BkAuiy/jIMkWwmNhOGdn1OU";
        assert!(verifies(PASSWORD, right));
        for (from, to) in [
            ("1OU", "1OU="),
            ("1OU", "1OV"),
            ("m=64", "m=064"),
            ("t=1", "t=01"),
            ("t=1", "t=0"),
            ("p=1", "p=+1"),
            ("v=19", "v=019"),
            ("m=64,t=1", "t=1,m=64"),
            ("c29tZXNhbHQ", "c29tZXNhbHQ="),
            ("c29tZXNhbHQ", "c29tZXNhbHR"),
            ("c29tZXNhbHQ", "c29tZXNhbA"),
        ] {
            let text = right.replace(from, to);
            assert!(Foreign::parse(&text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_text_that_is_taken_verifies_its_password(
            (name, version) in (
                prop::sample::select(vec!["argon2id", "argon2i", "argon2d"]),
                prop::sample::select(vec![None, Some(16), Some(19)]),
            ),
            (iterations, lanes) in (1_u32..=2, 1_u32..=2),
            salt in prop::collection::vec(any::<u8>(), 8..=64),
            length in 16_usize..=64,
        ) {
            let number = if version == Some(19) { Version::V0x13 } else { Version::V0x10 };
            let params = Params::new(16, iterations, lanes, None).unwrap();
            let mut hash = vec![0; length];
            Argon2::new(Algorithm::new(name).unwrap(), number, params)
                .hash_password_into(PASSWORD.as_bytes(), &salt, &mut hash)
                .unwrap();
            let version = version.map(|number| format!("$v={number}")).unwrap_or_default();
            let (salt, hash) = (STANDARD_NO_PAD.encode(salt), STANDARD_NO_PAD.encode(hash));
            let text = format!("${name}{version}$m=16,t={iterations},p={lanes}${salt}${hash}");
            prop_assert!(verifies(PASSWORD, &text), "{}", text);
            prop_assert!(!verifies("senha-Forte-1", &text), "{}", text);
        }
    }
}

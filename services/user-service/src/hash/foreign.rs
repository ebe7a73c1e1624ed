//! Hashes that other systems made: read with bounds on what they cost, and compared with.

mod argon;

use argon::ArgonHash;
use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use sha1::Sha1;
use sha2::{Sha256, Sha512};

/// With or without padding, and with stray bits at the end, as the many encoders leave them.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// As long as the database keeps.
const MAX_TEXT: usize = 512;
const MAX_SALT: usize = 64;
const HASH_BYTES: std::ops::RangeInclusive<usize> = 16..=64;
const MAX_SCRYPT_LOG_N: u8 = 20;
const MAX_SCRYPT_R: u64 = 32;
/// N × r × p: `32768:8:1` is a quarter of it, OWASP's N = 2^17 with r = 8 all of it.
const MAX_SCRYPT_WORK: u64 = 1 << 20;
/// Iterations × blocks: PBKDF2 begins anew for each digest that the hash is long (RFC 8018, section 5.2).
const MAX_PBKDF2_WORK: u64 = 2_000_000;
const BCRYPT_COSTS: std::ops::RangeInclusive<u64> = 4..=14;

/// A hash of another system, within the bounds.
#[derive(Debug)]
pub(crate) enum Foreign {
    /// A PHC string of argon2id, argon2i or argon2d.
    Argon2(ArgonHash),
    /// The whole text of `$2a$`, `$2b$` or `$2y$`, which is sound.
    Bcrypt(String),
    Scrypt {
        params: scrypt::Params,
        salt: Vec<u8>,
        hash: Vec<u8>,
    },
    Pbkdf2 {
        digest: Digest,
        rounds: u32,
        salt: Vec<u8>,
        hash: Vec<u8>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Digest {
    Sha1,
    Sha256,
    Sha512,
}

/// What is wrong with a hash: never shows any of it.
pub(crate) type Problem = &'static str;

const UNKNOWN: Problem = "must be argon2, bcrypt, scrypt or pbkdf2: a PHC string, \
    $2b$…, or werkzeug's scrypt:N:r:p$salt$hex or pbkdf2:sha256:iterations$salt$hex";
const MALFORMED: Problem = "is not complete, or not encoded as its kind is";

impl Foreign {
    /// Reads a hash; refuses what would cost too much to compare with.
    pub(crate) fn parse(text: &str) -> Result<Self, Problem> {
        let hash = Self::read(text)?;
        if let Self::Argon2(hash) = &hash {
            hash.check_cost()?;
        }
        Ok(hash)
    }

    /// Reads a hash that is kept: one that [`Self::parse`] took, or argon2id that was made here and costs
    /// what the settings of that time said.
    pub(super) fn read(text: &str) -> Result<Self, Problem> {
        if text.len() > MAX_TEXT {
            return Err("must not be longer than 512 characters");
        }
        let fields: Vec<&str> = text.split('$').collect();
        match fields.as_slice() {
            ["", name @ ("argon2id" | "argon2i" | "argon2d"), rest @ ..] => {
                ArgonHash::read(name, rest).map(Self::Argon2)
            }
            ["", "2a" | "2b" | "2y", cost, _] => bcrypt(cost, text),
            ["", "scrypt", params, salt, hash] => phc_scrypt(params, salt, hash),
            ["", "pbkdf2", rounds, salt, hash] => phc_pbkdf2(Digest::Sha1, rounds, salt, hash),
            ["", name, rounds, salt, hash] => {
                let digest = name.strip_prefix("pbkdf2-").and_then(Digest::from_name);
                phc_pbkdf2(digest.ok_or(UNKNOWN)?, rounds, salt, hash)
            }
            [method, salt, hash] => werkzeug(method, salt, hash),
            [name, rounds, salt, hash] => {
                let digest = name.strip_prefix("pbkdf2_").and_then(Digest::from_name);
                django(digest.ok_or(UNKNOWN)?, rounds, salt, hash)
            }
            _ => Err(UNKNOWN),
        }
    }

    /// Whether comparing takes no more than a moment: for the fuzz target.
    pub(crate) fn is_cheap(&self) -> bool {
        match self {
            Self::Argon2(hash) => hash.is_cheap(),
            Self::Bcrypt(_) => false,
            Self::Scrypt { params, .. } => params.log_n() <= 4 && params.r() * params.p() <= 8,
            Self::Pbkdf2 { rounds, .. } => *rounds <= 1_000,
        }
    }

    /// Whether the password belongs to the hash.
    pub(crate) fn verify(&self, password: &str) -> bool {
        let password = password.as_bytes();
        match self {
            Self::Argon2(hash) => hash.verify(password),
            // Cut at 72 bytes, as those did who made the hash.
            Self::Bcrypt(text) => bcrypt::verify(password, text).unwrap_or(false),
            Self::Scrypt { params, salt, hash } => {
                let mut found = vec![0; hash.len()];
                scrypt::scrypt(password, salt, params, &mut found).is_ok() && same(&found, hash)
            }
            Self::Pbkdf2 { digest, rounds, salt, hash } => {
                let mut found = vec![0; hash.len()];
                let derive = match digest {
                    Digest::Sha1 => pbkdf2::pbkdf2_hmac::<Sha1>,
                    Digest::Sha256 => pbkdf2::pbkdf2_hmac::<Sha256>,
                    Digest::Sha512 => pbkdf2::pbkdf2_hmac::<Sha512>,
                };
                derive(password, salt, *rounds, &mut found);
                same(&found, hash)
            }
        }
    }
}

impl Digest {
    fn from_name(name: &str) -> Option<Self> {
        match name {
            "sha1" => Some(Self::Sha1),
            "sha256" => Some(Self::Sha256),
            "sha512" => Some(Self::Sha512),
            _ => None,
        }
    }

    fn bytes(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha512 => 64,
        }
    }
}

fn same(left: &[u8], right: &[u8]) -> bool {
    bool::from(subtle::ConstantTimeEq::ct_eq(left, right))
}

/// Refuses stray bits at the end of salt and hash: whoever wrote them could not be signed in with anywhere.
fn bcrypt(cost: &str, text: &str) -> Result<Foreign, Problem> {
    let cost = number(Some(cost).filter(|cost| cost.len() == 2))?;
    if !BCRYPT_COSTS.contains(&cost) {
        return Err("costs too much or too little: bcrypt is taken with a cost of 4 to 14");
    }
    let parts = text.parse::<bcrypt::HashParts>().map_err(|_| MALFORMED);
    parts.map(|_| Foreign::Bcrypt(text.to_owned()))
}

fn phc_scrypt(params: &str, salt: &str, hash: &str) -> Result<Foreign, Problem> {
    let mut numbers = params.split(',');
    let mut next = |name| number(numbers.next().and_then(|part| part.strip_prefix(name)));
    let (log_n, r, p) = (next("ln=")?, next("r=")?, next("p=")?);
    let log_n = u8::try_from(log_n).map_err(|_| SCRYPT_BOUNDS)?;
    scrypt_of(log_n, r, p, bytes(salt)?, bytes(hash)?)
}

const SCRYPT_BOUNDS: Problem = "costs too much: scrypt is taken up to 128 MiB (N × r = 2^20), r = 32 \
    and N × r × p = 2^20";

fn scrypt_of(log_n: u8, r: u64, p: u64, salt: Vec<u8>, hash: Vec<u8>) -> Result<Foreign, Problem> {
    if log_n == 0 || r == 0 || p == 0 {
        return Err(MALFORMED);
    }
    let is_within = log_n <= MAX_SCRYPT_LOG_N
        && r <= MAX_SCRYPT_R
        && (1_u64 << log_n).saturating_mul(r).saturating_mul(p) <= MAX_SCRYPT_WORK;
    if !is_within {
        return Err(SCRYPT_BOUNDS);
    }
    checked(&salt, &hash)?;
    let narrow = |number| u32::try_from(number).map_err(|_| SCRYPT_BOUNDS);
    let params = scrypt::Params::new(log_n, narrow(r)?, narrow(p)?).map_err(|_| MALFORMED)?;
    Ok(Foreign::Scrypt { params, salt, hash })
}

fn phc_pbkdf2(digest: Digest, rounds: &str, salt: &str, hash: &str) -> Result<Foreign, Problem> {
    // `i=…,l=…` of PHC, or the bare number of passlib, whose base 64 has a dot for the plus sign, and who
    // writes no digest for sha1.
    let rounds = rounds.strip_prefix("i=").unwrap_or(rounds);
    let (rounds, length) =
        rounds.split_once(',').map_or((rounds, None), |(rounds, length)| (rounds, Some(length)));
    let hash = bytes(&hash.replace('.', "+"))?;
    let is_length = length.is_none_or(|length| length == format!("l={}", hash.len()));
    if !is_length {
        return Err(MALFORMED);
    }
    pbkdf2_of(digest, rounds, bytes(&salt.replace('.', "+"))?, hash)
}

const PBKDF2_BOUNDS: Problem = "costs too much: pbkdf2 is taken up to iterations × blocks = 2000000, a block for \
    each digest that the hash is long";

fn pbkdf2_of(
    digest: Digest,
    rounds: &str,
    salt: Vec<u8>,
    hash: Vec<u8>,
) -> Result<Foreign, Problem> {
    let rounds = number(Some(rounds))?;
    let blocks = u64::try_from(hash.len().div_ceil(digest.bytes())).unwrap_or(u64::MAX);
    let is_within = rounds.saturating_mul(blocks) <= MAX_PBKDF2_WORK;
    let rounds = u32::try_from(rounds).ok().filter(|_| is_within).ok_or(PBKDF2_BOUNDS)?;
    if rounds == 0 {
        return Err(MALFORMED);
    }
    checked(&salt, &hash)?;
    Ok(Foreign::Pbkdf2 { digest, rounds, salt, hash })
}

/// `scrypt:N:r:p` and `pbkdf2:digest:iterations`; the salt is text, the hash hexadecimal.
fn werkzeug(method: &str, salt: &str, hash: &str) -> Result<Foreign, Problem> {
    let hash = hexadecimal(hash);
    match method.split(':').collect::<Vec<_>>().as_slice() {
        ["scrypt", n, r, p] => {
            let n = number(Some(n))?;
            if !n.is_power_of_two() {
                return Err(MALFORMED);
            }
            let log_n = u8::try_from(n.trailing_zeros()).map_err(|_| SCRYPT_BOUNDS)?;
            let (r, p) = (number(Some(r))?, number(Some(p))?);
            scrypt_of(log_n, r, p, salt.as_bytes().to_vec(), hash.ok_or(MALFORMED)?)
        }
        ["pbkdf2", digest, rounds] => {
            let digest =
                Digest::from_name(digest).ok_or("pbkdf2 is taken with sha1, sha256 and sha512")?;
            pbkdf2_of(digest, rounds, salt.as_bytes().to_vec(), hash.ok_or(MALFORMED)?)
        }
        ["scrypt" | "pbkdf2", ..] => {
            Err("must say its parameters: scrypt:N:r:p, pbkdf2:digest:iterations")
        }
        _ => Err(UNKNOWN),
    }
}

fn django(digest: Digest, rounds: &str, salt: &str, hash: &str) -> Result<Foreign, Problem> {
    pbkdf2_of(digest, rounds, salt.as_bytes().to_vec(), bytes(hash)?)
}

/// Digits only: no sign, no space.
fn number(text: Option<&str>) -> Result<u64, Problem> {
    let text = text.filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
    text.and_then(|text| text.parse().ok()).ok_or(MALFORMED)
}

fn bytes(text: &str) -> Result<Vec<u8>, Problem> {
    BASE64.decode(text).map_err(|_| MALFORMED)
}

fn hexadecimal(text: &str) -> Option<Vec<u8>> {
    let digit =
        |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let pairs = text.as_bytes().chunks(2).map(|pair| match pair {
        [high, low] => Some(digit(high)? << 4 | digit(low)?),
        _ => None,
    });
    pairs.collect()
}

fn checked(salt: &[u8], hash: &[u8]) -> Result<(), Problem> {
    if salt.is_empty() || salt.len() > MAX_SALT {
        return Err("must have a salt of at most 64 bytes");
    }
    if HASH_BYTES.contains(&hash.len()) { Ok(()) } else { Err("must have 16 to 64 bytes of hash") }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSWORD: &str = "Senha-Forte-1";
    /// Made by Python's hashlib and by crypt(3).
    const HASHES: [&str; 10] = [
        "pbkdf2:sha256:1000$saltSALT$e4e7f68858348ed7298f6d2402d123e2428188ae553c38e028bfa006c67eb833",
        "pbkdf2:sha1:1000$saltSALT$66377841054ebaf6490dd002c02240f9f03cccf9",
        "scrypt:16384:8:1$saltSALT$8af9d8043a7152cd4d46a42a0c8e3d10da41db109726f3a32cb71ad7bc776d0d9ef2b71a40e73db05ef81eb629c009271f91e85ef6bb9673eb70e55cc238c809",
        "pbkdf2_sha256$1000$saltSALT$5Of2iFg0jtcpj20kAtEj4kKBiK5VPDjgKL+gBsZ+uDM=",
        "pbkdf2_sha1$1000$saltSALT$Zjd4QQVOuvZJDdACwCJA+fA8zPk=",
        "$pbkdf2$1000$8PHy8/T19vf4.fr7/P3./w$pFzxXu8i5X4CAu5jvoiJ0n4akT8",
        "$pbkdf2-sha512$i=1000,l=64$8PHy8/T19vf4+fr7/P3+/w$OnAn2lRY9robDDdETZTgerPBbhcfc9jq7ekEkBPmxLIEPhKEIwzHO39pXF42mP/bBJYr/VZG5vncUN44V6kU9Q",
        "$pbkdf2-sha256$1000$8PHy8/T19vf4.fr7/P3./w$PelN81ZbcFcUt1zNrfiQ8tM5uNFHLz0Wyg/3qVFlRH4",
        "$scrypt$ln=10,r=8,p=1$8PHy8/T19vf4+fr7/P3+/w$0Ir3c2syLGtna1VJ7Cw0YU8YRs/jJODYTfngIceUMTY",
        "$2b$04$abcdefghijklmnopqrstuuO7W8erOyu1MBFdod3pTGeK6TfsEX1ye",
    ];

    fn verifies(password: &str, text: &str) -> bool {
        Foreign::parse(text).unwrap_or_else(|problem| panic!("{text} {problem}")).verify(password)
    }

    #[test]
    fn hashes_of_other_systems_are_compared_with() {
        for text in HASHES {
            assert!(verifies(PASSWORD, text), "{text}");
            assert!(!verifies("senha-Forte-1", text), "{text}");
        }
    }

    #[test]
    fn what_costs_too_much_is_refused() {
        let (salt, hash) = ("c29tZXNhbHQ", "CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc");
        let hex = "ab".repeat(32);
        for text in [
            format!("$argon2id$v=19$m=131073,t=1,p=1${salt}${hash}"),
            format!("$argon2id$v=19$m=8,t=11,p=1${salt}${hash}"),
            format!("$argon2id$v=19$m=131072,t=5,p=1${salt}${hash}"),
            format!("$argon2id$v=19$m=1024,t=1,p=17${salt}${hash}"),
            format!("$argon2id$v=19$m=18446744073709551615,t=2,p=1${salt}${hash}"),
            format!("$scrypt$ln=18,r=8,p=1${salt}${hash}"),
            format!("$scrypt$ln=255,r=8,p=1${salt}${hash}"),
            format!("scrypt:131072:8:2$salt${hex}"),
            format!("scrypt:2:4294967296:1$salt${hex}"),
            format!("pbkdf2:sha256:2000001$salt${hex}"),
            format!("pbkdf2:sha256:99999999999$salt${hex}"),
            format!("pbkdf2:sha256:18446744073709551615$salt${hex}{hex}"),
            format!("pbkdf2:sha256:1000001$salt${hex}ab"),
            format!("pbkdf2:sha1:500001$salt${hex}{hex}"),
            format!("pbkdf2:sha512:2000001$salt${hex}{hex}"),
            format!("$2b$15${}", "a".repeat(53)),
        ] {
            let problem = Foreign::parse(&text).expect_err(&text);
            assert!(problem.starts_with("costs too much"), "{text}: {problem}");
        }
        for text in [
            format!("$argon2id$v=19$m=131072,t=4,p=16${salt}${hash}"),
            format!("$scrypt$ln=17,r=8,p=1${salt}${hash}"),
            format!("scrypt:32768:8:1$salt${}", "ab".repeat(64)),
            format!("pbkdf2:sha512:2000000$salt${hex}{hex}"),
            format!("pbkdf2:sha256:2000000$salt${hex}"),
            format!("pbkdf2:sha256:1000000$salt${hex}{hex}"),
            format!("pbkdf2:sha1:500000$salt${hex}{hex}"),
            format!("$2y$14${}", "O".repeat(53)),
        ] {
            assert!(Foreign::parse(&text).is_ok(), "{text}");
        }
    }

    #[test]
    fn what_is_no_hash_is_refused() {
        let long = "x".repeat(600);
        for text in [
            "",
            "$",
            "$$$",
            PASSWORD,
            "Senha$Forte$1",
            "$argon2id$",
            "$argon2id$v=18$m=8,t=1,p=1$a$b",
            "$argon2id$v=19$m=-8,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJ",
            "$argon2id$v=19$m=64,t=0,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8",
            "$argon2id$v=19$m=64,t=1,p=1,data=x$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8",
            "$2x$10$aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "$2b$10$short",
            "$2b$04$abcdefghijklmnopqrstu1uO7W8erOyu1MBFdod3pTGeK6TfsEX1ye",
            "$2b$04$abcdefghijklmnopqrstuuO7W8erOyu1MBFdod3pTGeK6TfsEX1yf",
            "$2b$+4$aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "scrypt$salt$abcd",
            "scrypt:1000:8:1$salt$abcdabcdabcdabcdabcdabcdabcdabcd",
            "scrypt:0:8:1$salt$abcdabcdabcdabcdabcdabcdabcdabcd",
            "md5$salt$abcd",
            "pbkdf2:md5:1000$salt$abcdabcdabcdabcdabcdabcdabcdabcd",
            "pbkdf2:sha256$salt$abcdabcdabcdabcdabcdabcdabcdabcd",
            "pbkdf2:sha256:0$salt$abcdabcdabcdabcdabcdabcdabcdabcd",
            "pbkdf2:sha256:1$salt$abc",
            "pbkdf2:sha256:1$salt$zz",
            "pbkdf2:sha256:1$salt$abcd",
            "pbkdf2:sha256:1$$abcdabcdabcdabcdabcdabcdabcdabcd",
            "pbkdf2_md5$1000$saltSALT$Zjd4QQVOuvZJDdACwCJA+fA8zPk=",
            "pbkdf2_sha1$2000001$saltSALT$Zjd4QQVOuvZJDdACwCJA+fA8zPk=",
            "$pbkdf2$0$8PHy8/T19vf4.fr7/P3./w$pFzxXu8i5X4CAu5jvoiJ0n4akT8",
            &long,
        ] {
            assert!(Foreign::parse(text).is_err(), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_the_parser_panic(
            text in "(\\$?(argon2id|scrypt|pbkdf2-sha256|2b|pbkdf2:sha1:|scrypt:)?[$:=,a-z0-9é+/.]{0,60})|.*"
        ) {
            let _ = Foreign::parse(&text);
        }
    }
}

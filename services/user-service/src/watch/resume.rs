use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use crate::error::Error;

const VERSION: u8 = 1;
const CHECK_LENGTH: usize = 4;

/// The token that goes on after the event of a number.
///
/// It is not signed: it must outlive every rotation of keys, and says nothing of who may use it. A
/// checksum tells what was cut or mistyped.
pub(super) fn write(number: i64) -> String {
    let mut bytes = vec![VERSION];
    bytes.extend(number.to_be_bytes());
    bytes.extend(check(&bytes));
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The number after which a token goes on; `None` for the empty one.
pub(super) fn read(token: &str) -> Result<Option<i64>, Error> {
    if token.is_empty() {
        return Ok(None);
    }
    let bytes = URL_SAFE_NO_PAD.decode(token).map_err(|_| Error::ResumeToken)?;
    parse(&bytes).map(Some).ok_or(Error::ResumeToken)
}

fn parse(bytes: &[u8]) -> Option<i64> {
    let (told, checksum) = bytes.split_last_chunk::<CHECK_LENGTH>()?;
    let (version, number) = told.split_first()?;
    let number = i64::from_be_bytes(number.try_into().ok()?);
    (*version == VERSION && *checksum == check(told) && number >= 0).then_some(number)
}

fn check(bytes: &[u8]) -> [u8; CHECK_LENGTH] {
    let hash: [u8; 32] = Sha256::digest(bytes).into();
    let [a, b, c, d, ..] = hash;
    [a, b, c, d]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn token_gives_its_number_back() {
        for number in [0, 1, 4_711, i64::MAX] {
            assert_eq!(read(&write(number)).unwrap(), Some(number));
        }
        assert_eq!(read("").unwrap(), None);
    }

    #[test]
    fn every_changed_or_cut_token_is_refused() {
        let token = write(4_711);
        for at in 0..token.len() {
            let mut changed = token.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            assert!(read(&String::from_utf8(changed).unwrap()).is_err(), "changed at {at}");
            if at > 0 {
                assert!(read(&token[..at]).is_err(), "cut at {at}");
            }
        }
        for token in [write(-1), "x".to_owned(), "é".to_owned(), "A".repeat(10_000)] {
            assert!(matches!(read(&token), Err(Error::ResumeToken)), "{token}");
        }
    }
}

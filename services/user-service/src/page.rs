//! Pages: their size, and tokens that say where the next one begins.

use aes_siv::KeyInit as _;
use aes_siv::siv::Aes128Siv;
use artisan_store::{Place, Position, UserId};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use time::OffsetDateTime;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::error::Error;

const DEFAULT_SIZE: u32 = 50;
const MAX_SIZE: u32 = 1000;
const VERSION: u8 = 1;
const VERSION_EMAIL: u8 = 2;
/// An e-mail address has at most 320 characters, of four bytes each.
const MAX_TOKEN: usize = 2048;

/// The page size that a request asks for (AIP-158): absent is the default, too large is the maximum.
pub(crate) fn page_size(asked: i32) -> Result<u32, Error> {
    match u32::try_from(asked) {
        Ok(0) => Ok(DEFAULT_SIZE),
        Ok(size) => Ok(size.min(MAX_SIZE)),
        Err(_) => Err(Error::field("page_size", "must not be negative")),
    }
}

/// Makes and reads page tokens.
///
/// A token is opaque and URL-safe, and says nothing of who may use it. It is authenticated together with
/// the query that it continues, so that neither its place nor its query can be changed. The place may
/// be an e-mail address, and URLs get into logs, so it is encrypted as well: AES-SIV (RFC 5297), which
/// needs no nonce.
pub(crate) struct PageTokens {
    secret: Zeroizing<[u8; 32]>,
}

impl PageTokens {
    pub(crate) fn new(secret: Zeroizing<[u8; 32]>) -> Self {
        Self { secret }
    }

    /// The token that continues `query` after a row.
    pub(crate) fn write(&self, query: &[&str], last: Position) -> Result<String, Error> {
        self.seal(query, &key_of(last)?)
    }

    /// The token that continues `query`, a list of users, after a place.
    pub(crate) fn write_place(&self, query: &[&str], last: &Place) -> Result<String, Error> {
        match last {
            Place::Created(position) => self.write(query, *position),
            Place::Email(key) => {
                let bytes = [&[VERSION_EMAIL], key.as_bytes()].concat();
                self.seal(query, &bytes)
            }
        }
    }

    /// Where `query`, a list of users, goes on; `None` for the first page.
    pub(crate) fn read_place(&self, query: &[&str], token: &str) -> Result<Option<Place>, Error> {
        let Some(key) = self.open(query, token)? else { return Ok(None) };
        let place = match key.split_first() {
            Some((&VERSION_EMAIL, email)) => {
                String::from_utf8(email.to_vec()).ok().map(Place::Email)
            }
            _ => parse_key(&key).map(Place::Created),
        };
        place.map(Some).ok_or(Error::PageToken)
    }

    /// Where `query` goes on; `None` for the first page.
    pub(crate) fn read(&self, query: &[&str], token: &str) -> Result<Option<Position>, Error> {
        let Some(key) = self.open(query, token)? else { return Ok(None) };
        parse_key(&key).map(Some).ok_or(Error::PageToken)
    }

    fn seal(&self, query: &[&str], key: &[u8]) -> Result<String, Error> {
        let sealed = self.cipher()?.encrypt(query, key);
        let sealed = sealed.map_err(|error| Error::Internal(error.to_string().into()))?;
        Ok(URL_SAFE_NO_PAD.encode(sealed))
    }

    fn open(&self, query: &[&str], token: &str) -> Result<Option<Vec<u8>>, Error> {
        if token.is_empty() {
            return Ok(None);
        }
        if token.len() > MAX_TOKEN {
            return Err(Error::PageToken);
        }
        let sealed = URL_SAFE_NO_PAD.decode(token).map_err(|_| Error::PageToken)?;
        self.cipher()?.decrypt(query, &sealed).map(Some).map_err(|_| Error::PageToken)
    }

    fn cipher(&self) -> Result<Aes128Siv, Error> {
        Aes128Siv::new_from_slice(self.secret.as_slice())
            .map_err(|error| Error::Internal(error.to_string().into()))
    }
}

/// Version, microseconds since 1970, id.
fn key_of(position: Position) -> Result<Vec<u8>, Error> {
    let micros = i64::try_from(position.create_time.unix_timestamp_nanos() / 1_000)
        .map_err(|error| Error::Internal(error.into()))?;
    Ok([&[VERSION], micros.to_be_bytes().as_slice(), position.id.0.as_bytes()].concat())
}

fn parse_key(key: &[u8]) -> Option<Position> {
    let (version, rest) = key.split_first()?;
    let (micros, id) = rest.split_first_chunk::<8>()?;
    let nanos = i128::from(i64::from_be_bytes(*micros)) * 1_000;
    let create_time = OffsetDateTime::from_unix_timestamp_nanos(nanos).ok()?;
    let id = UserId(Uuid::from_slice(id).ok()?);
    (*version == VERSION).then_some(Position { create_time, id })
}

impl std::fmt::Debug for PageTokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PageTokens").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUERY: &[&str] = &["ListUsers", "", "create_time", "false"];

    fn tokens(secret: u8) -> PageTokens {
        PageTokens::new(Zeroizing::new([secret; 32]))
    }

    fn position() -> Position {
        Position {
            create_time: time::macros::datetime!(2026-11-23 1:02:03.000_004 UTC),
            id: UserId(Uuid::max()),
        }
    }

    #[test]
    fn token_gives_its_position_back() {
        let token = tokens(1).write(QUERY, position()).unwrap();
        assert_eq!(tokens(1).read(QUERY, &token).unwrap(), Some(position()));
        assert_eq!(tokens(1).read(QUERY, "").unwrap(), None);
    }

    #[test]
    fn token_shows_no_email_address() {
        let place = Place::Email("joao@example.com".to_owned());
        let token = tokens(1).write_place(QUERY, &place).unwrap();
        assert_eq!(tokens(1).read_place(QUERY, &token).unwrap(), Some(place));
        let bytes = URL_SAFE_NO_PAD.decode(&token).unwrap();
        assert!(!String::from_utf8_lossy(&bytes).contains("joao"));
        // It is of no use where a position is read.
        assert!(matches!(tokens(1).read(QUERY, &token), Err(Error::PageToken)));
        assert!(matches!(tokens(2).read_place(QUERY, &token), Err(Error::PageToken)));
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_taken_for_a_token(text in "[A-Za-z0-9_=+/.-]{1,120}|.{1,40}") {
            proptest::prop_assert!(matches!(tokens(1).read_place(QUERY, &text), Err(Error::PageToken)));
        }
    }

    #[test]
    fn token_of_another_query_or_secret_is_refused() {
        let token = tokens(1).write(QUERY, position()).unwrap();
        let other = &["ListUsers", "", "create_time", "true"];
        assert!(matches!(tokens(1).read(other, &token), Err(Error::PageToken)));
        let shifted = &["ListUsers", "create", "_time", "false"];
        assert!(matches!(tokens(1).read(shifted, &token), Err(Error::PageToken)));
        assert!(matches!(tokens(2).read(QUERY, &token), Err(Error::PageToken)));
    }

    #[test]
    fn every_changed_or_cut_token_is_refused() {
        let token = tokens(1).write(QUERY, position()).unwrap();
        for at in 0..token.len() {
            let mut changed = token.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert!(tokens(1).read(QUERY, &changed).is_err(), "changed at {at}");
            if at > 0 {
                assert!(tokens(1).read(QUERY, &token[..at]).is_err(), "cut at {at}");
            }
        }
    }

    #[test]
    fn page_size_follows_aip_158() {
        assert_eq!(page_size(0).unwrap(), 50);
        assert_eq!(page_size(7).unwrap(), 7);
        assert_eq!(page_size(1_001).unwrap(), 1_000);
        assert!(matches!(page_size(-1), Err(Error::Invalid(_))));
    }
}

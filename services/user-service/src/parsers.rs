//! What reads untrusted text, for the fuzz targets in `fuzz/` and for `tests/fuzz.rs`. Each takes any bytes
//! and panics when something is wrong with the parser.

use artisan_proto::artisan::user::v1::User;
use artisan_store::{Place, Position, UserId};
use prost::Message as _;
use time::OffsetDateTime;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::hash::Foreign;
use crate::page::PageTokens;
use crate::token::{AccessTokens, SigningKeys};
use crate::users::read_mask;

const QUERY: &[&str] = &["ListUsers", "create_time", "", ""];
/// A key that signs nothing but the seeds of the fuzz targets.
const KEY: &str = "-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
-----END PRIVATE KEY-----";

fn pages() -> PageTokens {
    PageTokens::new(Zeroizing::new([7; 32]))
}

/// Page tokens that are good, to begin from.
#[must_use]
pub fn page_token_seeds() -> Vec<String> {
    let id = UserId(Uuid::max());
    let created = Place::Created(Position { create_time: OffsetDateTime::UNIX_EPOCH, id });
    let places = [created, Place::Email("joao@example.com".to_owned())];
    places.iter().filter_map(|place| pages().write_place(QUERY, place).ok()).collect()
}

/// Page tokens: none is good but those that were given out.
pub fn page_token(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    if let Ok(Some(_)) = pages().read_place(QUERY, &text) {
        assert!(page_token_seeds().contains(&text.into_owned()), "a token was forged");
    }
}

/// Masks, which stand before the message that they are for: a path is known or refused, and what is written
/// is written alike the second time.
pub fn mask(data: &[u8]) {
    let (mask, message) =
        data.split_at(data.iter().position(|byte| *byte == 0).unwrap_or(data.len()));
    let paths: Vec<String> = String::from_utf8_lossy(mask).split(',').map(str::to_owned).collect();
    let user = User::decode(message.get(1..).unwrap_or_default()).unwrap_or_default();
    read_mask(&paths, &user);
}

/// Hashes of other systems. What is taken is within its bounds, so that comparing ends.
pub fn password_hash(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    if let Ok(foreign) = Foreign::parse(&text)
        && foreign.is_cheap()
    {
        let _ = foreign.verify("Senha-Forte-1");
    }
}

fn tokens() -> Option<AccessTokens> {
    let keys = SigningKeys::from_pem(KEY).ok()?;
    Some(AccessTokens::new(keys, "issuer".to_owned(), "audience".to_owned()))
}

/// Access tokens that are good, to begin from.
#[must_use]
pub fn access_token_seeds() -> Vec<String> {
    let issue = |tokens: AccessTokens| {
        tokens.issue(Uuid::nil(), Uuid::max(), vec!["ADMIN".to_owned()], (100, 200)).ok()
    };
    tokens().and_then(issue).into_iter().collect()
}

/// Access tokens: none is good but those that were given out.
pub fn access_token(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let is_good = tokens().is_some_and(|tokens| tokens.verify(&text, 150).is_ok());
    assert!(!is_good || access_token_seeds().contains(&text.into_owned()), "a token was forged");
}

use artisan_store::TokenHash;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

const BYTES: usize = 32;

/// A refresh token: 256 random bits. The database keeps its SHA-256 only.
///
/// A fast hash is enough, because random bits cannot be guessed as passwords are.
pub(crate) struct RefreshToken {
    text: Zeroizing<String>,
    hash: TokenHash,
}

impl RefreshToken {
    /// Makes a new token.
    pub(crate) fn generate() -> Result<Self, getrandom::Error> {
        let mut bytes = Zeroizing::new([0; BYTES]);
        getrandom::fill(bytes.as_mut())?;
        Ok(Self::of(&bytes))
    }

    /// The hash of a token that a client sent, and the token that it is exchanged for; `None` when it cannot
    /// be a token.
    ///
    /// The same every time, so that a client that lost the answer gets it again; of two random halves, of
    /// which the client knows one only.
    pub(crate) fn successor_of(text: &str, secret: &[u8; 32]) -> Option<(TokenHash, Self)> {
        let presented = decode(text)?;
        let mut mac = Hmac::<Sha256>::new_from_slice(secret).ok()?;
        mac.update(&presented);
        let bytes = Zeroizing::new(<[u8; BYTES]>::from(mac.finalize().into_bytes()));
        Some((TokenHash::of(&presented), Self::of(&bytes)))
    }

    /// The hash of a token that a client sent; `None` when it cannot be a token.
    pub(crate) fn hash_of_text(text: &str) -> Option<TokenHash> {
        decode(text).map(|bytes| TokenHash::of(&bytes))
    }

    fn of(bytes: &[u8; BYTES]) -> Self {
        let text = Zeroizing::new(URL_SAFE_NO_PAD.encode(bytes));
        Self { hash: TokenHash::of(bytes), text }
    }

    /// What the client gets, once.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// What the database keeps.
    pub(crate) fn hash(&self) -> TokenHash {
        self.hash
    }
}

fn decode(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(text).ok()?);
    (bytes.len() == BYTES).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn successor_is_the_same_every_time_and_needs_the_secret() {
        let token = RefreshToken::generate().unwrap();
        let next = |secret| RefreshToken::successor_of(token.text(), &[secret; BYTES]).unwrap();
        let (presented, successor) = next(1);
        assert_eq!(presented, token.hash());
        assert_eq!(successor.text(), next(1).1.text());
        assert_ne!(successor.text(), next(2).1.text());
        assert_ne!(successor.text(), token.text());
        assert!(RefreshToken::successor_of("x", &[1; BYTES]).is_none());
    }

    #[test]
    fn text_and_hash_belong_together() {
        let token = RefreshToken::generate().unwrap();
        assert_eq!(RefreshToken::hash_of_text(token.text()), Some(token.hash()));
    }

    #[test]
    fn what_cannot_be_a_token_has_no_hash() {
        for text in ["", "abc", "not base64!", &"A".repeat(44)] {
            assert_eq!(RefreshToken::hash_of_text(text), None, "{text}");
        }
    }
}

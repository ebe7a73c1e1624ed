use artisan_store::TokenHash;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
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
        let text = Zeroizing::new(URL_SAFE_NO_PAD.encode(bytes.as_slice()));
        Ok(Self { hash: TokenHash::of(bytes.as_slice()), text })
    }

    /// The hash of a token that a client sent; `None` when it cannot be a token.
    pub(crate) fn hash_of_text(text: &str) -> Option<TokenHash> {
        let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(text).ok()?);
        (bytes.len() == BYTES).then(|| TokenHash::of(&bytes))
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

#[cfg(test)]
mod tests {
    use super::*;

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

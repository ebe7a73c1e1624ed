use artisan_store::{Seed, TokenHash};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::token::SigningKeys;

const PURPOSE: &str = "mail-tokens";

/// Makes the tokens in mails out of their seeds, of 256 random bits each.
///
/// The database keeps the seed until the mail is sent, and the SHA-256 of the token; the token itself needs
/// a secret of the signing keys as well. So a copy of the database opens no account, and a mail that is
/// sent again carries the same token.
#[derive(Clone)]
pub(crate) struct MailTokens {
    /// The first one makes tokens; all are tried, so that keys can be rotated while mails wait.
    secrets: Vec<Zeroizing<[u8; 32]>>,
}

impl std::fmt::Debug for MailTokens {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("MailTokens(..)")
    }
}

/// A token as it stands in a mail.
pub(super) struct MailToken {
    pub(super) text: Zeroizing<String>,
    pub(super) hash: TokenHash,
}

impl MailTokens {
    pub(crate) fn new(keys: &SigningKeys) -> Self {
        Self { secrets: keys.derive_secrets(PURPOSE) }
    }

    /// A new seed, and the hash of the token that it makes.
    pub(super) fn generate(&self) -> Result<(Seed, TokenHash), getrandom::Error> {
        let mut seed = Seed([0; 32]);
        getrandom::fill(&mut seed.0)?;
        let hash = self.first(&seed).map(|token| token.hash);
        hash.map(|hash| (seed, hash)).ok_or(getrandom::Error::UNEXPECTED)
    }

    /// The token that a seed makes now.
    pub(super) fn first(&self, seed: &Seed) -> Option<MailToken> {
        self.all(seed).next()
    }

    /// The token of a seed that has this hash.
    pub(super) fn find(&self, seed: &Seed, hash: TokenHash) -> Option<MailToken> {
        self.all(seed).find(|token| token.hash == hash)
    }

    fn all(&self, seed: &Seed) -> impl Iterator<Item = MailToken> {
        self.secrets.iter().filter_map(|secret| {
            let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_slice()).ok()?;
            mac.update(&seed.0);
            let bytes = Zeroizing::new(<[u8; 32]>::from(mac.finalize().into_bytes()));
            let text = Zeroizing::new(URL_SAFE_NO_PAD.encode(bytes.as_slice()));
            Some(MailToken { text, hash: TokenHash::of(bytes.as_slice()) })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::RefreshToken;

    fn pem() -> String {
        SigningKeys::generate_pem().unwrap().as_str().to_owned()
    }

    #[test]
    fn a_token_outlives_the_rotation_of_its_key() {
        let (old, new) = (pem(), pem());
        let tokens = MailTokens::new(&SigningKeys::from_pem(&old).unwrap());
        let (seed, hash) = tokens.generate().unwrap();
        let text = tokens.first(&seed).unwrap().text;
        assert_eq!(RefreshToken::hash_of_text(&text), Some(hash));
        let rotated = MailTokens::new(&SigningKeys::from_pem(&format!("{new}\n{old}")).unwrap());
        assert_eq!(rotated.find(&seed, hash).unwrap().text, text);
        assert_ne!(rotated.first(&seed).unwrap().text, text);
        let gone = MailTokens::new(&SigningKeys::from_pem(&new).unwrap());
        assert!(gone.find(&seed, hash).is_none());
    }

    #[test]
    fn no_two_tokens_are_the_same() {
        let tokens = MailTokens::new(&SigningKeys::from_pem(&pem()).unwrap());
        assert_ne!(tokens.generate().unwrap().1, tokens.generate().unwrap().1);
    }
}

use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey, EncodePrivateKey, KeypairBytes};
use ed25519_dalek::{Signer, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};
use thiserror::Error;
use zeroize::Zeroizing;

const PEM_END: &str = "-----END PRIVATE KEY-----";

/// The Ed25519 keys that sign and verify: the first signs, all verify, so that keys can be rotated.
#[derive(Clone, Debug)]
pub struct SigningKeys {
    signer: SigningKey,
    all: Vec<SigningKey>,
    public: Vec<PublicKey>,
}

/// One key that verifies, with its name.
#[derive(Clone, Debug)]
pub(crate) struct PublicKey {
    /// The RFC 7638 thumbprint.
    pub(crate) id: String,
    /// The key.
    pub(crate) key: VerifyingKey,
}

/// Why a text is not a set of signing keys. Never repeats the text.
#[derive(Debug, Error)]
pub enum KeyError {
    /// There is no PEM block of a private key.
    #[error("there is no `-----BEGIN PRIVATE KEY-----` block")]
    Empty,
    /// A block is not a PKCS#8 Ed25519 key.
    #[error("block {0} is not an Ed25519 key in PKCS#8 (`openssl genpkey -algorithm ed25519`)")]
    Block(usize),
    /// The operating system gives no random bytes.
    #[error("the operating system gives no random bytes")]
    Random(#[source] getrandom::Error),
}

impl SigningKeys {
    /// Reads one or several concatenated PKCS#8 PEM blocks, as `parse` does.
    pub fn from_pem(text: &str) -> Result<Self, KeyError> {
        let blocks = text.split_inclusive(PEM_END).filter(|block| !block.trim().is_empty());
        let keys = blocks
            .enumerate()
            .map(|(at, block)| {
                SigningKey::from_pkcs8_pem(block.trim()).map_err(|_| KeyError::Block(at + 1))
            })
            .collect::<Result<Vec<_>, _>>()?;
        let public = keys.iter().map(|key| PublicKey::of(key.verifying_key())).collect();
        let signer = keys.first().cloned().ok_or(KeyError::Empty)?;
        Ok(Self { signer, all: keys, public })
    }

    /// Makes a new key, as the PEM text that [`Self::from_pem`] reads.
    pub fn generate_pem() -> Result<Zeroizing<String>, KeyError> {
        let mut secret = Zeroizing::new([0; 32]);
        getrandom::fill(secret.as_mut()).map_err(KeyError::Random)?;
        // Without the public half this is PKCS#8 version 1, which every tool reads.
        let pair = KeypairBytes { secret_key: *secret, public_key: None };
        pair.to_pkcs8_pem(LineEnding::LF).map_err(|_| KeyError::Block(1))
    }

    /// The keys that verify, the signing one first.
    pub(crate) fn public(&self) -> &[PublicKey] {
        &self.public
    }

    /// The name of the key that signs.
    pub(crate) fn signer_id(&self) -> &str {
        self.public.first().map_or("", |key| key.id.as_str())
    }

    /// Signs with the first key.
    pub(crate) fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.signer.sign(message).to_bytes()
    }

    /// A secret for one other purpose, which all replicas with the same first key share.
    pub(crate) fn derive_secret(&self, purpose: &str) -> Zeroizing<[u8; 32]> {
        derive(&self.signer, purpose)
    }

    /// The same of each key, the signing one first: for what has to outlive a rotation.
    pub(crate) fn derive_secrets(&self, purpose: &str) -> Vec<Zeroizing<[u8; 32]>> {
        self.all.iter().map(|key| derive(key, purpose)).collect()
    }
}

fn derive(key: &SigningKey, purpose: &str) -> Zeroizing<[u8; 32]> {
    let mut hash = Sha256::new_with_prefix(b"artisan.derive.v1\0");
    hash.update(purpose.as_bytes());
    hash.update([0]);
    hash.update(key.as_bytes());
    Zeroizing::new(hash.finalize().into())
}

impl FromStr for SigningKeys {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        Self::from_pem(text)
    }
}

impl PublicKey {
    fn of(key: VerifyingKey) -> Self {
        let x = URL_SAFE_NO_PAD.encode(key.as_bytes());
        // RFC 7638, section 3: the required members only, in lexicographic order, without spaces.
        let canonical = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#);
        Self { id: URL_SAFE_NO_PAD.encode(Sha256::digest(canonical)), key }
    }

    /// The `x` member of the key's JWK.
    pub(crate) fn x(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.key.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_blocks_make_several_keys_and_the_first_signs() {
        let (first, second) =
            (SigningKeys::generate_pem().unwrap(), SigningKeys::generate_pem().unwrap());
        let text = format!("{}\n\n{}", first.as_str(), second.as_str());
        let keys = SigningKeys::from_pem(&text).unwrap();
        assert_eq!(keys.public().len(), 2);
        let alone = SigningKeys::from_pem(&first).unwrap();
        assert_eq!(keys.signer_id(), alone.signer_id());
    }

    #[test]
    fn thumbprint_is_that_of_rfc_8037() {
        // RFC 8037, appendix A.3.
        let x = URL_SAFE_NO_PAD.decode("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo").unwrap();
        let key = VerifyingKey::from_bytes(x.as_slice().try_into().unwrap()).unwrap();
        assert_eq!(PublicKey::of(key).id, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }

    #[test]
    fn what_is_no_key_is_refused_without_repeating_it() {
        assert!(matches!(SigningKeys::from_pem("  "), Err(KeyError::Empty)));
        let error = SigningKeys::from_pem("hunter2").unwrap_err().to_string();
        assert!(error.contains("block 1") && !error.contains("hunter2"));
    }
}

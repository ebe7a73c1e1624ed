//! The key that signs access tokens, where the environment gives none.

use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::EncodePrivateKey;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use zeroize::Zeroizing;

/// Why no key could be made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SigningKeyError {
    /// The system gives no randomness.
    #[error("the system gives no randomness")]
    Randomness(#[from] getrandom::Error),
    /// The key cannot be written as PEM.
    #[error("the key cannot be encoded")]
    Encoding(#[from] ed25519_dalek::pkcs8::Error),
}

/// Makes an Ed25519 key, as PKCS#8 in PEM.
pub(crate) fn generate() -> Result<Zeroizing<String>, SigningKeyError> {
    let mut seed = Zeroizing::new([0_u8; 32]);
    getrandom::fill(seed.as_mut_slice())?;
    Ok(SigningKey::from_bytes(&seed).to_pkcs8_pem(LineEnding::LF)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn key_is_pem_and_new_each_time() {
        let key = generate().unwrap();
        assert!(key.starts_with("-----BEGIN PRIVATE KEY-----"));
        assert_ne!(*key, *generate().unwrap());
    }
}

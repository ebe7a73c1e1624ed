use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::Signature;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use uuid::Uuid;

use super::verified::VerifiedTokens;
use super::{PublicKey, SigningKeys};

/// The only algorithm, in both directions (RFC 8725, section 3.1).
const ALGORITHM: &str = "EdDSA";
/// Longer texts are no tokens of ours and are not decoded.
const MAX_LENGTH: usize = 4096;
/// How far another replica's clock may be ahead, in seconds.
const CLOCK_SKEW: i64 = 60;
const REMEMBERED: usize = 8192;

/// What an access token says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Claims {
    pub(crate) iss: String,
    pub(crate) aud: String,
    pub(crate) sub: Uuid,
    pub(crate) sid: Uuid,
    /// For services that trust the token alone; this service reads roles from the database.
    pub(crate) roles: Vec<String>,
    pub(crate) iat: i64,
    pub(crate) exp: i64,
}

/// What the token of a service says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ServiceClaims {
    pub(crate) iss: String,
    /// Another one than that of users, so that neither kind of token is taken for the other.
    pub(crate) aud: String,
    /// The name of the service.
    pub(crate) sub: String,
    pub(crate) iat: i64,
    pub(crate) exp: i64,
}

/// Whose a token is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub(crate) enum Bearer {
    User(Claims),
    Service(ServiceClaims),
}

impl Bearer {
    /// When the token expires, in seconds since 1970.
    pub(super) fn expire(&self) -> i64 {
        match self {
            Self::User(claims) => claims.exp,
            Self::Service(claims) => claims.exp,
        }
    }
}

#[derive(Serialize, Deserialize)]
struct Header {
    alg: String,
    typ: String,
    kid: String,
}

/// Why a token is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub(crate) enum TokenError {
    /// It was right once: a refresh helps.
    #[error("the access token has expired")]
    Expired,
    /// It never was a token of this service.
    #[error("the access token is not valid")]
    Invalid,
}

/// Signs and verifies access tokens (RFC 7519, RFC 8037).
#[derive(Debug)]
pub(crate) struct AccessTokens {
    keys: SigningKeys,
    issuer: String,
    audience: String,
    service_audience: String,
    verified: VerifiedTokens,
}

impl AccessTokens {
    pub(crate) fn new(keys: SigningKeys, issuer: String, audience: String) -> Self {
        let service_audience = format!("{audience}/services");
        let verified = VerifiedTokens::with_capacity(REMEMBERED);
        Self { keys, issuer, audience, service_audience, verified }
    }

    /// The keys to publish.
    pub(crate) fn public_keys(&self) -> &[PublicKey] {
        self.keys.public()
    }

    /// A token for one session; times in seconds since 1970.
    pub(crate) fn issue(
        &self,
        sub: Uuid,
        sid: Uuid,
        roles: Vec<String>,
        (iat, exp): (i64, i64),
    ) -> Result<String, serde_json::Error> {
        let (iss, aud) = (self.issuer.clone(), self.audience.clone());
        self.signed(&Claims { iss, aud, sub, sid, roles, iat, exp })
    }

    /// A token for another program; times in seconds since 1970.
    pub(crate) fn issue_to_service(
        &self,
        name: &str,
        (iat, exp): (i64, i64),
    ) -> Result<String, serde_json::Error> {
        let (iss, aud) = (self.issuer.clone(), self.service_audience.clone());
        self.signed(&ServiceClaims { iss, aud, sub: name.to_owned(), iat, exp })
    }

    fn signed(&self, claims: &impl Serialize) -> Result<String, serde_json::Error> {
        let header = Header {
            alg: ALGORITHM.to_owned(),
            typ: "JWT".to_owned(),
            kid: self.keys.signer_id().to_owned(),
        };
        let mut token = encode(&header)?;
        token.push('.');
        token.push_str(&encode(claims)?);
        let signature = self.keys.sign(token.as_bytes());
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(signature, &mut token);
        Ok(token)
    }

    /// Whose the token is, if its signature, issuer, audience and times are right.
    pub(crate) fn verify(&self, token: &str, now: i64) -> Result<Bearer, TokenError> {
        let bearer = if let Some(bearer) = self.verified.find(token) {
            bearer
        } else {
            let bearer = self.verify_signature(token)?;
            self.verified.remember(token, &bearer, now);
            bearer
        };
        let (iss, (aud, wanted), iat) = match &bearer {
            Bearer::User(claims) => (&claims.iss, (&claims.aud, &self.audience), claims.iat),
            Bearer::Service(claims) => {
                (&claims.iss, (&claims.aud, &self.service_audience), claims.iat)
            }
        };
        if *iss != self.issuer || aud != wanted || iat > now + CLOCK_SKEW {
            return Err(TokenError::Invalid);
        }
        if bearer.expire() <= now {
            return Err(TokenError::Expired);
        }
        Ok(bearer)
    }

    fn verify_signature(&self, token: &str) -> Result<Bearer, TokenError> {
        if token.len() > MAX_LENGTH {
            return Err(TokenError::Invalid);
        }
        let (signed, signature) = token.rsplit_once('.').ok_or(TokenError::Invalid)?;
        let (header, claims) = signed.split_once('.').ok_or(TokenError::Invalid)?;
        let header: Header = decode(header)?;
        if header.alg != ALGORITHM || header.typ != "JWT" {
            return Err(TokenError::Invalid);
        }
        let mut keys = self.keys.public().iter();
        let key = keys.find(|key| key.id == header.kid).ok_or(TokenError::Invalid)?;
        let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| TokenError::Invalid)?;
        let signature = Signature::from_slice(&signature).map_err(|_| TokenError::Invalid)?;
        key.key.verify_strict(signed.as_bytes(), &signature).map_err(|_| TokenError::Invalid)?;
        decode(claims)
    }
}

fn encode<T: Serialize>(part: &T) -> Result<String, serde_json::Error> {
    Ok(URL_SAFE_NO_PAD.encode(serde_json::to_vec(part)?))
}

fn decode<T: for<'a> Deserialize<'a>>(part: &str) -> Result<T, TokenError> {
    let bytes = URL_SAFE_NO_PAD.decode(part).map_err(|_| TokenError::Invalid)?;
    serde_json::from_slice(&bytes).map_err(|_| TokenError::Invalid)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(pem: &str) -> AccessTokens {
        let keys = SigningKeys::from_pem(pem).unwrap();
        AccessTokens::new(keys, "issuer".to_owned(), "audience".to_owned())
    }

    fn pem() -> String {
        SigningKeys::generate_pem().unwrap().to_string()
    }

    fn issue(tokens: &AccessTokens) -> String {
        tokens.issue(Uuid::nil(), Uuid::max(), vec!["admin".to_owned()], (100, 200)).unwrap()
    }

    fn with_header(token: &str, header: &str) -> String {
        let (_, rest) = token.split_once('.').unwrap();
        format!("{}.{rest}", URL_SAFE_NO_PAD.encode(header))
    }

    #[test]
    fn own_token_is_accepted_until_it_expires() {
        let tokens = tokens(&pem());
        let token = issue(&tokens);
        let Ok(Bearer::User(claims)) = tokens.verify(&token, 199) else { panic!("not a user's") };
        assert_eq!(claims.sid, Uuid::max());
        assert_eq!(tokens.verify(&token, 200), Err(TokenError::Expired));
        assert_eq!(tokens.verify(&token, 39), Err(TokenError::Invalid));
    }

    #[test]
    fn key_that_rotated_to_second_place_still_verifies() {
        let (old, new) = (pem(), pem());
        let token = issue(&tokens(&old));
        assert!(tokens(&format!("{new}{old}")).verify(&token, 150).is_ok());
        assert_eq!(tokens(&new).verify(&token, 150), Err(TokenError::Invalid));
    }

    #[test]
    fn other_algorithms_are_refused() {
        let tokens = tokens(&pem());
        let token = issue(&tokens);
        let kid = &tokens.public_keys()[0].id;
        for alg in ["none", "HS256", "eddsa", "ES256", ""] {
            let header = format!(r#"{{"alg":"{alg}","typ":"JWT","kid":"{kid}"}}"#);
            let forged = with_header(&token, &header);
            assert_eq!(tokens.verify(&forged, 150), Err(TokenError::Invalid), "{alg}");
            let (unsigned, _) = forged.rsplit_once('.').unwrap();
            assert_eq!(tokens.verify(&format!("{unsigned}."), 150), Err(TokenError::Invalid));
        }
    }

    #[test]
    fn every_changed_character_is_refused() {
        let tokens = tokens(&pem());
        let token = issue(&tokens);
        for at in 0..token.len() {
            let mut changed = token.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert_eq!(tokens.verify(&changed, 150), Err(TokenError::Invalid), "at {at}");
        }
    }

    #[test]
    fn other_issuer_or_audience_is_refused() {
        let pem = pem();
        let token = issue(&tokens(&pem));
        let keys = || SigningKeys::from_pem(&pem).unwrap();
        let other = AccessTokens::new(keys(), "issuer".to_owned(), "another".to_owned());
        assert_eq!(other.verify(&token, 150), Err(TokenError::Invalid));
        let other = AccessTokens::new(keys(), "another".to_owned(), "audience".to_owned());
        assert_eq!(other.verify(&token, 150), Err(TokenError::Invalid));
    }

    #[test]
    fn token_of_a_service_is_never_that_of_a_user() {
        let pem = pem();
        let tokens = tokens(&pem);
        let token = tokens.issue_to_service("orders", (100, 200)).unwrap();
        let Ok(Bearer::Service(claims)) = tokens.verify(&token, 199) else { panic!("not one") };
        assert_eq!((claims.sub.as_str(), claims.aud.as_str()), ("orders", "audience/services"));
        assert_eq!(tokens.verify(&token, 200), Err(TokenError::Expired));
        // An installation whose users have the audience that services have here.
        let keys = SigningKeys::from_pem(&pem).unwrap();
        let (issuer, audience) = ("issuer".to_owned(), "audience/services".to_owned());
        let other = AccessTokens::new(keys, issuer, audience);
        assert_eq!(other.verify(&token, 150), Err(TokenError::Invalid));
        assert_eq!(tokens.verify(&issue(&other), 150), Err(TokenError::Invalid));
    }
}

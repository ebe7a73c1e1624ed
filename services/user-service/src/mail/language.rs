use std::str::FromStr;

use artisan_store::User;

/// A language that mails are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// `en`.
    English,
    /// `pt`, as it is written in Brazil.
    Portuguese,
}

/// Where Portuguese is an official language: names in Portuguese and English, and ISO 3166 codes.
const PORTUGUESE: &[&str] = &[
    "brasil",
    "brazil",
    "br",
    "bra",
    "portugal",
    "pt",
    "prt",
    "angola",
    "ao",
    "moçambique",
    "mocambique",
    "mozambique",
    "mz",
    "cabo verde",
    "cape verde",
    "cv",
    "guiné-bissau",
    "guine-bissau",
    "guinea-bissau",
    "gw",
    "são tomé e príncipe",
    "sao tome e principe",
    "são tomé and príncipe",
    "sao tome and principe",
    "st",
    "timor-leste",
    "east timor",
    "tl",
    "macau",
    "mo",
];

impl Language {
    /// The language of the country in the user's address; without an address the one that is set.
    pub(super) fn of(user: &User, default: Self) -> Self {
        let Some(address) = &user.address else { return default };
        let country = address.fields().country.trim().to_lowercase();
        if PORTUGUESE.contains(&country.as_str()) { Self::Portuguese } else { Self::English }
    }

    /// The language's tag (RFC 5646).
    pub(super) fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Portuguese => "pt-BR",
        }
    }
}

/// `MAIL_LANGUAGE` names no language that there are templates for.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("is neither pt nor en")]
pub struct UnknownLanguage;

impl FromStr for Language {
    type Err = UnknownLanguage;

    fn from_str(text: &str) -> Result<Self, UnknownLanguage> {
        match text {
            "en" => Ok(Self::English),
            "pt" | "pt-BR" => Ok(Self::Portuguese),
            _ => Err(UnknownLanguage),
        }
    }
}

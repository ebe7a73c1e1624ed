use std::fmt;

use unicode_normalization::UnicodeNormalization;

use crate::Invalid;

const MAX: usize = 320;
const MAX_LOCAL: usize = 64;
const MAX_DOMAIN: usize = 255;
const MAX_LABEL: usize = 63;

/// An e-mail address, with the bytes as they were given.
///
/// The form follows RFC 5321 and RFC 6531 without quoted local parts and without address literals:
/// a local part of at most 64 code points, an `@`, a domain of at least two labels. Letters of every
/// script may stand in both.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Email(String);

impl Email {
    /// Checks the form; nothing is sent and no name is looked up.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        if text.is_empty() {
            return Err(Invalid::value("must be set"));
        }
        let email = Self(text.to_owned());
        // The key may be longer than the text: some letters have a lower case of two code points.
        if text.chars().count() > MAX || email.key().chars().count() > MAX {
            return Err(Invalid::value(format!("must not be longer than {MAX} characters")));
        }
        let is_address = text
            .rsplit_once('@')
            .is_some_and(|(local, domain)| is_local_part(local) && is_domain(domain));
        if is_address { Ok(email) } else { Err(Invalid::value("must be an e-mail address")) }
    }

    /// The address as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What must be unique: the address in lower case and in normalisation form C.
    ///
    /// The lower case is Unicode's simple one, whatever the locale; a final sigma counts as a sigma.
    /// Two addresses with the same key belong to the same account.
    #[must_use]
    pub fn key(&self) -> String {
        key_of(&self.0)
    }

    /// An address that was checked before it was stored.
    pub(crate) fn stored(text: String) -> Self {
        Self(text)
    }
}

/// The form of an address, or of its beginning, by which addresses are found.
pub(crate) fn key_of(text: &str) -> String {
    let sigma = |letter| if letter == 'ς' { 'σ' } else { letter };
    text.nfc().flat_map(char::to_lowercase).map(sigma).nfc().collect()
}

/// Addresses are personal data and stay out of logs.
impl fmt::Debug for Email {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Email(..)")
    }
}

/// `dot-string` of RFC 5321, with the letters that RFC 6531 adds.
fn is_local_part(local: &str) -> bool {
    let is_atom = |atom: &str| !atom.is_empty() && atom.chars().all(is_atom_letter);
    local.chars().count() <= MAX_LOCAL && local.split('.').all(is_atom)
}

fn is_atom_letter(letter: char) -> bool {
    if letter.is_ascii() {
        letter.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(letter)
    } else {
        is_visible(letter)
    }
}

fn is_domain(domain: &str) -> bool {
    let labels = domain.split('.').count();
    labels >= 2 && domain.chars().count() <= MAX_DOMAIN && domain.split('.').all(is_label)
}

fn is_label(label: &str) -> bool {
    let is_letter = |c: char| {
        if c.is_ascii() { c.is_ascii_alphanumeric() || c == '-' } else { is_visible(c) }
    };
    !label.is_empty()
        && label.chars().count() <= MAX_LABEL
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.chars().all(is_letter)
}

/// Whether a reader can see the letter: none that separates, joins or turns the others in silence.
fn is_visible(letter: char) -> bool {
    let is_invisible = matches!(letter,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff0}'..='\u{ffff}' | '\u{e0000}'..='\u{e0fff}');
    !letter.is_control() && !letter.is_whitespace() && !is_invisible
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key(text: &str) -> String {
        Email::parse(text).expect("an address").key()
    }

    #[test]
    fn plain_and_international_addresses_are_taken_as_given() {
        for text in [
            "joao@example.com",
            "User.Name+tag@Example.COM",
            "joão.da.silva@exemplo.com.br",
            "用户@例子.中国",
            "o'neil_#1@a-b.example",
        ] {
            assert_eq!(Email::parse(text).map(|email| email.as_str().to_owned()), Ok(text.into()));
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in [
            "",
            "plainaddress",
            "@example.com",
            "a@",
            "a@b",
            "a@@example.com",
            "a b@example.com",
            "a..b@example.com",
            ".a@example.com",
            "a.@example.com",
            "a@example..com",
            "a@.example.com",
            "a@-example.com",
            "a@example-.com",
            "a@exam_ple.com",
            "a@example.com ",
            "a\u{200b}@example.com",
            "a@example.com\n",
            "\"a b\"@example.com",
            "a@[127.0.0.1]",
        ] {
            assert!(Email::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn lengths_have_their_limits() {
        let local = |n: usize| format!("{}@example.com", "é".repeat(n));
        assert!(Email::parse(&local(64)).is_ok());
        assert!(Email::parse(&local(65)).is_err());
        let domain = |n: usize| format!("a@{}.com", "d".repeat(n));
        assert!(Email::parse(&domain(63)).is_ok());
        assert!(Email::parse(&domain(64)).is_err());
        let labels = |n: usize| format!("{}@{}com", "a".repeat(64), "d.".repeat(n));
        assert!(Email::parse(&labels(126)).is_ok());
        assert!(Email::parse(&labels(127)).is_err());
    }

    #[test]
    fn case_and_composition_do_not_make_another_address() {
        assert_eq!(key("A@Example.com"), key("a@example.COM"));
        assert_eq!(key("JOÃO@exemplo.com"), key("joa\u{303}o@exemplo.com"));
        assert_eq!(key("ΟΔΟΣ@example.com"), key("οδος@example.com"));
        assert_ne!(key("joao@exemplo.com"), key("joão@exemplo.com"));
    }

    #[test]
    fn debug_shows_no_address() {
        let email = Email::parse("joao@example.com").expect("an address");
        assert!(!format!("{email:?}").contains("joao"));
    }

    proptest! {
        #[test]
        fn any_text_is_parsed_or_refused(text in "\\PC{0,40}@?\\PC{0,40}") {
            if let Ok(email) = Email::parse(&text) {
                prop_assert_eq!(email.as_str(), text);
            }
        }

        #[test]
        fn the_key_of_a_key_is_itself(local in "[a-zA-Zà-ÿΑ-Ωα-ωŐ-ž]{1,20}") {
            let once = Email::stored(format!("{local}@example.com")).key();
            prop_assert_eq!(Email::stored(once.clone()).key(), once);
        }
    }
}

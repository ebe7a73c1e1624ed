//! What the predecessor's column `password` holds: the password in plain text, as far as one can see.

use artisan_store::Password;
use zeroize::Zeroizing;

use super::decisions::PasswordIs;
use crate::bootstrap::explain;
use crate::hash::Foreign;

/// What is taken of it.
#[derive(Debug)]
pub(super) enum Taken {
    /// A password, to be hashed.
    Plain(Zeroizing<String>),
    /// The hash of another system, as it is.
    Hash(String),
    /// Nothing.
    Nothing,
}

/// What is taken of the column, or what somebody has to decide; never shows the value.
pub(super) fn read(text: &str, decided: Option<PasswordIs>) -> Result<Taken, String> {
    let plain = || Taken::Plain(Zeroizing::new(text.to_owned()));
    match decided {
        Some(PasswordIs::None) => Ok(Taken::Nothing),
        Some(PasswordIs::Plain) | None if text.is_empty() => Err("is empty".to_owned()),
        Some(PasswordIs::Plain) => Ok(plain()),
        Some(PasswordIs::Hash) => match Foreign::parse(text) {
            Ok(_) => Ok(Taken::Hash(text.to_owned())),
            Err(problem) => Err(format!("cannot be taken as a hash: it {problem}")),
        },
        None if looks_hashed(text) => {
            Err("looks like a hash, though passwords were stored as they are".to_owned())
        }
        None => match Password::parse(text) {
            Ok(_) => Ok(plain()),
            Err(invalid) => Err(explain(&invalid)),
        },
    }
}

/// Whether it was made by a program rather than by a person.
fn looks_hashed(text: &str) -> bool {
    const PREFIXES: [&str; 8] =
        ["$2", "$argon2", "$scrypt$", "$pbkdf2", "pbkdf2:", "scrypt:", "pbkdf2_", "sha256$"];
    let is_digest = matches!(text.len(), 32 | 40 | 64 | 96 | 128)
        && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_digest || PREFIXES.iter().any(|prefix| text.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BCRYPT: &str = "$2b$04$abcdefghijklmnopqrstuuO7W8erOyu1MBFdod3pTGeK6TfsEX1ye";

    #[test]
    fn plain_passwords_are_taken_and_doubtful_ones_are_asked_about() {
        assert!(matches!(read("ValidPassword123!", None), Ok(Taken::Plain(_))));
        for text in ["", "short", BCRYPT, "5f4dcc3b5aa765d61d8327deb882cf99", &"Aa1!".repeat(17)] {
            let problem = read(text, None).expect_err(text);
            assert!(text.is_empty() || !problem.contains(text), "{problem}");
        }
    }

    #[test]
    fn decisions_are_obeyed() {
        assert!(matches!(read("short", Some(PasswordIs::Plain)), Ok(Taken::Plain(_))));
        assert!(matches!(read(BCRYPT, Some(PasswordIs::Hash)), Ok(Taken::Hash(_))));
        assert!(matches!(read("short", Some(PasswordIs::None)), Ok(Taken::Nothing)));
        assert!(read("short", Some(PasswordIs::Hash)).is_err());
        assert!(read("", Some(PasswordIs::Plain)).is_err());
    }
}

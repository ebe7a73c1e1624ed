//! Passwords that the program itself makes.

use zeroize::Zeroizing;

const LOWER: &[u8] = b"abcdefghijkmnopqrstuvwxyz";
const UPPER: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ";
const DIGIT: &[u8] = b"23456789";
const SPECIAL: &[u8] = b"-_+=.";

/// The kind of character at each place: 24 in all, every kind that the password rules ask for.
const PATTERN: [&[u8]; 24] = [
    LOWER, UPPER, DIGIT, LOWER, LOWER, SPECIAL, UPPER, LOWER, DIGIT, LOWER, UPPER, SPECIAL, LOWER,
    DIGIT, LOWER, UPPER, LOWER, SPECIAL, DIGIT, LOWER, UPPER, LOWER, DIGIT, LOWER,
];

/// Makes a password of 24 characters, about 95 bits, from the system's randomness.
///
/// # Errors
/// When the system gives no randomness.
pub(crate) fn generate() -> Result<Zeroizing<String>, getrandom::Error> {
    let mut password = Zeroizing::new(String::with_capacity(PATTERN.len()));
    for alphabet in PATTERN {
        password.push(char::from(pick(alphabet)?));
    }
    Ok(password)
}

/// One character of the alphabet, each as likely as any other.
fn pick(alphabet: &[u8]) -> Result<u8, getrandom::Error> {
    loop {
        let mut byte = [0_u8; 1];
        getrandom::fill(&mut byte)?;
        let index = usize::from(byte[0] & 31);
        if let Some(character) = alphabet.get(index) {
            return Ok(*character);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn password_has_every_kind_of_character_and_is_new_each_time() {
        let password = generate().unwrap();
        assert_eq!(password.len(), 24);
        assert!(password.chars().any(|c| c.is_ascii_digit()));
        assert!(password.chars().any(|c| c.is_ascii_lowercase()));
        assert!(password.chars().any(|c| c.is_ascii_uppercase()));
        assert!(password.chars().any(|c| !c.is_ascii_alphanumeric()));
        assert_ne!(*password, *generate().unwrap());
    }
}

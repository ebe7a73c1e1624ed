use crate::Error;

/// The message as a name: lower-case words joined by underscores, as many as a name takes.
pub(super) fn slug(message: &str, longest: usize) -> Result<String, Error> {
    let words = message.split(|c: char| !c.is_ascii_alphanumeric());
    let mut slug = String::new();
    for word in words.filter(|word| !word.is_empty()) {
        let joint = usize::from(!slug.is_empty());
        if slug.len() + joint + word.len() > longest && !slug.is_empty() {
            break;
        }
        slug.push_str(if joint == 1 { "_" } else { "" });
        slug.push_str(&word.to_ascii_lowercase());
    }
    slug.truncate(longest);
    if slug.is_empty() {
        let message =
            "the message has no letter or digit to make a name of: write -m \"add users\"";
        return Err(Error::usage("BAD_MESSAGE", message));
    }
    Ok(slug)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn message_becomes_a_short_name() {
        assert_eq!(slug("Add users' e-mail", 40).unwrap(), "add_users_e_mail");
        assert_eq!(slug(&"word ".repeat(30), 40).unwrap().len(), 39);
        assert_eq!(slug(&"x".repeat(99), 40).unwrap().len(), 40);
        assert_eq!(slug("Add users", 5).unwrap(), "add");
        assert_eq!(slug("¿?", 40).unwrap_err().reason(), "BAD_MESSAGE");
    }
}

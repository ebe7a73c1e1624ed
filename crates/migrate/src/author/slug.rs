use crate::Error;

/// The message as a name: lower-case words joined by underscores, as many as a name takes.
/// How many bytes of a file's name file systems leave for it.
const LONGEST: usize = 200;

/// Letters and digits of every script, as with Alembic, and the accents that follow a letter.
fn is_part(c: char) -> bool {
    c.is_alphanumeric() || ('\u{300}'..='\u{36f}').contains(&c)
}

pub(super) fn slug(message: &str, longest: usize) -> Result<String, Error> {
    let words = message.split(|c| !is_part(c)).map(str::to_lowercase);
    let mut slug = String::new();
    for word in words.filter(|word| word.contains(char::is_alphanumeric)) {
        let joint = usize::from(!slug.is_empty());
        let length = slug.chars().count() + joint + word.chars().count();
        if length > longest && !slug.is_empty() {
            break;
        }
        slug.push_str(if joint == 1 { "_" } else { "" });
        slug.push_str(&word);
    }
    while slug.chars().count() > longest || slug.len() > LONGEST {
        slug.pop();
    }
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
        assert_eq!(slug("Ação nº 3: João's", 40).unwrap(), "ação_nº_3_joão_s");
        assert_eq!(slug("顧客を追加する", 3).unwrap(), "顧客を");
        assert_eq!(slug("¿?", 40).unwrap_err().reason(), "BAD_MESSAGE");
    }
}

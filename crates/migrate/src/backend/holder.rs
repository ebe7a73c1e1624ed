use std::fmt;

/// Who holds a lock, as far as the server tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Holder {
    /// The server's number of its session, or the process on this machine.
    pub(crate) session: Option<String>,
    pub(crate) application: Option<String>,
    pub(crate) user: Option<String>,
    pub(crate) host: Option<String>,
    pub(crate) since: Option<String>,
    pub(crate) doing: Option<String>,
}

/// The first words of somebody else's statement, up to its first literal: whoever reads this need not
/// know what is in it.
fn first_words(sql: &str) -> Option<String> {
    let words: Vec<&str> = sql.split_whitespace().collect();
    let is_plain = |word: &&&str| {
        !word.starts_with(|c: char| c.is_ascii_digit())
            && word.chars().all(|c| c.is_alphanumeric() || "_.`*,".contains(c))
    };
    let shown: Vec<&str> = words.iter().take(5).take_while(is_plain).copied().collect();
    let rest = if shown.len() < words.len() { " …" } else { "" };
    (!shown.is_empty()).then(|| format!("{}{rest}", shown.join(" ")))
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [
            ("", &self.session),
            ("application ", &self.application),
            ("user ", &self.user),
            ("from ", &self.host),
            ("since ", &self.since),
            ("running: ", &self.doing.as_deref().and_then(first_words)),
        ];
        let told: Vec<String> = parts
            .iter()
            .filter_map(|(label, value)| value.as_ref().map(|value| format!("{label}{value}")))
            .filter(|part| !part.is_empty())
            .collect();
        f.write_str(if told.is_empty() { "the server does not say who" } else { "" })?;
        f.write_str(&told.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_of_others_are_not_shown() {
        let shown = |sql| first_words(sql).unwrap_or_default();
        assert_eq!(shown("create role a\npassword 'secret'"), "create role a password …");
        assert_eq!(shown("SELECT 4111"), "SELECT …");
        assert_eq!(shown("ALTER TABLE a.b ADD c"), "ALTER TABLE a.b ADD c");
        assert_eq!(shown("SELECT (1)"), "SELECT …");
    }

    #[test]
    fn statement_of_which_nothing_may_be_shown_is_left_out() {
        for doing in ["", "(SELECT 1)", "/* secret */ SELECT 1"] {
            let holder = Holder {
                session: Some("7".to_owned()),
                doing: Some(doing.to_owned()),
                ..Holder::default()
            };
            assert_eq!(holder.to_string(), "7", "{doing}");
        }
    }
}

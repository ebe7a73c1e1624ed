use std::fmt;

/// A name as it is written, equal to others by what it means.
#[derive(Clone, Debug)]
pub(crate) struct Name {
    text: String,
    key: String,
}

impl Name {
    /// `parts` are the pieces between dots, quotes and all.
    pub(crate) fn new(text: &str, parts: &[&str]) -> Self {
        let mut parts: Vec<String> = parts.iter().map(|part| unquoted(part)).collect();
        // The schema in which an unqualified name is found, as a rule.
        if parts.len() > 1 && matches!(parts.first().map(String::as_str), Some("public" | "main")) {
            parts.remove(0);
        }
        Self { text: text.to_owned(), key: parts.join(".") }
    }

    /// A name that needs no quotes.
    pub(crate) fn plain(key: &str) -> Self {
        Self { text: key.to_owned(), key: key.to_owned() }
    }

    /// The same in a schema.
    pub(crate) fn within(&self, schema: &Self) -> Self {
        let (schema, last) = (schema.text(), self.text.rsplit('.').next().unwrap_or(&self.text));
        Self::new(&format!("{schema}.{last}"), &[schema, last])
    }

    /// As it is written.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Without quotes, in small letters.
    pub(crate) fn key(&self) -> &str {
        &self.key
    }

    /// The last part, quotes gone, letters as they are.
    pub(crate) fn last(&self) -> &str {
        let last = self.text.rsplit('.').next().unwrap_or(&self.text);
        last.trim_matches(['"', '`', '[', ']'])
    }
}

fn unquoted(part: &str) -> String {
    let inner = part
        .strip_prefix(['"', '`', '[', '\''])
        .and_then(|rest| rest.strip_suffix(['"', '`', ']', '\'']));
    inner.unwrap_or(part).to_lowercase()
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for Name {}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

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

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [
            ("", &self.session),
            ("application ", &self.application),
            ("user ", &self.user),
            ("from ", &self.host),
            ("since ", &self.since),
            ("running: ", &self.doing),
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

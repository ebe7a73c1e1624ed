//! The machine's own package archive, read from apt's configuration.

/// One archive: enough to write another source of the same mirror.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Archive {
    pub(super) uri: String,
    pub(super) suites: Vec<String>,
    pub(super) components: Vec<String>,
    pub(super) options: Vec<(String, String)>,
}

impl Archive {
    /// A line of the one-line style for another suite of the same mirror.
    pub(super) fn line(&self, suite: &str) -> String {
        let options: Vec<String> =
            self.options.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let options =
            if options.is_empty() { String::new() } else { format!("[{}] ", options.join(" ")) };
        format!("deb {options}{} {suite} {}\n", self.uri, self.components.join(" "))
    }
}

/// The archives of a file of the one-line style (`sources.list`).
pub(super) fn parse_list(text: &str) -> Vec<Archive> {
    text.lines().filter_map(|line| parse_line(line.trim())).collect()
}

fn parse_line(line: &str) -> Option<Archive> {
    let mut rest = line.strip_prefix("deb ")?.trim_start();
    let mut options = Vec::new();
    if let Some((inside, after)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        options.extend(
            inside.split_whitespace().filter_map(|option| option.split_once('=')).map(owned_pair),
        );
        rest = after;
    }
    let mut words = rest.split_whitespace().map(str::to_owned);
    let uri = words.next()?;
    let suites = vec![words.next()?];
    Some(Archive { uri, suites, components: words.collect(), options })
}

/// The archives of a file of the deb822 style (`*.sources`).
pub(super) fn parse_deb822(text: &str) -> Vec<Archive> {
    let text: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    text.split(|line| line.trim().is_empty()).filter_map(parse_stanza).collect()
}

fn parse_stanza(lines: &[&str]) -> Option<Archive> {
    let field = |name: &str| {
        lines.iter().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    };
    let words = |name: &str| -> Vec<String> {
        field(name).unwrap_or_default().split_whitespace().map(str::to_owned).collect()
    };
    if field("Enabled") == Some("no") || !words("Types").contains(&"deb".to_owned()) {
        return None;
    }
    let options = [("Signed-By", "signed-by"), ("Trusted", "trusted")]
        .into_iter()
        // A key written into the file itself spans lines and cannot be passed on.
        .filter_map(|(name, option)| Some((option, field(name).filter(|value| !value.is_empty())?)))
        .map(owned_pair)
        .collect();
    let uri = words("URIs").into_iter().next()?;
    Some(Archive { uri, suites: words("Suites"), components: words("Components"), options })
}

/// The archive that serves the machine's own release.
pub(super) fn find_release<'a>(archives: &'a [Archive], codename: &str) -> Option<&'a Archive> {
    archives.iter().find(|archive| archive.suites.iter().any(|suite| suite == codename))
}

/// The value of a field of `/etc/os-release`.
pub(super) fn release_field<'a>(os_release: &'a str, name: &str) -> Option<&'a str> {
    os_release.lines().find_map(|line| {
        let (key, value) = line.split_once('=')?;
        (key == name).then(|| value.trim_matches('"'))
    })
}

fn owned_pair((name, value): (&str, &str)) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEB822: &str = "Types: deb deb-src\n# a comment\nURIs: http://mirror.example/debian\n\
        Suites: bookworm bookworm-updates\nComponents: main\nSigned-By: /usr/share/key.gpg\n\n\
        Types: deb-src\nURIs: http://other.example/debian\nSuites: bookworm\n\n\
        Types: deb\nEnabled: no\nURIs: http://off.example/\nSuites: bookworm\n";

    #[test]
    fn deb822_stanzas_that_give_binaries_are_read() {
        let archives = parse_deb822(DEB822);
        assert_eq!(archives.len(), 1);
        let release = find_release(&archives, "bookworm").unwrap();
        let line = release.line("unstable");
        assert_eq!(
            line,
            "deb [signed-by=/usr/share/key.gpg] http://mirror.example/debian unstable main\n"
        );
        assert_eq!(find_release(&archives, "trixie"), None);
    }

    #[test]
    fn one_line_entries_are_read_with_and_without_options() {
        let text = "# deb http://no.example x main\n\
            deb [arch=amd64 trusted=yes] http://a.example/ubuntu noble main universe\n\
            deb-src http://b.example noble main\ndeb http://c.example jammy main\ndeb\n";
        let archives = parse_list(text);
        assert_eq!(archives.len(), 2);
        assert_eq!(archives[0].options.len(), 2);
        assert_eq!(archives[0].components, ["main", "universe"]);
        assert_eq!(archives[1].line("sid"), "deb http://c.example sid main\n");
    }

    #[test]
    fn quoted_and_plain_release_fields_are_read() {
        let text = "ID=debian\nVERSION_CODENAME=\"bookworm\"\n";
        assert_eq!(release_field(text, "ID"), Some("debian"));
        assert_eq!(release_field(text, "VERSION_CODENAME"), Some("bookworm"));
        assert_eq!(release_field(text, "CODENAME"), None);
    }
}

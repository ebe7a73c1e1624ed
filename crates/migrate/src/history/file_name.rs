/// What the name of a migration file says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct FileName {
    pub(crate) version: i64,
    pub(crate) name: String,
    pub(crate) kind: Kind,
}

/// Which of a revision's files it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Simple,
    Up,
    Down,
}

/// Reads `<version>_<name>.sql`, `.up.sql` or `.down.sql`; `None` if the version is no number.
pub(crate) fn parse(file: &str) -> Option<FileName> {
    let (version, rest) = file.split_once('_')?;
    let version = version.parse().ok()?;
    let (name, kind) = if let Some(name) = rest.strip_suffix(".up.sql") {
        (name, Kind::Up)
    } else if let Some(name) = rest.strip_suffix(".down.sql") {
        (name, Kind::Down)
    } else {
        (rest.strip_suffix(".sql")?, Kind::Simple)
    };
    Some(FileName { version, name: name.to_owned(), kind })
}

/// A migration file's name without its suffixes, which is what names one of several files of a version.
pub(crate) fn stem(file: &str) -> &str {
    let name = file.strip_suffix(".sql").unwrap_or(file);
    name.strip_suffix(".up").or_else(|| name.strip_suffix(".down")).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_kinds_are_read() {
        let name = |file: &str| parse(file).map(|name| (name.version, name.name, name.kind));
        assert_eq!(name("1_a.sql"), Some((1, "a".to_owned(), Kind::Simple)));
        assert_eq!(name("20260101000000_a_b.up.sql").unwrap().2, Kind::Up);
        assert_eq!(name("02_a_b.down.sql"), Some((2, "a_b".to_owned(), Kind::Down)));
        assert_eq!(name("one_a.sql"), None);
    }
}

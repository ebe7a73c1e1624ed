/// Which objects of a database are looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    bookkeeping: bool,
    /// Patterns of names that are left out: `*` stands for any characters.
    ignored: Vec<String>,
}

impl Scope {
    /// Table names that begin so are a migration runner's own: sqlx's and `migrate`'s.
    pub const BOOKKEEPING: [&str; 2] = ["_sqlx_migrations", "_migrate_"];

    /// The table in which Alembic keeps its place.
    const ALEMBIC: &str = "alembic_version";

    /// Every table but the migration runner's own, and Alembic's.
    #[must_use]
    pub const fn application() -> Self {
        Self { bookkeeping: false, ignored: Vec::new() }
    }

    /// Every table.
    #[must_use]
    pub const fn everything() -> Self {
        Self { bookkeeping: true, ignored: Vec::new() }
    }

    /// The same without what is named like one of these patterns: `legacy_*`, and on `PostgreSQL`
    /// `audit.*` for what stands in another schema. `*` stands for any characters, none too.
    #[must_use]
    pub fn ignoring(self, patterns: impl IntoIterator<Item = String>) -> Self {
        Self { ignored: self.ignored.into_iter().chain(patterns).collect(), ..self }
    }

    /// Whether an object of this name is looked at: a table, a view, a routine; `schema.name` where it
    /// does not stand in the current schema.
    #[must_use]
    pub fn includes(&self, name: &str) -> bool {
        let local = name.rsplit_once('.').map_or(name, |(_, local)| local);
        let is_bookkeeping = local == Self::ALEMBIC
            || Self::BOOKKEEPING.iter().any(|prefix| local.starts_with(prefix));
        (self.bookkeeping || !is_bookkeeping)
            && !self.ignored.iter().any(|pattern| matches(pattern, name))
    }
}

/// Whether a name is as a pattern has it.
fn matches(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((start, rest)) => name.strip_prefix(start).is_some_and(|name| {
            let ends = name.char_indices().map(|(at, _)| at).chain([name.len()]);
            ends.into_iter().any(|at| matches(rest, name.get(at..).unwrap_or_default()))
        }),
    }
}

impl Default for Scope {
    fn default() -> Self {
        Self::application()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_leave_out_what_they_name() {
        let scope = Scope::application().ignoring(["legacy_*".to_owned(), "audit.*".to_owned()]);
        assert!(!scope.includes("legacy_users") && !scope.includes("audit.log"));
        assert!(scope.includes("my_legacy_users") && scope.includes("audit"));
        assert!(!Scope::application().includes("audit._sqlx_migrations"));
        assert!(matches("*_old", "a_old") && matches("a*b*c", "abc") && !matches("a*b", "abc"));
    }

    #[test]
    fn bookkeeping_is_left_out_unless_asked_for() {
        let application = Scope::default();
        assert!(!application.includes("_sqlx_migrations"));
        assert!(!application.includes("_migrate_steps"));
        assert!(!application.includes("alembic_version"));
        assert!(application.includes("users"));
        assert!(application.includes("_migrated"));
        assert!(!application.includes("alembic_version"));
        assert!(application.includes("alembic_versions"));
        assert!(Scope::everything().includes("_migrate_steps"));
    }
}

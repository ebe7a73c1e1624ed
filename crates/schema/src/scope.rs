use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Which objects of a database are looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    bookkeeping: bool,
    ignored: Vec<Pattern>,
}

/// A pattern of names that are left out: `*` stands for any characters.
#[derive(Clone, Debug)]
struct Pattern {
    text: String,
    /// Whether a name was found that it leaves out; all clones know it.
    is_met: Arc<AtomicBool>,
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Pattern {}

impl Pattern {
    fn leaves_out(&self, name: &str) -> bool {
        let is_met = matches(&self.text, name);
        self.is_met.fetch_or(is_met, Ordering::Relaxed);
        is_met
    }
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
        let patterns = patterns.into_iter().map(|text| Pattern { text, is_met: Arc::default() });
        Self { ignored: self.ignored.into_iter().chain(patterns).collect(), ..self }
    }

    /// The patterns that have left out nothing of what was looked at so far.
    pub fn unmatched(&self) -> impl Iterator<Item = &str> {
        let idle = self.ignored.iter().filter(|pattern| !pattern.is_met.load(Ordering::Relaxed));
        idle.map(|pattern| pattern.text.as_str())
    }

    /// Whether an object of this name is looked at: a table, a view, a type; `schema.name` where it does not stand
    /// in the current schema.
    #[must_use]
    pub fn includes(&self, name: &str) -> bool {
        let local = name.rsplit_once('.').map_or(name, |(_, local)| local);
        let is_bookkeeping = local == Self::ALEMBIC
            || Self::BOOKKEEPING.iter().any(|prefix| local.starts_with(prefix));
        // Each pattern has to see it.
        let ignored = self.ignored.iter().filter(|pattern| pattern.leaves_out(name)).count();
        (self.bookkeeping || !is_bookkeeping) && ignored == 0
    }

    /// The same of a routine, `f(integer)`: a pattern names it with the types of its arguments, or without.
    #[must_use]
    pub fn includes_routine(&self, name: &str) -> bool {
        let bare = name.split_once('(').map_or(name, |(bare, _)| bare);
        self.includes(name) & self.includes(bare)
    }

    /// The same of a schema: it is left out with whatever would stand in it.
    #[must_use]
    pub fn includes_schema(&self, name: &str) -> bool {
        self.includes(name) & self.includes(&format!("{name}."))
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
    fn patterns_that_leave_out_nothing_are_known() {
        let scope = Scope::application().ignoring(["a*".to_owned(), "b".to_owned()]);
        let clone = scope.clone();
        assert!(!clone.includes("ab") && clone.includes("c"));
        assert_eq!(scope.unmatched().collect::<Vec<_>>(), ["b"]);
    }

    #[test]
    fn patterns_leave_out_what_they_name() {
        let scope = Scope::application().ignoring(["legacy_*".to_owned(), "audit.*".to_owned()]);
        assert!(!scope.includes("legacy_users") && !scope.includes("audit.log"));
        assert!(scope.includes("my_legacy_users") && scope.includes("audit"));
        assert!(!Scope::application().includes("audit._sqlx_migrations"));
        assert!(matches("*_old", "a_old") && matches("a*b*c", "abc") && !matches("a*b", "abc"));
    }

    #[test]
    fn routines_are_named_with_their_arguments_or_without() {
        let scope = Scope::application().ignoring(["f".to_owned(), "g(integer)".to_owned()]);
        assert!(!scope.includes_routine("f(text)") && !scope.includes_routine("g(integer)"));
        assert!(scope.includes_routine("g(text)") && scope.includes_routine("ff(text)"));
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

use std::collections::BTreeSet;
use std::mem;

use crate::model::{Check, Dialect, Exclusion, ForeignKey, Index, Name, Unique};

/// A part of a table that has a name and is more than its name.
pub trait Part: Clone + PartialEq {
    /// The name, if it has one.
    fn name(&self) -> Option<&str>;

    /// The same under another name.
    #[must_use]
    fn named(self, name: Option<String>) -> Self;

    /// Whether the server would give a part like this such a name if nobody named it.
    fn has_generated_name(&self, dialect: Dialect, table: &Name) -> bool;
}

/// Changes of the parts of one kind in one table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes<T> {
    /// What is made.
    pub added: Vec<T>,
    /// What is dropped.
    pub dropped: Vec<T>,
    /// What keeps its name and is otherwise not as it is to be: as it is, and as it is to be.
    pub changed: Vec<(T, T)>,
    /// What differs in nothing but its name: as it is, and as it is to be.
    pub renamed: Vec<(T, T)>,
    /// What differs in nothing but names that the server made up: nothing has to be done.
    pub alike: Vec<(T, T)>,
}

impl<T> Changes<T> {
    /// Whether nothing changes.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.added.is_empty()
            && self.dropped.is_empty()
            && self.changed.is_empty()
            && self.renamed.is_empty()
    }
}

impl<T: Part> Changes<T> {
    /// Pairs what is the same, then what differs in its name alone, then what has the same name.
    ///
    /// A name that the server made up counts for nothing: two such parts are the same if all else is. Where a column
    /// has got another name, `PostgreSQL` would make up another for a new table, and that is taken if it is free.
    pub(super) fn between(dialect: Dialect, table: &Name, from: &[T], to: &[T]) -> Self {
        let mut dropped = from.to_vec();
        let mut added = to.to_vec();
        pair(&mut dropped, &mut added, |old, new| old == new);
        let generated = |part: &T| part.name().is_none() || part.has_generated_name(dialect, table);
        let alike = |old: &T, new: &T| old.clone().named(None) == new.clone().named(None);
        let is_taken = |old: &T, new: &T| {
            to.iter().any(|one| one.name() == old.name())
                || from.iter().any(|one| one.name() == new.name())
        };
        let unnamed = pair(&mut dropped, &mut added, |old, new| {
            let is_older = dialect == Dialect::Postgres && !is_numbered_alike(old, new);
            generated(old) && generated(new) && alike(old, new) && (!is_older || is_taken(old, new))
        });
        let changed = pair(&mut dropped, &mut added, |old, new| {
            old.name().is_some() && old.name() == new.name()
        });
        let renamed = pair(&mut dropped, &mut added, alike);
        Self { added, dropped, changed, renamed, alike: unnamed }
    }

    /// Adds the names that go and those that come.
    pub(super) fn collect_names(
        &self,
        going: &mut BTreeSet<String>,
        coming: &mut BTreeSet<String>,
    ) {
        going.extend(self.outgoing().filter_map(|part| part.name().map(str::to_owned)));
        coming.extend(self.incoming().filter_map(|part| part.name().map(str::to_owned)));
    }

    /// Parts whose made-up names are in the way, or free a name that is needed: they are renamed after all.
    /// Whether there were any.
    pub(super) fn rename_colliding(
        &mut self,
        going: &BTreeSet<String>,
        coming: &BTreeSet<String>,
    ) -> bool {
        let collides = |names: &BTreeSet<String>, part: &T| {
            part.name().is_some_and(|name| names.contains(name))
        };
        let (colliding, alike) = mem::take(&mut self.alike).into_iter().partition(|(old, new)| {
            old.name() != new.name() && (collides(coming, old) || collides(going, new))
        });
        self.alike = alike;
        let colliding: Vec<_> = colliding;
        let found = !colliding.is_empty();
        self.renamed.extend(colliding);
        found
    }

    /// All that has to go before it can be made anew: for engines that change no part in place.
    pub fn outgoing(&self) -> impl Iterator<Item = &T> {
        let replaced = self.changed.iter().chain(&self.renamed).map(|(old, _)| old);
        self.dropped.iter().chain(replaced)
    }

    /// All that is made, once what [`Self::outgoing`] gives is gone.
    pub fn incoming(&self) -> impl Iterator<Item = &T> {
        let replaced = self.changed.iter().chain(&self.renamed).map(|(_, new)| new);
        self.added.iter().chain(replaced)
    }
}

/// Takes out of both lists the pairs that belong together, in the order of the first.
fn pair<T>(from: &mut Vec<T>, to: &mut Vec<T>, belong: impl Fn(&T, &T) -> bool) -> Vec<(T, T)> {
    let mut pairs = Vec::new();
    for old in mem::take(from) {
        match to.iter().position(|new| belong(&old, new)) {
            Some(at) => pairs.push((old, to.remove(at))),
            None => from.push(old),
        }
    }
    pairs
}

/// Whether two names differ in their numbers alone; of long ones, a part is cut off to make room for them.
fn is_numbered_alike(old: &impl Part, new: &impl Part) -> bool {
    let (Some(old), Some(new)) = (old.name(), new.name()) else { return true };
    let stem = |name: &str| name.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned();
    let is_long = old.len().max(new.len()) >= 62;
    let (old, new) = (stem(old), stem(new));
    old == new || is_long && is_cut_out(&old, &new)
}

/// Whether one name is the other but for a part that is cut out of it.
fn is_cut_out(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let shared = one.iter().zip(other).take_while(|(a, b)| a == b).count();
    let behind = one.iter().rev().zip(other.iter().rev()).take_while(|(a, b)| a == b).count();
    shared + behind >= one.len().min(other.len())
}

/// What is left of a name behind a prefix and before a number.
fn is_numbered(name: &str, prefix: &str) -> bool {
    name.strip_prefix(prefix)
        .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()))
}

/// `PostgreSQL`'s `table_column_suffix`, cut and numbered as `ChooseConstraintName` does (`pg_constraint.c`,
/// `makeObjectName` in `indexcmds.c`).
fn is_chosen_by_postgres(name: &str, table: &str, suffix: &str) -> bool {
    let stem = name.trim_end_matches(|character: char| character.is_ascii_digit());
    let Some(stem) = stem.strip_suffix(suffix).and_then(|stem| stem.strip_suffix('_')) else {
        return false;
    };
    let shared = stem.bytes().zip(table.bytes()).take_while(|(a, b)| a == b).count();
    // Of long names a part is cut off, of the table's or of the columns'.
    shared == table.len() || shared >= 28
}

impl Part for Unique {
    fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    fn named(self, name: Option<String>) -> Self {
        Self { name, ..self }
    }

    /// `MySQL` and `MariaDB` name a key after its first column.
    fn has_generated_name(&self, dialect: Dialect, table: &Name) -> bool {
        let Some(name) = self.name() else { return true };
        match dialect {
            Dialect::Sqlite => false,
            Dialect::MySql | Dialect::MariaDb => {
                let first = self.columns.first().map(String::as_str).unwrap_or_default();
                name == first || is_numbered(name, &format!("{first}_"))
            }
            Dialect::Postgres => is_chosen_by_postgres(name, &table.local, "key"),
        }
    }
}

impl Part for Index {
    fn name(&self) -> Option<&str> {
        Some(&self.name)
    }

    fn named(self, name: Option<String>) -> Self {
        Self { name: name.unwrap_or_default(), ..self }
    }

    /// Only `PostgreSQL`, `MySQL` and `MariaDB` take an index without a name.
    fn has_generated_name(&self, dialect: Dialect, table: &Name) -> bool {
        match dialect {
            Dialect::Sqlite => false,
            Dialect::MySql | Dialect::MariaDb => {
                let first =
                    self.parts.first().and_then(|part| part.column()).unwrap_or("functional_index");
                self.name == first || is_numbered(&self.name, &format!("{first}_"))
            }
            Dialect::Postgres => is_chosen_by_postgres(&self.name, &table.local, "idx"),
        }
    }
}

impl Part for ForeignKey {
    fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    fn named(self, name: Option<String>) -> Self {
        Self { name, ..self }
    }

    fn has_generated_name(&self, dialect: Dialect, table: &Name) -> bool {
        let Some(name) = self.name() else { return true };
        match dialect {
            Dialect::Sqlite => false,
            Dialect::MySql | Dialect::MariaDb => {
                is_numbered(name, &format!("{}_ibfk_", table.local)) || is_numbered(name, "")
            }
            Dialect::Postgres => is_chosen_by_postgres(name, &table.local, "fkey"),
        }
    }
}

impl Part for Check {
    fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    fn named(self, name: Option<String>) -> Self {
        Self { name, ..self }
    }

    /// `MariaDB` names the check of a column after the column, and the catalog reads it as such.
    fn has_generated_name(&self, dialect: Dialect, table: &Name) -> bool {
        let Some(name) = self.name() else { return true };
        match dialect {
            Dialect::Sqlite => false,
            Dialect::MySql => is_numbered(name, &format!("{}_chk_", table.local)),
            Dialect::MariaDb => is_numbered(name, "CONSTRAINT_"),
            Dialect::Postgres => is_chosen_by_postgres(name, &table.local, "check"),
        }
    }
}

impl Part for Exclusion {
    fn name(&self) -> Option<&str> {
        Some(&self.name)
    }

    fn named(self, name: Option<String>) -> Self {
        Self { name: name.unwrap_or_default(), ..self }
    }

    fn has_generated_name(&self, _: Dialect, table: &Name) -> bool {
        is_chosen_by_postgres(&self.name, &table.local, "excl")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, expression: &str) -> Check {
        let (name, expression) = (Some(name.to_owned()), expression.to_owned());
        Check { name, expression, enforced: true, validated: true }
    }

    fn changes(from: &[Check], to: &[Check]) -> Changes<Check> {
        Changes::between(Dialect::MySql, &Name::local("t"), from, to)
    }

    #[test]
    fn generated_names_make_no_difference() {
        let from = [check("t_chk_1", "a"), check("t_chk_2", "b")];
        let to = [check("t_chk_1", "b"), check("t_chk_2", "c"), check("t_chk_3", "a")];
        let changes = changes(&from, &to);
        assert_eq!(changes.added, [check("t_chk_2", "c")]);
        assert!(changes.dropped.is_empty() && changes.changed.is_empty());
    }

    #[test]
    fn given_names_do() {
        let changed = changes(&[check("small", "a")], &[check("small", "b")]);
        assert_eq!(changed.changed, [(check("small", "a"), check("small", "b"))]);
        let renamed = changes(&[check("small", "a")], &[check("tiny", "a")]);
        assert_eq!(renamed.renamed, [(check("small", "a"), check("tiny", "a"))]);
        let named = changes(&[check("t_chk_1", "a")], &[check("tiny", "a")]);
        assert_eq!(named.renamed.len(), 1);
    }

    #[test]
    fn names_after_a_renamed_column_are_those_of_a_new_table() {
        let between = |from: &[Check], to: &[Check]| {
            Changes::between(Dialect::Postgres, &Name::local("t"), from, to)
        };
        let renamed = between(&[check("t_a_check", "x")], &[check("t_b_check", "x")]);
        assert_eq!(renamed.renamed.len(), 1);
        let numbered = between(&[check("t_a_check1", "x")], &[check("t_a_check", "x")]);
        assert!(numbered.is_empty());
        let both = [check("t_a_check", "x"), check("t_b_check", "y")];
        let exchanged = [check("t_a_check", "y"), check("t_b_check", "x")];
        assert!(between(&both, &exchanged).is_empty());
    }

    #[test]
    fn long_names_of_postgres_are_numbered_alike_where_a_part_is_cut_out() {
        let check = |name: String| Check {
            name: Some(name),
            expression: "x".to_owned(),
            enforced: true,
            validated: true,
        };
        let long = |letter: &str, length| format!("t_{}_check", letter.repeat(length));
        let renamed = |old: String, new: String| {
            let table = Name::local("t");
            let changes = Changes::between(Dialect::Postgres, &table, &[check(old)], &[check(new)]);
            changes.renamed.len()
        };
        assert_eq!(renamed(long("b", 55), long("c", 55)), 1);
        assert_eq!(renamed(long("b", 55), long("b", 54) + "1"), 0);
    }

    #[test]
    fn postgres_names_are_known_when_they_are_cut() {
        let long = "a".repeat(60);
        for (name, table, is_chosen) in [
            ("t_a_check", "t", true),
            ("t_check1", "t", true),
            ("t_positive", "t", false),
            ("u_a_check", "t", false),
            ("t_a_checks", "t", false),
            (&format!("{}_{}_check", "a".repeat(28), "b".repeat(28)), &long, true),
        ] {
            assert_eq!(is_chosen_by_postgres(name, table, "check"), is_chosen, "{name}");
        }
    }
}

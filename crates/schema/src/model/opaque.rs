use std::collections::BTreeMap;

use super::{Kind, Name, Schema};

/// Names that stand beside each other without being taken by one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Space {
    /// Tables, views, sequences and indexes.
    Relation,
    /// Types that no relation is.
    Type,
    /// Functions, procedures and aggregates, with the types of their arguments.
    Routine,
    /// `MySQL`, `MariaDB`: how a table, which itself is managed, is cut.
    Partitions,
}

/// A whole object that is there and not managed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opaque {
    /// What it is, in words: `partitioned table`.
    pub kind: String,
    /// What tells it from another of its name; `None` where it comes and goes with something else, as a
    /// partition does.
    pub shape: Option<String>,
}

/// Whole objects that are there and not managed, by their names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opaques(pub BTreeMap<(Space, Name), Opaque>);

impl Opaques {
    /// None.
    #[must_use]
    pub const fn none() -> Self {
        Self(BTreeMap::new())
    }

    pub(super) fn retain(&mut self, is_in: impl Fn(Space, &Name) -> bool) {
        self.0.retain(|(space, name), _| is_in(*space, name));
    }
}

impl Schema {
    /// What one of two schemas has as an object that is not managed, and the other has not, or as another one: no
    /// statement leads from one to the other. In words.
    #[must_use]
    pub fn differing_opaques(&self, other: &Self) -> Vec<String> {
        let there = other.opaques.0.iter().filter(|(key, _)| !self.opaques.0.contains_key(*key));
        let all = self.opaques.0.iter().chain(there).map(|(key, _)| key);
        let differing = all.filter_map(|key| {
            let (here, there) = (self.at(key), other.at(key));
            let kind = here.or(there).map_or("object", |one| &one.kind);
            let name = &key.1;
            match (here, there) {
                (Some(one), Some(other)) if one == other => None,
                (Some(_), Some(_)) => Some(format!("{kind} {name}, which is another one")),
                // What comes and goes is told of only where something that is managed has its name.
                (Some(one), None) | (None, Some(one))
                    if one.shape.is_none() && !self.has(key) && !other.has(key) =>
                {
                    None
                }
                _ => Some(format!("{kind} {name}")),
            }
        });
        differing.collect()
    }

    fn at(&self, key: &(Space, Name)) -> Option<&Opaque> {
        self.opaques.0.get(key)
    }

    /// Whether something that is managed has a name.
    fn has(&self, (space, name): &(Space, Name)) -> bool {
        let kinds: &[Kind] = match space {
            Space::Relation => {
                if self.tables.contains_key(name) || self.sequences.contains_key(name) {
                    return true;
                }
                &[Kind::View, Kind::MaterializedView]
            }
            Space::Type => {
                if self.enums.contains_key(name) {
                    return true;
                }
                &[Kind::Domain, Kind::CompositeType]
            }
            Space::Routine => &[Kind::Function, Kind::Procedure],
            Space::Partitions => &[],
        };
        self.definitions.keys().any(|key| kinds.contains(&key.kind) && key.name == *name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Dialect, Table};

    fn schema(opaque: Option<(&str, Option<&str>)>) -> Schema {
        let mut schema = Schema::empty(Dialect::Postgres);
        if let Some((kind, shape)) = opaque {
            let (kind, shape) = (kind.to_owned(), shape.map(str::to_owned));
            let key = (Space::Relation, Name::local("t"));
            schema.opaques.0.insert(key, Opaque { kind, shape });
        }
        schema
    }

    #[test]
    fn same_object_does_not_differ() {
        let one = schema(Some(("partitioned table", Some("range (a)"))));
        assert_eq!(one.differing_opaques(&one.clone()), [""; 0]);
    }

    #[test]
    fn other_object_differs() {
        let one = schema(Some(("partitioned table", Some("range (a)"))));
        let other = schema(Some(("partitioned table", Some("hash (a)"))));
        let said = ["partitioned table t, which is another one"];
        assert_eq!(one.differing_opaques(&other), said);
        assert_eq!(schema(None).differing_opaques(&one), ["partitioned table t"]);
        assert_eq!(one.differing_opaques(&schema(None)), ["partitioned table t"]);
    }

    #[test]
    fn partition_that_comes_differs_only_where_a_table_had_its_name() {
        let part = schema(Some(("partition", None)));
        let mut plain = schema(None);
        assert_eq!(plain.differing_opaques(&part), [""; 0]);
        plain.tables.insert(Name::local("t"), Table::default());
        assert_eq!(plain.differing_opaques(&part), ["partition t"]);
        assert_eq!(part.differing_opaques(&plain), ["partition t"]);
    }
}

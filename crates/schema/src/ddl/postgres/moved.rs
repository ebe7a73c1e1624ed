//! Tables that get another name, be it in another schema: their indexes and sequences go along, and may find their
//! names taken there.

use std::collections::{BTreeMap, BTreeSet};

use super::parts::{PartWork, TableParts};
use super::script::Script;
use crate::catalog::postgres::names::{SEQUENCE_NAME, last_part, qualified, quoted, sequence_name};
use crate::difference::Part;
use crate::model::{Kind, Name, Space};

/// What goes along with a table.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Member {
    Index(String),
    Sequence(String),
}

impl Member {
    fn local(&self) -> &str {
        match self {
            Self::Index(name) | Self::Sequence(name) => name,
        }
    }

    const fn words(&self) -> (&'static str, &'static str, Kind) {
        match self {
            Self::Index(_) => ("INDEX", "rename index", Kind::Table),
            Self::Sequence(_) => ("SEQUENCE", "rename sequence", Kind::Sequence),
        }
    }
}

/// The sequences that have made room: table and name to the name that they have meanwhile.
pub(super) type Moved = BTreeMap<(Name, String), String>;

/// Which names are taken while tables move.
struct Places {
    taken: BTreeSet<Name>,
    numbers: std::ops::RangeFrom<usize>,
}

impl Places {
    fn moves(&mut self, from: &Name, to: Name) {
        self.taken.remove(from);
        self.taken.insert(to);
    }

    /// A name that is free in the schemas of both.
    fn aside(&mut self, from: &Name, to: &Name) -> String {
        loop {
            let aside = format!("moved_{}", self.numbers.next().unwrap_or_default());
            if [from, to].iter().all(|name| !self.taken.contains(&name.sibling(aside.as_str()))) {
                return aside;
            }
        }
    }
}

impl Script<'_> {
    /// Gives tables their new names.
    pub(super) fn rename_tables(&mut self) -> Moved {
        let mut places = Places { taken: self.taken(), numbers: 1.. };
        let mut now = self.sides.difference.renames.tables.clone();
        let mut sequences = Moved::new();
        for (old, new) in self.sides.difference.table_steps() {
            let Some(last) = now.remove(&old) else { continue };
            if old.schema == new.schema {
                self.rename_table(&old, &new.local, &last);
                places.moves(&old, new.clone());
            } else {
                for (member, aside) in self.move_table(&mut places, (&old, &new), &last) {
                    match member {
                        Member::Index(index) => self.comes_back(&last, &index, &aside),
                        Member::Sequence(sequence) => {
                            sequences.insert((last.clone(), sequence), aside);
                        }
                    }
                }
            }
            now.insert(new, last);
        }
        sequences
    }

    /// Moves a table to another schema; what goes along under another name.
    fn move_table(
        &mut self,
        places: &mut Places,
        (old, new): (&Name, &Name),
        last: &Name,
    ) -> Vec<(Member, String)> {
        let mut moved = Vec::new();
        for member in self.members(last) {
            let (here, there) = (old.sibling(member.local()), new.sibling(member.local()));
            if !places.taken.contains(&there) {
                places.moves(&here, there);
                continue;
            }
            let aside = places.aside(old, new);
            let (word, change, kind) = member.words();
            let sql = format!("ALTER {word} {} RENAME TO {}", qualified(&here), quoted(&aside));
            self.say(change, kind, here.clone(), sql);
            places.moves(&here, new.sibling(aside.as_str()));
            moved.push((member, aside));
        }
        let mut now = old.clone();
        if places.taken.contains(&new.sibling(old.local.as_str())) {
            let is_free = !places.taken.contains(&old.sibling(new.local.as_str()));
            now.local = if is_free { new.local.clone() } else { places.aside(old, new) };
            self.rename_table(old, &now.local, last);
        }
        let current = self.sides.difference.from.attached.current.as_ref();
        if let Some(schema) = new.schema.as_ref().or(current) {
            let sql = format!("ALTER TABLE {} SET SCHEMA {}", qualified(&now), quoted(schema));
            self.say("rename table", Kind::Table, last.clone(), sql);
        }
        now.schema.clone_from(&new.schema);
        if now.local != new.local {
            self.rename_table(&now, &new.local, last);
        }
        places.moves(old, new.clone());
        moved
    }

    fn rename_table(&mut self, table: &Name, new: &str, last: &Name) {
        let sql = format!("ALTER TABLE {} RENAME TO {}", qualified(table), quoted(new));
        self.say("rename table", Kind::Table, last.clone(), sql);
    }

    /// An index that has made room gets its name with the others that are renamed.
    fn comes_back(&mut self, table: &Name, index: &str, aside: &str) {
        let sides = self.sides;
        let Some((table, from)) = sides.difference.from.tables.get_key_value(table) else { return };
        let Some(to) = sides.new_table(table) else { return };
        let disturbed = &self.disturbed;
        let parts = self.parts.entry(table);
        let parts = parts.or_insert_with(|| TableParts::of(disturbed, table, None, (from, to)));
        let is_key =
            from.primary_key.as_ref().is_some_and(|key| key.name.as_deref() == Some(index));
        if is_key {
            let wanted = parts.key_renamed.take().map_or_else(|| index.to_owned(), |(_, new)| new);
            parts.key_renamed = Some((aside.to_owned(), wanted));
        }
        back(&mut parts.uniques, &from.uniques, (index, aside));
        back(&mut parts.exclusions, &from.exclusions, (index, aside));
        back(&mut parts.indexes, &from.indexes, (index, aside));
    }

    /// The indexes and sequences that a table has, once what goes is gone.
    fn members(&self, table: &Name) -> Vec<Member> {
        let Some(of) = self.sides.old_table(table) else { return Vec::new() };
        let parts = self.parts.get(table);
        let mut gone: BTreeSet<&str> = parts.map(TableParts::off).unwrap_or_default();
        let off = parts.into_iter().flat_map(|parts| &parts.indexes.off);
        gone.extend(off.map(|index| index.name.as_str()));
        let key = of.primary_key.iter().filter_map(|key| key.name.as_deref());
        let indexes = key
            .chain(of.uniques.iter().filter_map(Part::name))
            .chain(of.exclusions.iter().filter_map(Part::name))
            .chain(of.indexes.iter().filter_map(Part::name))
            .filter(|name| !gone.contains(name));
        let mut members: Vec<Member> = indexes.map(|name| Member::Index(name.to_owned())).collect();
        for column in of.columns.iter().filter(|column| column.identity.is_some()) {
            let named = column.attributes.get(SEQUENCE_NAME);
            let former = self.sides.former_column(table, &column.name);
            let name = named.map_or_else(
                || sequence_name(self.sides.former_table(table), former).local,
                |name| last_part(name).trim_matches('"').to_owned(),
            );
            members.push(Member::Sequence(name));
        }
        members
    }

    /// The names of relations and types, once what goes first is gone.
    fn taken(&self) -> BTreeSet<Name> {
        let from = &self.sides.difference.from;
        let mut taken = self.held_by_tables();
        taken.extend(from.sequences.keys().cloned());
        taken.extend(from.enums.keys().cloned());
        let is_named = |kind: Kind| {
            matches!(kind, Kind::View | Kind::MaterializedView | Kind::Domain | Kind::CompositeType)
        };
        let definitions = from.definitions.keys().filter(|key| is_named(key.kind));
        let definitions = definitions.filter(|key| !self.disturbed.definitions.contains(key));
        taken.extend(definitions.map(|key| key.name.clone()));
        let opaques = from.opaques.0.keys();
        let opaques = opaques.filter(|(space, _)| matches!(space, Space::Relation | Space::Type));
        taken.extend(opaques.map(|(_, name)| name.clone()));
        taken
    }

    /// The names of tables that stay, and of what goes along with them, before any is renamed.
    pub(super) fn held_by_tables(&self) -> BTreeSet<Name> {
        let difference = self.sides.difference;
        let mut held = BTreeSet::new();
        for table in difference.from.tables.keys() {
            if difference.tables.dropped.contains_key(table) {
                continue;
            }
            let former = self.sides.former_table(table);
            held.insert(former.clone());
            held.extend(self.members(table).iter().map(|one| former.sibling(one.local())));
        }
        held
    }
}

fn back<T: Part>(work: &mut PartWork<T>, from: &[T], (name, aside): (&str, &str)) {
    let renamed = work.renamed.iter_mut().find(|(old, _)| old.name() == Some(name));
    if let Some((old, _)) = renamed {
        *old = old.clone().named(Some(aside.to_owned()));
    } else if let Some(part) = from.iter().find(|part| part.name() == Some(name)) {
        work.renamed.push((part.clone().named(Some(aside.to_owned())), part.clone()));
    }
}

use std::collections::{BTreeMap, BTreeSet};

use super::super::alter::Changing;
use super::super::blocked::Blocked;
use super::super::early::Early;
use super::super::order::{Order, is_before};
use super::super::rename::all_keys;
use super::{Names, parent};
use crate::difference::Difference;
use crate::model::{Check, Dialect, ForeignKey, Name};

/// What stands in the way of tables that change, and how it is got round.
pub(super) struct Obstacles<'a> {
    pub(super) early: Early,
    pub(super) order: Vec<&'a Name>,
    /// Tables that have to be dropped before others change.
    pub(super) dropped_first: BTreeSet<&'a Name>,
}

impl<'a> Obstacles<'a> {
    pub(super) fn of(
        difference: &'a Difference,
        changing: &BTreeMap<&'a Name, Changing<'a>>,
    ) -> Self {
        let finding = Finding::of(difference, changing);
        let dropped_first = finding.dropped_first();
        let mut early = Early::default();
        let mut order = Order::of(difference.tables.added.keys().chain(changing.keys().copied()));
        let mut waiting = Vec::new();
        for (table, key) in all_keys(difference) {
            match finding.way(table, key, &dropped_first) {
                Way::Early => early.add_key(table, key),
                Way::InOrder(parent) => waiting.push((table, key, parent)),
                Way::Open => {}
            }
        }
        for (name, check) in finding.moved_checks() {
            early.add_check(name, check);
        }
        finding.order_incoming(&mut order, &early);
        for (table, _, parent) in &waiting {
            order.put(table, parent);
        }
        let sorted = order.sorted();
        for (table, key, parent) in waiting {
            if !is_before(&sorted, &table, &parent) {
                early.add_key(table, key);
            }
        }
        Self { early, order: sorted, dropped_first }
    }
}

/// How a foreign key that is there gets out of the way.
enum Way<'a> {
    /// It does not stand in the way.
    Open,
    /// Before everything else.
    Early,
    /// With its table, if this is changed before the one that it points to.
    InOrder(&'a Name),
}

struct Finding<'a, 'b> {
    difference: &'a Difference,
    changing: &'b BTreeMap<&'a Name, Changing<'a>>,
    blocked: Blocked<'a, 'b>,
    /// The names of foreign keys that are added.
    incoming_keys: Names<'b>,
    /// The names of checks that are added.
    incoming_checks: Names<'b>,
}

impl<'a, 'b> Finding<'a, 'b> {
    fn of(difference: &'a Difference, changing: &'b BTreeMap<&'a Name, Changing<'a>>) -> Self
    where
        'a: 'b,
    {
        let added = difference.tables.added.values();
        let keys = added.clone().flat_map(|table| &table.foreign_keys);
        let keys =
            keys.chain(changing.values().flat_map(|one| one.difference.foreign_keys.incoming()));
        let checks = added.flat_map(|table| &table.checks);
        let checks =
            checks.chain(changing.values().flat_map(|one| one.difference.checks.incoming()));
        Self {
            difference,
            changing,
            blocked: Blocked { difference, changing },
            incoming_keys: keys.filter_map(|key| key.name.as_deref()).collect(),
            incoming_checks: checks.filter_map(|check| check.name.as_deref()).collect(),
        }
    }

    fn way(&self, table: &Name, key: &ForeignKey, dropped_first: &BTreeSet<&Name>) -> Way<'a> {
        let Some(parent) = parent(table, key).filter(|_| !self.is_dropped(table)) else {
            return Way::Open;
        };
        let outgoing = self.changing.get(table).map(|one| &one.difference.foreign_keys);
        let goes = outgoing.is_some_and(|keys| keys.outgoing().any(|one| one == key));
        let is_named_again =
            key.name.as_deref().is_some_and(|name| self.incoming_keys.contains(name));
        if goes && (is_named_again || self.changes_engine(table)) || dropped_first.contains(&parent)
        {
            return Way::Early;
        }
        let at_parent = self.blocked.at_parent(key, &parent);
        let in_order = self.changing.get_key_value(&parent).filter(|_| at_parent);
        match in_order {
            Some((parent, _)) if goes && *parent != table => Way::InOrder(parent),
            _ if goes => Way::Open,
            Some(_) => Way::Early,
            None if self.blocked.at_child(table, key) => Way::Early,
            None => Way::Open,
        }
    }

    /// Whether a table goes over to another storage engine, which has to know its foreign keys, or none.
    fn changes_engine(&self, table: &Name) -> bool {
        let options = self.changing.get(table).and_then(|one| one.difference.options.as_ref());
        options.is_some_and(|(from, to)| from.engine != to.engine)
    }

    fn is_dropped(&self, table: &Name) -> bool {
        self.difference.tables.dropped.contains_key(table)
    }

    /// Tables that hold what is added elsewhere under the same name, or a foreign key to a table that
    /// changes under it; and those that point to them.
    fn dropped_first(&self) -> BTreeSet<&'a Name> {
        let mut first = BTreeSet::new();
        for (name, table) in &self.difference.tables.dropped {
            let blocks = table.foreign_keys.iter().any(|key| {
                let is_taken =
                    key.name.as_deref().is_some_and(|own| self.incoming_keys.contains(own));
                let parent = parent(name, key);
                is_taken || parent.is_some_and(|parent| self.blocked.at_parent(key, &parent))
            });
            let has_check = table.checks.iter().any(|check| self.is_moved(check));
            let is_sequence = self.difference.sequences.added.contains_key(name);
            if blocks || has_check || is_sequence {
                first.insert(name);
            }
        }
        loop {
            let before = first.len();
            for (name, table) in &self.difference.tables.dropped {
                let points = |key: &ForeignKey| {
                    parent(name, key).is_some_and(|parent| first.contains(&parent))
                };
                if table.foreign_keys.iter().any(points) {
                    first.insert(name);
                }
            }
            if first.len() == before {
                return first;
            }
        }
    }

    /// `MySQL` tells checks apart in the whole database.
    fn is_moved(&self, check: &Check) -> bool {
        self.difference.to.dialect == Dialect::MySql
            && check.name.as_deref().is_some_and(|name| self.incoming_checks.contains(name))
    }

    /// Checks that go from one table, and are added under the same name to another.
    fn moved_checks(&self) -> Vec<(&'a Name, &'b str)> {
        let mut moved = Vec::new();
        for (name, changing) in self.changing {
            let own = &changing.difference.checks;
            let stays = |check: &Check| own.incoming().any(|one| one.name == check.name);
            let goes = own.outgoing().filter(|check| self.is_moved(check) && !stays(check));
            moved.extend(goes.filter_map(|check| Some((*name, check.name.as_deref()?))));
        }
        moved
    }

    /// Tables behind those to which they get foreign keys.
    fn order_incoming(&self, order: &mut Order<&'a Name>, early: &Early) {
        let mut put = |table: &'a Name, key: &ForeignKey| {
            let parent = parent(table, key);
            let parent = parent.and_then(|parent| self.difference.to.tables.get_key_value(&parent));
            if let Some((parent, _)) = parent {
                order.put(&parent, &table);
            }
        };
        for (name, table) in &self.difference.tables.added {
            table.foreign_keys.iter().for_each(|key| put(name, key));
        }
        for (name, changing) in self.changing {
            changing.incoming(early).into_iter().for_each(|key| put(name, key));
        }
    }
}

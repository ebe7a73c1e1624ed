use super::grammar::{Column, Key, Schema, Table};
use super::random::Random;

impl Schema {
    /// One random change.
    pub(super) fn change(&mut self, random: &mut Random) {
        match random.below(12) {
            0 => return self.add_table(random),
            1 if self.tables.len() > 1 => return self.drop_table(random),
            _ => {}
        }
        let at = random.below(self.tables.len());
        let mut table = self.tables.remove(at);
        match random.below(14) {
            0..=2 => {
                let column = self.column(random, &table);
                let place = random.below(table.columns.len()) + 1;
                table.columns.insert(place, column);
            }
            3 | 4 => table.drop_column(random),
            5 => self.add_part(random, &mut table),
            6 => table.drop_part(random),
            7 => {
                let name = self.free_name(random);
                table.old_name.get_or_insert_with(|| table.name.clone());
                table.name = name;
            }
            8 | 9 => {
                let name = self.free_name(random);
                let place = random.below(table.columns.len());
                if let Some(column) = table.columns.get_mut(place) {
                    column.old_name.get_or_insert_with(|| column.name.clone());
                    column.name = name;
                }
            }
            10 => table.has_view = !table.has_view,
            11 => table.trigger = if table.trigger.is_some() { None } else { Some(self.id()) },
            12 => table.change_key(random),
            _ => {
                let other = self.column(random, &table);
                table.change_column(random, other);
            }
        }
        self.tables.insert(at, table);
    }

    fn drop_table(&mut self, random: &mut Random) {
        let gone = self.tables.remove(random.below(self.tables.len())).id;
        for column in self.tables.iter_mut().flat_map(|table| &mut table.columns) {
            column.refers = column.refers.filter(|(parent, _)| *parent != gone);
        }
    }
}

impl Table {
    fn drop_column(&mut self, random: &mut Random) {
        if self.columns.len() < 3 {
            return;
        }
        let gone = self.columns.remove(1 + random.below(self.columns.len() - 1)).id;
        let keeps = |id: &usize| *id != gone;
        // What is computed from it goes as well.
        let computed = |column: &Column| {
            column.generated.as_ref().is_some_and(|(expression, _)| expression.column == gone)
        };
        while let Some(at) = self.columns.iter().position(computed) {
            let id = self.columns.remove(at).id;
            self.forget(|other| *other != id);
        }
        self.forget(keeps);
    }

    fn forget(&mut self, keeps: impl Fn(&usize) -> bool) {
        self.checks.retain(|(_, check)| keeps(&check.column));
        self.uniques.retain(|(_, columns)| columns.iter().all(&keeps));
        self.indexes.retain(|index| {
            let mut parts = index.parts.iter().map(|(part, _)| part);
            parts.all(|part| keeps(&part.column))
                && index.condition.as_ref().is_none_or(|condition| keeps(&condition.column))
        });
    }

    fn drop_part(&mut self, random: &mut Random) {
        match random.below(3) {
            0 => drop(self.checks.pop()),
            1 => drop(self.uniques.pop()),
            _ => drop(self.indexes.pop()),
        }
    }

    fn change_key(&mut self, random: &mut Random) {
        if self.options.is_empty() {
            let is_number = self.columns.first().is_some_and(|first| first.data_type == "INTEGER");
            let keys: &[Key] = if is_number {
                &[Key::None, Key::Number, Key::Counter]
            } else {
                &[Key::None, Key::First]
            };
            self.key = random.pick(keys);
        }
    }

    /// Gives a column but the first properties of another one.
    fn change_column(&mut self, random: &mut Random, other: Column) {
        let place = 1 + random.below(self.columns.len() - 1);
        let Some(column) = self.columns.get_mut(place) else { return };
        let was_generated = column.generated.is_some();
        match random.below(6) {
            0 => column.data_type = other.data_type,
            1 => column.not_null = !column.not_null && !was_generated,
            2 if !was_generated => column.default = other.default,
            3 => column.collation = other.collation,
            4 => column.unique = !column.unique && !was_generated,
            _ => {
                column.check = if column.check.is_some() {
                    None
                } else {
                    other
                        .check
                        .map(|check| super::grammar::Expression { column: column.id, ..check })
                }
            }
        }
    }
}

//! Sequences that go with their columns, or stay without them.

use super::columns::{counting_sequence, owned_sequence};
use super::script::{Script, part_of};
use crate::catalog::postgres::names::qualified;
use crate::model::{Column, Identity, Kind, Name};

impl Script<'_> {
    /// Whether a sequence that is to stand alone was a serial column's, and is there already.
    pub(super) fn was_serial(&self, name: &Name) -> bool {
        let sequence = qualified(name);
        self.sides.difference.from.tables.iter().any(|(table, of)| {
            of.columns.iter().any(|column| is_of_serial(table, column, &sequence))
        })
    }

    /// The sequences that have to be dropped: those that neither a serial column takes over, nor goes with
    /// its owner.
    pub(super) fn dropped_sequences(&self) -> Vec<&Name> {
        let difference = self.sides.difference;
        let goes = |name: &&Name| {
            let sequence = qualified(name);
            let is_taken = difference.to.tables.iter().any(|(table, of)| {
                of.columns.iter().any(|column| is_of_serial(table, column, &sequence))
            });
            let goes_along = difference.from.tables.iter().any(|(table, of)| {
                of.columns.iter().any(|column| {
                    owned_sequence(column) == Some(&sequence)
                        && self.sides.column(table, &column.name).is_none()
                })
            });
            !is_taken && !goes_along
        };
        difference.sequences.dropped.keys().filter(goes).collect()
    }

    /// Frees the sequences that stay when their tables are dropped.
    pub(super) fn release_sequences(&mut self) {
        let dropped = &self.sides.difference.tables.dropped;
        for (name, table) in dropped {
            for column in &table.columns {
                self.release_sequence(name, column);
            }
        }
    }

    /// Frees the sequence that stays when its column is dropped.
    pub(super) fn release_sequence(&mut self, table: &Name, column: &Column) {
        let counting = counting_sequence(table, column);
        let serial = counting.filter(|_| column.identity == Some(Identity::Serial));
        let owned = owned_sequence(column).cloned().or(serial);
        let to = &self.sides.difference.to;
        let stays = owned.filter(|owned| to.sequences.keys().any(|key| qualified(key) == *owned));
        if let Some(sequence) = stays {
            let sql = format!("ALTER SEQUENCE {sequence} OWNED BY NONE");
            self.say("alter sequence", Kind::Table, part_of(table, &column.name), sql);
        }
    }
}

fn is_of_serial(table: &Name, column: &Column, sequence: &str) -> bool {
    column.identity == Some(Identity::Serial)
        && counting_sequence(table, column).as_deref() == Some(sequence)
}

//! One writer at a time for the whole database: <https://www.sqlite.org/lockingv3.html>.

use super::{Blocks, Impact, Place};
use crate::ddl::{Action, Name, What};

fn impact(table: &Name, rewrites: bool, scans: bool) -> (Name, Impact) {
    let impact = Impact {
        table: table.text().to_owned(),
        lock: "RESERVED",
        algorithm: None,
        rewrites,
        scans,
        // In the whole database; with a rollback journal readers wait as well while it is committed.
        blocks: Blocks::Writes,
    };
    (table.clone(), impact)
}

pub(super) fn of(place: Place<'_>, what: &What) -> Vec<(Name, Impact)> {
    match what {
        What::AlterTable(alter) => {
            let rewrites =
                alter.actions.iter().any(|action| matches!(action, Action::DropColumn { .. }));
            let is_checked = |action: &Action| matches!(action, Action::AddColumn { column, .. } if column.has_check || column.not_null);
            let scans = rewrites || alter.actions.iter().any(is_checked);
            vec![impact(&alter.table, rewrites, scans)]
        }
        What::CreateIndex(index) => vec![impact(&index.table, false, true)],
        What::DropIndex(drop) => {
            let table =
                |name: &Name| place.schema.index(name).map(|index| Name::plain(&index.table));
            drop.names.iter().filter_map(table).map(|table| impact(&table, false, false)).collect()
        }
        What::Drop(drop) if drop.kind == "TABLE" => {
            drop.names.iter().map(|table| impact(table, false, true)).collect()
        }
        What::Create(created) => {
            created.table.iter().map(|table| impact(table, false, false)).collect()
        }
        What::Write(write) => write.table.iter().map(|table| impact(table, false, false)).collect(),
        What::Maintain(work) => {
            let rewrites = work.verb == "VACUUM";
            work.object.iter().map(|table| impact(table, rewrites, true)).collect()
        }
        What::CreateTable(_)
        | What::RenameTables(_)
        | What::Truncate { .. }
        | What::Drop(_)
        | What::AlterOther(_)
        | What::LockTables(_)
        | What::Pragma { .. }
        | What::Grant { .. }
        | What::Other => Vec::new(),
    }
}

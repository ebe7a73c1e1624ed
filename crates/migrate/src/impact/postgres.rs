//! Locks by the page <https://www.postgresql.org/docs/current/explicit-locking.html> and those of the
//! statements; a test asks a server's `pg_locks` for the same.

use super::{Blocks, Impact, Place};
use crate::Engine;
use crate::ddl::{
    Action, Column, Constraint, ConstraintKind, Default, Generated, Name, Type, What,
};
use crate::split::{Token, significant};

/// Table locks, weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Lock {
    RowExclusive,
    ShareUpdateExclusive,
    Share,
    ShareRowExclusive,
    Exclusive,
    AccessExclusive,
}

impl Lock {
    const fn name(self) -> &'static str {
        match self {
            Self::RowExclusive => "ROW EXCLUSIVE",
            Self::ShareUpdateExclusive => "SHARE UPDATE EXCLUSIVE",
            Self::Share => "SHARE",
            Self::ShareRowExclusive => "SHARE ROW EXCLUSIVE",
            Self::Exclusive => "EXCLUSIVE",
            Self::AccessExclusive => "ACCESS EXCLUSIVE",
        }
    }

    const fn blocks(self) -> Blocks {
        match self {
            Self::RowExclusive | Self::ShareUpdateExclusive => Blocks::Nothing,
            Self::Share | Self::ShareRowExclusive | Self::Exclusive => Blocks::Writes,
            Self::AccessExclusive => Blocks::ReadsAndWrites,
        }
    }
}

/// A lock, and what is done under it.
#[derive(Clone, Copy, Debug)]
struct Hold {
    lock: Lock,
    rewrites: bool,
    scans: bool,
}

const fn brief(lock: Lock) -> Hold {
    Hold { lock, rewrites: false, scans: false }
}

const fn scan(lock: Lock) -> Hold {
    Hold { lock, rewrites: false, scans: true }
}

const REWRITE: Hold = Hold { lock: Lock::AccessExclusive, rewrites: true, scans: true };

fn impact(table: &Name, hold: Hold) -> (Name, Impact) {
    let impact = Impact {
        table: table.text().to_owned(),
        lock: hold.lock.name(),
        algorithm: None,
        rewrites: hold.rewrites,
        scans: hold.scans,
        blocks: hold.lock.blocks(),
    };
    (table.clone(), impact)
}

pub(super) fn of(place: Place<'_>, what: &What) -> Vec<(Name, Impact)> {
    let all = |names: &[Name], hold| names.iter().map(|name| impact(name, hold)).collect();
    match what {
        What::CreateTable(table) => {
            let own = table.columns.iter().filter_map(|column| column.references.as_ref());
            let keys = table.constraints.iter().filter_map(|key| key.references.as_ref());
            let parents = table.partition_of.iter();
            let referenced =
                own.chain(keys).map(|name| impact(name, brief(Lock::ShareRowExclusive)));
            let parents = parents.map(|name| impact(name, brief(Lock::AccessExclusive)));
            referenced.chain(parents).collect()
        }
        What::AlterTable(alter) => {
            let mut impacts = Vec::new();
            let holds = alter.actions.iter().map(|action| hold(place, &alter.table, action));
            if let Some(hold) = holds.reduce(stronger) {
                impacts.push(impact(&alter.table, hold));
            }
            for action in &alter.actions {
                impacts.extend(others(action));
                if let Action::AlterType { column, .. } = action {
                    impacts.extend(checked_against(place, &alter.table, column));
                }
            }
            impacts
        }
        What::CreateIndex(index) => {
            let lock = if index.concurrently { Lock::ShareUpdateExclusive } else { Lock::Share };
            vec![impact(&index.table, scan(lock))]
        }
        What::DropIndex(drop) => {
            let lock =
                if drop.concurrently { Lock::ShareUpdateExclusive } else { Lock::AccessExclusive };
            let table = |name: &Name| place.schema.index(name).map(|index| index.table.clone());
            let tables = drop.names.iter().filter_map(table);
            tables.map(|table| impact(&Name::plain(&table), brief(lock))).collect()
        }
        What::Create(created) if matches!(created.kind.as_str(), "TRIGGER" | "RULE" | "POLICY") => {
            let lock = match created.kind.as_str() {
                "TRIGGER" => Lock::ShareRowExclusive,
                _ => Lock::AccessExclusive,
            };
            created.table.iter().map(|table| impact(table, brief(lock))).collect()
        }
        What::Drop(drop) => match drop.kind.as_str() {
            "TABLE" => {
                let known = drop.names.iter().filter_map(|name| place.schema.table(name));
                let others = known.flat_map(|table| &table.references);
                let others = others.filter(|other| !drop.names.contains(other));
                drop.names
                    .iter()
                    .chain(others)
                    .map(|name| impact(name, brief(Lock::AccessExclusive)))
                    .collect()
            }
            "MATERIALIZED VIEW" | "VIEW" => all(&drop.names, brief(Lock::AccessExclusive)),
            "TRIGGER" | "RULE" | "POLICY" => {
                drop.table.iter().map(|table| impact(table, brief(Lock::AccessExclusive))).collect()
            }
            _ => Vec::new(),
        },
        What::Truncate { tables, .. } | What::LockTables(tables) => {
            all(tables, brief(Lock::AccessExclusive))
        }
        What::Write(write) => {
            write.table.iter().map(|table| impact(table, brief(Lock::RowExclusive))).collect()
        }
        What::Maintain(work) => {
            work.object.iter().filter_map(|name| Some(impact(name, maintenance(work)?))).collect()
        }
        What::RenameTables(_)
        | What::Create(_)
        | What::AlterOther(_)
        | What::Pragma { .. }
        | What::Grant { .. }
        | What::Other => Vec::new(),
    }
}

fn stronger(a: Hold, b: Hold) -> Hold {
    Hold { lock: a.lock.max(b.lock), rewrites: a.rewrites || b.rewrites, scans: a.scans || b.scans }
}

fn maintenance(work: &crate::ddl::Maintain) -> Option<Hold> {
    Some(match (work.verb.as_str(), work.concurrently) {
        ("CLUSTER" | "VACUUM FULL", _) | ("REFRESH", false) => REWRITE,
        ("REFRESH", true) => Hold { lock: Lock::Exclusive, rewrites: false, scans: true },
        ("REINDEX", true) | ("VACUUM" | "ANALYZE", _) => scan(Lock::ShareUpdateExclusive),
        ("REINDEX", false) => scan(Lock::Share),
        _ => return None,
    })
}

/// The tables whose foreign keys point at a column whose type changes: they are made and checked anew.
fn checked_against(place: Place<'_>, table: &Name, column: &Name) -> Vec<(Name, Impact)> {
    let is_key = place.schema.table(table).is_some_and(|table| table.keys.contains(column));
    let referrers = if is_key { place.schema.referrers(table) } else { Vec::new() };
    let scanned = scan(Lock::AccessExclusive);
    referrers.into_iter().map(|name| impact(&Name::plain(name), scanned)).collect()
}

/// The other tables that an action locks.
fn others(action: &Action) -> Vec<(Name, Impact)> {
    match action {
        Action::AddColumn { column, .. } => {
            let lock = brief(Lock::ShareRowExclusive);
            column.references.iter().map(|table| impact(table, lock)).collect()
        }
        Action::AddConstraint(key) => {
            let lock = brief(Lock::ShareRowExclusive);
            key.references.iter().map(|table| impact(table, lock)).collect()
        }
        Action::Attach(partition) => vec![impact(partition, scan(Lock::AccessExclusive))],
        Action::Detach { partition, .. } => vec![impact(partition, brief(Lock::AccessExclusive))],
        _ => Vec::new(),
    }
}

fn hold(place: Place<'_>, table: &Name, action: &Action) -> Hold {
    match action {
        Action::AddColumn { column, .. } => added(place, column),
        Action::AlterType { column, to } => {
            let known = place.schema.table(table).and_then(|table| table.column(column));
            let is_anew = place.schema.is_made_anew(to);
            if !is_anew && known.is_some_and(|old| is_relabelled(&old.ty, to)) {
                brief(Lock::AccessExclusive)
            } else {
                REWRITE
            }
        }
        Action::SetNotNull(column) if proves_not_null(place, table, column) => {
            brief(Lock::AccessExclusive)
        }
        Action::SetNotNull(_) => scan(Lock::AccessExclusive),
        Action::AddConstraint(constraint) => constrained(constraint),
        Action::Validate(_) => scan(Lock::ShareUpdateExclusive),
        Action::Attach(_)
        | Action::Parameters { .. }
        | Action::Detach { concurrently: true, .. } => brief(Lock::ShareUpdateExclusive),
        Action::SetPersistence | Action::Move => REWRITE,
        Action::Triggers => brief(Lock::ShareRowExclusive),
        _ => brief(Lock::AccessExclusive),
    }
}

fn added(place: Place<'_>, column: &Column) -> Hold {
    let is_stored = match column.generated {
        Some(Generated::Stored) => true,
        // Stored was the only kind before version 18.
        Some(Generated::Virtual) => place.version.major < 18,
        None => false,
    };
    let has_old_default = place.version.major < 11 && column.default.is_some();
    let is_looked_at = place.schema.is_strict(&column.ty);
    if is_stored
        || column.is_numbered()
        || has_old_default
        || is_looked_at
        || is_volatile(column.default.as_ref())
    {
        return REWRITE;
    }
    let refers = column.references.is_some() && column.default.is_some();
    if column.is_primary || column.is_unique || column.has_check || refers {
        return scan(Lock::AccessExclusive);
    }
    brief(Lock::AccessExclusive)
}

/// Functions that give one value for all rows of a statement.
const STEADY: [&str; 16] = [
    "now",
    "transaction_timestamp",
    "statement_timestamp",
    "current_setting",
    "lower",
    "upper",
    "concat",
    "coalesce",
    "to_timestamp",
    "make_interval",
    "jsonb_build_object",
    "jsonb_build_array",
    "json_build_object",
    "to_jsonb",
    "array_fill",
    "timezone",
];
const STEADY_TYPES: [&str; 6] =
    ["varchar", "char", "numeric", "timestamp", "timestamptz", "interval"];

/// Whether each row has to be given a value of its own.
pub(crate) fn is_volatile(default: Option<&Default>) -> bool {
    match default {
        Some(Default::Expression(calls)) => calls
            .iter()
            .any(|call| !STEADY.contains(&call.as_str()) && !STEADY_TYPES.contains(&call.as_str())),
        Some(Default::Null | Default::Constant | Default::Now) | None => false,
    }
}

fn constrained(constraint: &Constraint) -> Hold {
    let is_light = constraint.is_unchecked || constraint.uses_index;
    match constraint.kind {
        ConstraintKind::ForeignKey if is_light => brief(Lock::ShareRowExclusive),
        ConstraintKind::ForeignKey => scan(Lock::ShareRowExclusive),
        _ if is_light => brief(Lock::AccessExclusive),
        _ => scan(Lock::AccessExclusive),
    }
}

/// Whether a validated check says so already; then version 12 and later do not look at the rows.
/// <https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-SET-DROP-NOT-NULL>
pub(crate) fn proves_not_null(place: Place<'_>, table: &Name, column: &Name) -> bool {
    let Some(table) = place.schema.table(table) else { return false };
    let says = |condition: &str| {
        let tokens = significant(Engine::Postgres, condition);
        let words: Vec<&Token<'_>> =
            tokens.iter().filter(|token| !token.is_sign("(") && !token.is_sign(")")).collect();
        words.windows(4).any(|four| {
            let [first, rest @ ..] = four else { return false };
            let is_column = Name::new(first.text, &[first.text]) == *column;
            is_column && rest.iter().zip(["IS", "NOT", "NULL"]).all(|(one, word)| one.is_word(word))
        })
    };
    place.version.major >= 12
        && table.checks.iter().any(|check| check.is_validated && says(&check.condition))
}

/// Type changes that touch the catalog alone.
pub(crate) fn is_relabelled(old: &Type, new: &Type) -> bool {
    if old == new {
        return true;
    }
    let (from, to) = (old.name.as_str(), new.name.as_str());
    if old.is_array || new.is_array {
        // Each value is looked at but where nothing is asked of it any more.
        return old.is_array && new.is_array && from == to && new.args.is_empty();
    }
    match (from, to) {
        ("VARCHAR", "TEXT") | ("TEXT", "VARCHAR") if new.args.is_empty() => true,
        ("VARCHAR", "VARCHAR") => is_wider(old, new),
        ("NUMERIC", "NUMERIC") => {
            new.args.is_empty() || (old.args.get(1) == new.args.get(1) && is_wider(old, new))
        }
        ("TIMESTAMPTZ" | "TIMESTAMP" | "TIME" | "INTERVAL", _) if from == to => is_wider(old, new),
        ("CIDR", "INET") => true,
        _ => false,
    }
}

fn is_wider(old: &Type, new: &Type) -> bool {
    match (old.length(), new.length()) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(old), Some(new)) => new >= old,
    }
}

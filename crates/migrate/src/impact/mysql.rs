//! Online DDL of `InnoDB`: <https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html> and
//! <https://mariadb.com/kb/en/innodb-online-ddl-overview/>; a test asks servers for the same.

use super::{Blocks, Impact, Place, ServerVersion};
use crate::Engine;
use crate::ddl::{
    Action, AlterTable, Column, Constraint, ConstraintKind, Default, FUNCTIONAL, Generated, Name,
    Storage, Type, What,
};

/// How `ALTER TABLE` does its work, cheapest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
    Instant,
    /// In place, and no row is looked at.
    Described,
    /// In place, the rows stay.
    Inplace,
    /// In place, the rows are written again while others write.
    Rebuild,
    /// In place, while others only read.
    InplaceShared,
    /// Not understood, so that it may be any of them.
    Unknown,
    /// The rows are copied while others only read.
    Copy,
    /// A change of files, while nobody else uses the table.
    Exclusive,
}

impl Way {
    fn impact(self, table: &Name) -> (Name, Impact) {
        let (algorithm, lock, blocks) = match self {
            Self::Instant => (Some("INSTANT"), "LOCK=NONE", Blocks::Nothing),
            Self::Described | Self::Inplace | Self::Rebuild => {
                (Some("INPLACE"), "LOCK=NONE", Blocks::Nothing)
            }
            Self::InplaceShared => (Some("INPLACE"), "LOCK=SHARED", Blocks::Writes),
            Self::Unknown => (Some("UNKNOWN"), "UNKNOWN", Blocks::Unknown),
            Self::Copy => (Some("COPY"), "LOCK=SHARED", Blocks::Writes),
            Self::Exclusive => (None, "LOCK=EXCLUSIVE", Blocks::ReadsAndWrites),
        };
        let rewrites = match self {
            Self::Rebuild | Self::InplaceShared | Self::Unknown | Self::Copy => true,
            Self::Instant | Self::Described | Self::Inplace | Self::Exclusive => false,
        };
        let scans = rewrites || self == Self::Inplace;
        let table_text = table.text().to_owned();
        (table.clone(), Impact { table: table_text, lock, algorithm, rewrites, scans, blocks })
    }
}

fn exclusive(table: &Name) -> (Name, Impact) {
    Way::Exclusive.impact(table)
}

fn row_locks(table: &Name) -> (Name, Impact) {
    let impact = Impact {
        table: table.text().to_owned(),
        lock: "row locks",
        algorithm: None,
        rewrites: false,
        scans: false,
        blocks: Blocks::Nothing,
    };
    (table.clone(), impact)
}

pub(super) fn of(place: Place<'_>, what: &What) -> Vec<(Name, Impact)> {
    match what {
        What::AlterTable(alter) => vec![altered(place, alter)],
        What::CreateIndex(index) => {
            vec![index_way(&index.kind, index.is_unique).impact(&index.table)]
        }
        What::DropIndex(drop) => {
            drop.table.iter().map(|table| Way::Described.impact(table)).collect()
        }
        What::RenameTables(pairs) => {
            pairs.iter().map(|(from, _)| Way::Instant.impact(from)).collect()
        }
        What::Drop(drop) if drop.kind == "TABLE" => drop.names.iter().map(exclusive).collect(),
        What::Truncate { tables, .. } | What::LockTables(tables) => {
            tables.iter().map(exclusive).collect()
        }
        What::Create(created) if created.kind == "TRIGGER" => {
            created.table.iter().map(|table| Way::Instant.impact(table)).collect()
        }
        What::Write(write) => write.table.iter().map(row_locks).collect(),
        What::Maintain(work) if work.verb == "OPTIMIZE" => {
            let is_searched =
                |table| place.schema.table(table).is_some_and(|t| !t.searched.is_empty());
            let way = |table| {
                if is_searched(table) { rebuilt_with_words(place.engine) } else { Way::Rebuild }
            };
            work.object.iter().map(|table| way(table).impact(table)).collect()
        }
        What::CreateTable(_)
        | What::Drop(_)
        | What::Create(_)
        | What::AlterOther(_)
        | What::Maintain(_)
        | What::Pragma { .. }
        | What::Grant { .. }
        | What::Other => Vec::new(),
    }
}

fn altered(place: Place<'_>, alter: &AlterTable) -> (Name, Impact) {
    let gets_key = alter.actions.iter().any(makes_key);
    let ways = alter.actions.iter().map(|action| match action {
        // A key that is replaced in one statement needs no copy.
        Action::DropConstraint { kind: Some(ConstraintKind::PrimaryKey), .. } if gets_key => {
            Way::Rebuild
        }
        action => way(place, &alter.table, action),
    });
    let searched = place.schema.table(&alter.table).map_or(&[][..], |table| &table.searched);
    // With its last column an index of words is gone.
    let stays = |column: &Name| {
        let drops =
            |action: &Action| matches!(action, Action::DropColumn { name, .. } if name == column);
        !alter.actions.iter().any(drops)
    };
    let is_searched = searched.iter().any(stays);
    let way = match ways.max().unwrap_or(Way::Unknown) {
        Way::Rebuild if is_searched => rebuilt_with_words(place.engine),
        way => way,
    };
    let way = match (way, alter.algorithm.as_deref()) {
        // MariaDB deletes rows that a new key refuses, for which it copies the table.
        (way, Some("COPY")) => way.max(Way::Copy),
        (way, _) if alter.ignores => way.max(Way::Copy),
        // The server refuses what is dearer than that.
        (Way::Unknown, Some("INSTANT")) => Way::Instant,
        (Way::Unknown, Some("INPLACE")) if alter.lock.as_deref() == Some("NONE") => Way::Rebuild,
        (way, _) => way,
    };
    let (table, mut impact) = way.impact(&alter.table);
    let (lock, blocks) = match alter.lock.as_deref() {
        Some("SHARED") => ("LOCK=SHARED", Blocks::Writes),
        Some("EXCLUSIVE") => ("LOCK=EXCLUSIVE", Blocks::ReadsAndWrites),
        _ => (impact.lock, impact.blocks),
    };
    if blocks > impact.blocks {
        (impact.lock, impact.blocks) = (lock, blocks);
    }
    (table, impact)
}

fn makes_key(action: &Action) -> bool {
    match action {
        Action::AddColumn { column, .. } => column.is_primary,
        Action::AddConstraint(constraint) => constraint.kind == ConstraintKind::PrimaryKey,
        _ => false,
    }
}

fn index_way(kind: &str, is_unique: bool) -> Way {
    match kind {
        "" => Way::Inplace,
        FUNCTIONAL if is_unique => Way::Copy,
        _ => Way::InplaceShared,
    }
}

fn way(place: Place<'_>, table: &Name, action: &Action) -> Way {
    let is_maria = place.engine == Engine::MariaDb;
    match action {
        Action::AddColumn { column, .. } => added(place, table, column),
        Action::DropColumn { name, .. } => dropped(place, table, name),
        Action::RenameColumn { .. }
            if is_maria || place.version >= ServerVersion::new(8, 0, 28) =>
        {
            Way::Instant
        }
        Action::Redefine { old, column } => {
            let known = place.schema.table(table).and_then(|table| table.column(old));
            known.map_or(Way::Copy, |old| redefined(place, table, old, column))
        }
        Action::AddConstraint(constraint) => constrained(constraint),
        Action::AddIndex { kind, .. } => index_way(kind, false),
        Action::DropConstraint { kind: Some(ConstraintKind::PrimaryKey), .. }
        | Action::ConvertCharset => Way::Copy,
        Action::Engine(engine) => {
            let is_same = engine.eq_ignore_ascii_case("innodb");
            let known = place.schema.table(table).and_then(|table| table.engine.as_deref());
            let was_innodb = known.is_none_or(|old| old.eq_ignore_ascii_case("innodb"));
            if is_same && was_innodb { Way::Rebuild } else { Way::Copy }
        }
        Action::Rebuild | Action::Compress => Way::Rebuild,
        // A foreign key, by its own word or as a constraint; MariaDB drops both at once.
        Action::DropConstraint { .. } if !is_maria => Way::Described,
        Action::RenameColumn { .. }
        | Action::DropPartition
        | Action::DropIndex(_)
        | Action::RenameIndex
        | Action::DefaultCharset => Way::Described,
        Action::DropConstraint { .. } | Action::ChangeDefault(_) | Action::RenameTo(_) => {
            Way::Instant
        }
        Action::Storage(storage) => stored(place, *storage),
        // What other engines have, and what is not understood.
        _ => Way::Unknown,
    }
}

/// <https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html#online-ddl-partitioning>
fn stored(place: Place<'_>, storage: Storage) -> Way {
    match storage {
        Storage::Describe if place.engine == Engine::MariaDb => Way::Instant,
        Storage::Keys => Way::Instant,
        Storage::Describe | Storage::Switch | Storage::AddPartition => Way::Described,
        Storage::CheckPartition => Way::Inplace,
        Storage::Reorganize | Storage::DropHistory => Way::InplaceShared,
        Storage::Enforce
        | Storage::OrderBy
        | Storage::Encrypt
        | Storage::Partition
        | Storage::KeepHistory => Way::Copy,
        Storage::Exchange | Storage::Discard | Storage::Import => Way::Exclusive,
    }
}

/// MySQL 8.0.29 and MariaDB 10.4 drop and place columns at once.
fn drops_instantly(place: Place<'_>) -> bool {
    match place.engine {
        Engine::MariaDb => place.version >= ServerVersion::new(10, 4, 0),
        _ => place.version >= ServerVersion::new(8, 0, 29),
    }
}

fn adds_instantly(place: Place<'_>) -> bool {
    match place.engine {
        Engine::MariaDb => place.version >= ServerVersion::new(10, 3, 0),
        _ => place.version >= ServerVersion::new(8, 0, 12),
    }
}

/// A table with an index of words is not written again in place while others write.
fn rebuilt_with_words(engine: Engine) -> Way {
    if engine == Engine::MariaDb { Way::InplaceShared } else { Way::Copy }
}

fn dropped(place: Place<'_>, table: &Name, column: &Name) -> Way {
    let known = place.schema.table(table);
    let old = known.and_then(|table| table.column(column));
    if old.is_some_and(|old| old.generated == Some(Generated::Virtual)) {
        return Way::Instant;
    }
    let is_rebuilt = known.is_some_and(|table| {
        !table.searched.is_empty() || table.is_compressed || table.indexed.contains(column)
    });
    if drops_instantly(place) && !is_rebuilt { Way::Instant } else { Way::Rebuild }
}

fn added(place: Place<'_>, table: &Name, column: &Column) -> Way {
    let has_expression = matches!(column.default, Some(Default::Expression(_)));
    if column.increments {
        return Way::InplaceShared;
    }
    // Before, the server passed over what it was told in the column.
    let refers = column.references.is_some()
        && (place.engine == Engine::MariaDb || place.version >= ServerVersion::new(9, 0, 0));
    if has_expression || column.has_check || refers {
        return Way::Copy;
    }
    match column.generated {
        Some(Generated::Stored) => return Way::Copy,
        Some(Generated::Virtual) => return Way::Instant,
        None => {}
    }
    let known = place.schema.table(table);
    let is_searched = known.is_some_and(|table| !table.searched.is_empty());
    let is_compressed = known.is_some_and(|table| table.is_compressed);
    let computes = known.is_some_and(|table| {
        table.columns.iter().any(|column| column.generated == Some(Generated::Virtual))
    });
    if column.is_placed && computes && place.engine == Engine::MariaDb {
        return Way::Copy;
    }
    let makes_index = column.is_unique || column.is_primary;
    let is_instant = adds_instantly(place) && (!column.is_placed || drops_instantly(place));
    let is_rebuilt = makes_index || is_searched || is_compressed;
    if is_instant && !is_rebuilt { Way::Instant } else { Way::Rebuild }
}

fn constrained(constraint: &Constraint) -> Way {
    match constraint.kind {
        // MySQL's NOT ENFORCED.
        ConstraintKind::Check if constraint.is_unchecked => Way::Instant,
        ConstraintKind::ForeignKey | ConstraintKind::Check => Way::Copy,
        ConstraintKind::PrimaryKey => Way::Rebuild,
        ConstraintKind::Unique if constraint.computes => Way::Copy,
        ConstraintKind::Unique | ConstraintKind::Exclusion | ConstraintKind::NotNull => {
            Way::Inplace
        }
    }
}

fn redefined(place: Place<'_>, table: &Name, old: &Column, new: &Column) -> Way {
    if (old.generated, &old.expression) != (new.generated, &new.expression) {
        let is_virtual = [old, new].iter().all(|one| one.generated == Some(Generated::Virtual));
        let is_indexed = place.schema.table(table).is_some_and(|t| t.indexed.contains(&old.name));
        let is_otherwise_same = old.ty == new.ty && !new.is_placed && !is_indexed;
        return if is_virtual && is_otherwise_same && place.engine == Engine::MariaDb {
            Way::Instant
        } else {
            Way::Copy
        };
    }
    let of_type = typed(place, &old.ty, &new.ty);
    let of_charset = collated(place, table, old, new);
    let of_null = if old.not_null == new.not_null { Way::Instant } else { Way::Rebuild };
    let is_placed_instantly = place.engine == Engine::MariaDb && drops_instantly(place);
    let of_place = if new.is_placed && !is_placed_instantly { Way::Rebuild } else { Way::Instant };
    of_type.max(of_charset).max(of_null).max(of_place)
}

/// Another character set copies the rows; another collation of it needs new indexes at most.
fn collated(place: Place<'_>, table: &Name, old: &Column, new: &Column) -> Way {
    if (&new.charset, &new.collation) == (&old.charset, &old.collation) {
        return Way::Instant;
    }
    let known = place.schema.table(table);
    let of_table = known.and_then(|table| table.charset.as_deref());
    let (from, to) = (old.own_charset().or(of_table), new.own_charset().or(of_table));
    if from.is_none() || from != to {
        return Way::Copy;
    }
    let is_indexed = known.is_some_and(|table| table.indexed.contains(&old.name));
    let is_list = matches!(old.ty.name.as_str(), "ENUM" | "SET");
    match place.engine {
        _ if new.collation == old.collation => Way::Described,
        Engine::MariaDb if is_list || place.version < ServerVersion::new(10, 4, 0) => Way::Copy,
        Engine::MariaDb if is_indexed => Way::Inplace,
        _ if is_indexed => Way::Copy,
        _ => Way::Described,
    }
}

fn typed(place: Place<'_>, old: &Type, new: &Type) -> Way {
    if old == new || (old.name == new.name && old.integer_bytes().is_some()) {
        return Way::Instant;
    }
    match (old.name.as_str(), new.name.as_str()) {
        ("VARCHAR", "VARCHAR") => match (old.length(), new.length()) {
            (Some(old), Some(new)) if new >= old && keeps_length_bytes(old, new) => {
                if place.engine == Engine::MariaDb { Way::Instant } else { Way::Inplace }
            }
            _ => Way::Copy,
        },
        ("ENUM", "ENUM") | ("SET", "SET")
            if new.args.starts_with(&old.args) && list_bytes(old) == list_bytes(new) =>
        {
            Way::Instant
        }
        _ => Way::Copy,
    }
}

/// How many bytes hold a value of an `ENUM` or `SET`.
fn list_bytes(ty: &Type) -> usize {
    let members = ty.args.len();
    match ty.name.as_str() {
        "ENUM" if members > 255 => 2,
        "ENUM" => 1,
        _ if members > 32 => 8,
        _ => members.div_ceil(8),
    }
}

/// Up to 255 bytes one byte holds the length; in utf8mb4 that is 63 characters.
fn keeps_length_bytes(old: u64, new: u64) -> bool {
    (old * 4 <= 255) == (new * 4 <= 255)
}

use crate::ddl::{Action, Column, Constraint, ConstraintKind, Default, Name, What};
use crate::lint::file::At;
use crate::lint::finding::Out;
use crate::lint::rule::rules;

rules! {
    MG030, "not-null-without-default", Error, EVERY,
        "it fails on a table with rows (or fills them with zeros), and inserts of the release that still runs fail",
        "give it a default, `ADD COLUMN a int NOT NULL DEFAULT 0`, or add it nullable, fill it, and set NOT NULL in a later revision",
        "https://squawkhq.com/docs/adding-required-field";
    MG031, "rename-column", Error, EVERY,
        "the release that still runs uses the old name and fails until it is replaced",
        "add a new column, write both, copy, move the readers over, and drop the old one with `-- phase: contract`; or mark the rename `-- phase: contract`",
        "https://github.com/ankane/strong_migrations#renaming-a-column";
    MG032, "rename-table", Error, EVERY,
        "the release that still runs uses the old name and fails until it is replaced",
        "rename it and leave a view of the old name behind in the same transaction, or mark the rename `-- phase: contract`",
        "https://github.com/ankane/strong_migrations#renaming-a-table";
    MG033, "rename-object", Error, EVERY,
        "the release that still runs uses the old name and fails until it is replaced",
        "make a new one beside it, move over, and drop the old one with `-- phase: contract`",
        "https://github.com/ankane/strong_migrations#renaming-a-schema";
    MG035, "nullable-to-not-null", Warning, EVERY,
        "it fails if a row has NULL, and inserts of the release that still runs may fail from then on",
        "fill the column first (`UPDATE t SET a = 0 WHERE a IS NULL;` in batches), deploy writers that set it, and mark this revision `-- phase: contract`",
        "https://atlasgo.io/lint/analyzers";
    MG036, "unique-on-existing-rows", Info, EVERY,
        "it fails if two rows are equal, perhaps in production only",
        "look first: `SELECT a, COUNT(*) FROM t GROUP BY a HAVING COUNT(*) > 1;`",
        "https://atlasgo.io/lint/analyzers";
    MG037, "changed-type", Warning, EVERY,
        "the release that still runs reads and writes the old type",
        "add a column of the new type, write both, copy, and drop the old one with `-- phase: contract`",
        "https://github.com/ankane/strong_migrations#changing-the-type-of-a-column";
    MG038, "drop-not-null", Info, EVERY,
        "programs that never met NULL in this column meet it from now on",
        "deploy readers that know NULL first",
        "https://squawkhq.com/docs/ban-drop-not-null";
}

pub(super) fn check(at: &At<'_>, out: &mut Out<'_>) {
    let keeps = !at.file.is_contract();
    match &at.read.what {
        What::AlterTable(alter) if at.is_used(&alter.table) => {
            for action in &alter.actions {
                check_action(at, &alter.table, action, out);
                if keeps {
                    check_use(at, &alter.table, action, out);
                }
            }
        }
        What::RenameTables(pairs) if keeps => {
            for (from, to) in pairs.iter().filter(|(from, _)| at.is_used(from)) {
                out.tell(&MG032, at, format!("renaming table {from} to {to}"));
            }
        }
        What::CreateIndex(index) if index.is_unique && at.is_used(&index.table) => {
            out.tell(&MG036, at, format!("a unique index on {}", index.table));
        }
        What::AlterOther(alter) if keeps && renames(alter) => {
            let name = alter.name.as_ref().map_or("", Name::text);
            out.tell(&MG033, at, format!("renaming {} {name}", alter.kind.to_lowercase()));
        }
        _ => {}
    }
}

fn renames(alter: &crate::ddl::AlterOther) -> bool {
    let is_kind = matches!(
        alter.kind.as_str(),
        "SCHEMA"
            | "DATABASE"
            | "VIEW"
            | "MATERIALIZED"
            | "FUNCTION"
            | "PROCEDURE"
            | "SEQUENCE"
            | "TYPE"
            | "DOMAIN"
    );
    let words: Vec<&str> = alter.words.iter().map(String::as_str).collect();
    // In another schema it has another name.
    is_kind && matches!(words.as_slice(), ["RENAME", ..] | ["SET", "SCHEMA", ..])
}

/// What existing rows may refuse.
fn check_action(at: &At<'_>, table: &Name, action: &Action, out: &mut Out<'_>) {
    match action {
        Action::AddColumn { column, .. } => {
            if lacks_default(column) {
                out.tell(&MG030, at, format!("column {} of {table}", column.name));
            }
            if column.is_unique {
                out.tell(&MG036, at, format!("unique column {} of {table}", column.name));
            }
        }
        Action::AddConstraint(Constraint {
            kind: ConstraintKind::Unique,
            uses_index: false,
            ..
        }) => {
            out.tell(&MG036, at, format!("a unique constraint on {table}"));
        }
        Action::DropNotNull(column) => {
            out.tell(&MG038, at, format!("column {column} of {table} may be NULL"));
        }
        _ => {}
    }
}

fn lacks_default(column: &Column) -> bool {
    column.not_null
        && matches!(column.default, None | Some(Default::Null))
        && column.generated.is_none()
        && !column.is_numbered()
}

/// What the release that still runs does not survive.
fn check_use(at: &At<'_>, table: &Name, action: &Action, out: &mut Out<'_>) {
    let known = at.place.schema.table(table);
    let is_nullable =
        |name| !known.and_then(|table| table.column(name)).is_some_and(|c| c.not_null);
    match action {
        Action::RenameColumn { from, to } => {
            out.tell(&MG031, at, format!("renaming column {from} of {table} to {to}"));
        }
        Action::RenameTo(to) if !is_rebuilt(at, to) && !at.is_made_behind(table) => {
            out.tell(&MG032, at, format!("renaming table {table} to {to}"));
        }
        Action::SetNotNull(column) if is_nullable(column) => {
            out.tell(&MG035, at, format!("column {column} of {table}"));
        }
        Action::AlterType { column, to } => {
            let old = known.and_then(|table| table.column(column));
            if old.is_none_or(|old| !is_compatible(&old.ty, to)) {
                out.tell(&MG037, at, format!("column {column} of {table} becomes {to}"));
            }
        }
        Action::Redefine { old, column } => {
            if *old != column.name {
                out.tell(
                    &MG031,
                    at,
                    format!("renaming column {old} of {table} to {}", column.name),
                );
            }
            let before = known.and_then(|table| table.column(old));
            if column.not_null && before.is_none_or(|before| !before.not_null) {
                out.tell(&MG035, at, format!("column {} of {table}", column.name));
            }
            if before.is_some_and(|before| !is_compatible(&before.ty, &column.ty)) {
                out.tell(
                    &MG037,
                    at,
                    format!("column {} of {table} becomes {}", column.name, column.ty),
                );
            }
        }
        _ => {}
    }
}

/// A type in which old programs read and write what they did before.
fn is_compatible(old: &crate::ddl::Type, new: &crate::ddl::Type) -> bool {
    let is_family = |name: &str| {
        old.name.split(' ').next() == Some(name) && new.name.split(' ').next() == Some(name)
    };
    (old.is_text() && new.is_text())
        || (old.integer_bytes().is_some() && old.integer_bytes() <= new.integer_bytes())
        || ["NUMERIC", "VARBINARY", "ENUM", "SET", "TIMESTAMP", "TIMESTAMPTZ", "DATETIME"]
            .iter()
            .any(|f| is_family(f))
        || old.name == new.name
}

/// The name of a table that was dropped above: a rebuild.
fn is_rebuilt(at: &At<'_>, to: &Name) -> bool {
    at.before().iter().any(|read| match &read.what {
        What::Drop(drop) => drop.kind == "TABLE" && drop.names.contains(to),
        _ => false,
    })
}

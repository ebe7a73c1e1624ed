use crate::ddl::{Action, AlterOther, Column, Generated, Maintain, Name, What};
use crate::impact::postgres;
use crate::lint::file::At;
use crate::lint::finding::Out;
use crate::lint::rule::rules;

rules! {
    PG301, "type-change-rewrites", Warning, POSTGRES,
        "nobody can read or write the table until every row and index is written again",
        "add a column of the new type, write both, copy in batches, and drop the old one with `-- phase: contract`; a longer varchar, or text, rewrites nothing",
        "https://squawkhq.com/docs/changing-column-type";
    PG302, "volatile-default-rewrites", Warning, POSTGRES,
        "each row gets a value of its own, so nobody can read or write the table until all are written",
        "`ALTER TABLE t ADD COLUMN a uuid;`, then `ALTER TABLE t ALTER COLUMN a SET DEFAULT gen_random_uuid();`, then fill old rows in batches",
        "https://squawkhq.com/docs/adding-field-with-default";
    PG303, "stored-column-rewrites", Warning, POSTGRES,
        "nobody can read or write the table until every row is computed and written",
        "add a plain column with a trigger, or a view; since version 18 a VIRTUAL column rewrites nothing",
        "https://github.com/ankane/strong_migrations#adding-a-stored-generated-column";
    PG304, "numbered-column-rewrites", Warning, POSTGRES,
        "each row gets a number, so nobody can read or write the table until all are written",
        "add a bigint column, fill it in batches from a sequence, then attach the sequence as its default",
        "https://github.com/ankane/strong_migrations#adding-an-auto-incrementing-column";
    PG305, "persistence-rewrites", Warning, POSTGRES,
        "nobody can read or write the table until it is copied (and into the log)",
        "make a new table, copy in batches and swap the names",
        "https://www.postgresql.org/docs/current/sql-altertable.html";
    PG306, "storage-move-rewrites", Warning, POSTGRES,
        "nobody can read or write the table until it is copied",
        "use pg_repack, or a maintenance window",
        "https://www.postgresql.org/docs/current/sql-altertable.html";
    PG307, "table-rewrite-command", Warning, POSTGRES,
        "nobody can read or write the table until it is copied",
        "use pg_repack or pg_squeeze, which hold the lock for a moment only; migrations are no place for maintenance",
        "https://squawkhq.com/docs/prefer-repack";
    PG308, "refresh-not-concurrent", Warning, POSTGRES,
        "nobody can read the view until it is computed",
        "`REFRESH MATERIALIZED VIEW CONCURRENTLY v;`, which needs a unique index on it",
        "https://www.postgresql.org/docs/current/sql-refreshmaterializedview.html";
    PG309, "reindex-not-concurrent", Warning, POSTGRES,
        "nobody can write to the table until its indexes are built again",
        "`REINDEX INDEX CONCURRENTLY i;`, alone in a file that begins with `-- no-transaction`",
        "https://squawkhq.com/docs/require-concurrent-reindex";
    PG315, "replica-identity", Info, POSTGRES,
        "logical replication sends the whole old row (FULL), or refuses updates and deletes (NOTHING)",
        "look at the subscribers first; DEFAULT or USING INDEX suits most",
        "https://www.postgresql.org/docs/current/logical-replication-publication.html";
    PG316, "autovacuum-off", Warning, POSTGRES,
        "dead rows pile up, and in the end the server stops to prevent wraparound",
        "tune it instead: `ALTER TABLE t SET (autovacuum_vacuum_scale_factor = 0.01);`",
        "https://www.postgresql.org/docs/current/routine-vacuuming.html";
}

pub(super) fn check(at: &At<'_>, out: &mut Out<'_>) {
    match &at.read.what {
        What::Maintain(work) => check_maintenance(at, work, out),
        What::AlterOther(alter) => check_type(at, alter, out),
        What::AlterTable(alter) if at.is_used(&alter.table) => {
            for action in &alter.actions {
                check_action(at, &alter.table, action, out);
            }
        }
        _ => {}
    }
}

/// `ALTER TYPE t ALTER ATTRIBUTE a TYPE bigint CASCADE` changes the tables that are of this type.
fn check_type(at: &At<'_>, alter: &AlterOther, out: &mut Out<'_>) {
    let alters = alter.words.windows(2).any(|pair| pair == ["ALTER", "ATTRIBUTE"]);
    if alter.kind == "TYPE" && alters && alter.words.iter().any(|word| word == "CASCADE") {
        let name = alter.name.as_ref().map_or("", Name::text);
        out.tell(&PG301, at, format!("an attribute of type {name}"));
    }
}

fn check_maintenance(at: &At<'_>, work: &Maintain, out: &mut Out<'_>) {
    if work.object.as_ref().is_some_and(|object| !at.is_used(object)) {
        return;
    }
    let object = work.object.as_ref().map_or("everything", Name::text);
    match (work.verb.as_str(), work.concurrently) {
        ("CLUSTER" | "VACUUM FULL", _) => {
            out.tell(&PG307, at, format!("{} of {object}", work.verb));
        }
        ("REFRESH", false) => out.tell(&PG308, at, format!("refreshing {object}")),
        ("REINDEX", false) => out.tell(&PG309, at, format!("reindexing {object}")),
        _ => {}
    }
}

fn check_action(at: &At<'_>, table: &Name, action: &Action, out: &mut Out<'_>) {
    match action {
        Action::AddColumn { column, .. } => check_column(at, table, column, out),
        Action::AlterType { column, to } => {
            let known = at.place.schema.table(table).and_then(|table| table.column(column));
            let is_anew = at.place.schema.is_made_anew(to);
            if is_anew || !known.is_some_and(|old| postgres::is_relabelled(&old.ty, to)) {
                out.tell(&PG301, at, format!("column {column} of {table} becomes {to}"));
            }
        }
        Action::SetPersistence => out.tell(&PG305, at, at.read.statement.summary()),
        Action::Move => out.tell(&PG306, at, at.read.statement.summary()),
        Action::ReplicaIdentity(word) if word == "FULL" || word == "NOTHING" => {
            out.tell(&PG315, at, at.read.statement.summary());
        }
        Action::Parameters { words } => {
            let is_off = words.first().is_some_and(|word| word == "AUTOVACUUM_ENABLED")
                && words.iter().any(|word| word == "FALSE" || word == "OFF");
            if is_off {
                out.tell(&PG316, at, at.read.statement.summary());
            }
        }
        _ => {}
    }
}

fn check_column(at: &At<'_>, table: &Name, column: &Column, out: &mut Out<'_>) {
    let subject = format!("column {} of {table}", column.name);
    let is_stored = match column.generated {
        Some(Generated::Stored) => true,
        Some(Generated::Virtual) => at.file.version.major < 18,
        None => false,
    };
    let is_old = at.file.version.major < 11 && column.default.is_some();
    if is_stored {
        out.tell(&PG303, at, subject);
    } else if column.is_numbered() {
        out.tell(&PG304, at, subject);
    } else if is_old || postgres::is_volatile(column.default.as_ref()) {
        out.tell(&PG302, at, subject);
    }
}

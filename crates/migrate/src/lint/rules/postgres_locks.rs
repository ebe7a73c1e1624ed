use crate::ddl::{Action, AlterTable, Constraint, ConstraintKind, Name, What};
use crate::impact::postgres;
use crate::lint::file::{At, File};
use crate::lint::finding::Out;
use crate::lint::rule::rules;

rules! {
    PG101, "index-not-concurrent", Warning, POSTGRES,
        "nobody can write to the table until the index is built",
        "`CREATE INDEX CONCURRENTLY name ON t (a);`, alone in a file that begins with `-- no-transaction`",
        "https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY";
    PG102, "index-drop-not-concurrent", Warning, POSTGRES,
        "nobody can read or write the table while it waits for its lock and drops",
        "`DROP INDEX CONCURRENTLY IF EXISTS name;`, alone in a file that begins with `-- no-transaction`",
        "https://www.postgresql.org/docs/current/sql-dropindex.html";
    PG105, "concurrent-if-not-exists", Warning, POSTGRES,
        "an attempt that failed leaves an invalid index, which IF NOT EXISTS takes for the real one",
        "leave IF NOT EXISTS out: this runner removes an invalid index and builds it again",
        "https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY";
    PG106, "primary-key-without-index", Warning, POSTGRES,
        "nobody can read or write the table until the index is built and all rows are checked",
        "`CREATE UNIQUE INDEX CONCURRENTLY t_pk ON t (id);` in a file of its own, then `ALTER TABLE t ADD CONSTRAINT t_pk PRIMARY KEY USING INDEX t_pk;`",
        "https://squawkhq.com/docs/adding-serial-primary-key-field";
    PG107, "unique-without-index", Warning, POSTGRES,
        "nobody can read or write the table until the index is built",
        "`CREATE UNIQUE INDEX CONCURRENTLY t_a_key ON t (a);` in a file of its own, then `ALTER TABLE t ADD CONSTRAINT t_a_key UNIQUE USING INDEX t_a_key;`",
        "https://squawkhq.com/docs/disallowed-unique-constraint";
    PG108, "exclusion-constraint", Warning, POSTGRES,
        "nobody can read or write the table until the index is built, and no way around it exists",
        "add it while the table is small, or in a maintenance window",
        "https://github.com/ankane/strong_migrations#adding-an-exclusion-constraint";
    PG201, "foreign-key-validated", Warning, POSTGRES,
        "nobody can write to either table until all rows are checked",
        "`ALTER TABLE t ADD CONSTRAINT t_u_fk FOREIGN KEY (u_id) REFERENCES u (id) NOT VALID;`, and `ALTER TABLE t VALIDATE CONSTRAINT t_u_fk;` in the next revision",
        "https://squawkhq.com/docs/adding-foreign-key-constraint";
    PG202, "check-validated", Warning, POSTGRES,
        "nobody can read or write the table until all rows are checked",
        "`ALTER TABLE t ADD CONSTRAINT t_a_check CHECK (a > 0) NOT VALID;`, and `ALTER TABLE t VALIDATE CONSTRAINT t_a_check;` in the next revision",
        "https://squawkhq.com/docs/constraint-missing-not-valid";
    PG203, "validated-in-same-transaction", Warning, POSTGRES,
        "the lock of the ADD is held while all rows are checked, as if NOT VALID were not there",
        "put the VALIDATE into a revision of its own",
        "https://squawkhq.com/docs/constraint-missing-not-valid";
    PG204, "set-not-null-scans", Warning, POSTGRES,
        "nobody can read or write the table until all rows are checked",
        "`ALTER TABLE t ADD CONSTRAINT c CHECK (a IS NOT NULL) NOT VALID;`, `ALTER TABLE t VALIDATE CONSTRAINT c;` in the next revision, then SET NOT NULL, which looks at no row, and DROP CONSTRAINT c",
        "https://squawkhq.com/docs/adding-not-nullable-field";
    PG205, "trigger-on-used-table", Info, POSTGRES,
        "nobody can write to the table while it waits for its lock",
        "keep the file short, and its other changes in other files",
        "https://www.postgresql.org/docs/current/explicit-locking.html";
    PG206, "lock-table", Warning, POSTGRES,
        "others wait until the whole file is done",
        "leave it out: each statement takes the lock that it needs",
        "https://www.postgresql.org/docs/current/sql-lock.html";
    PG207, "detach-not-concurrent", Warning, POSTGRES,
        "nobody can read or write the partitioned table while it waits for its lock",
        "`ALTER TABLE t DETACH PARTITION p CONCURRENTLY;`, alone in a file that begins with `-- no-transaction`",
        "https://squawkhq.com/docs/require-concurrent-partition-detach";
    PG208, "attach-scans", Warning, POSTGRES,
        "nobody can read or write the partition until all its rows are checked against its bounds",
        "add a check of the same bounds first: `ALTER TABLE p ADD CONSTRAINT c CHECK (…) NOT VALID;`, VALIDATE it in the next revision, then attach",
        "https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-ATTACH-PARTITION";
    PG209, "many-locks-in-one-transaction", Info, POSTGRES,
        "the locks of all these tables are held until the last one is had",
        "alter one table per revision",
        "https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-DEADLOCKS";
}

pub(super) fn check_file(file: &File<'_>, out: &mut Out<'_>) {
    if file.engine != crate::Engine::Postgres || !file.is_whole {
        return;
    }
    let mut made: Vec<&Name> = Vec::new();
    let mut altered: Vec<&Name> = Vec::new();
    for read in &file.reads {
        match &read.what {
            What::CreateTable(table) => made.push(&table.name),
            What::AlterTable(alter)
                if !made.contains(&&alter.table) && !altered.contains(&&alter.table) =>
            {
                altered.push(&alter.table);
                if altered.len() == 3 {
                    out.place(&PG209, read.place, "three tables are altered in one transaction");
                }
            }
            _ => {}
        }
    }
}

pub(super) fn check(at: &At<'_>, out: &mut Out<'_>) {
    match &at.read.what {
        What::CreateIndex(index) if at.is_used(&index.table) => {
            if index.concurrently && index.if_not_exists {
                out.tell(&PG105, at, format!("an index on {}", index.table));
            } else if !index.concurrently && !index.only {
                out.tell(&PG101, at, format!("an index on {}", index.table));
            }
        }
        What::DropIndex(drop) if !drop.concurrently => {
            let is_used = |name: &&Name| {
                let index = at.place.schema.index(name);
                index.is_none_or(|index| at.is_used(&Name::plain(&index.table)))
            };
            if let Some(name) = drop.names.iter().find(is_used) {
                out.tell(&PG102, at, format!("dropping index {name}"));
            }
        }
        What::Create(created) if created.kind == "TRIGGER" => {
            if let Some(table) = created.table.as_ref().filter(|table| at.is_used(table)) {
                out.tell(&PG205, at, format!("a trigger on {table}"));
            }
        }
        What::LockTables(tables) if tables.iter().any(|table| at.is_used(table)) => {
            out.tell(&PG206, at, at.read.statement.summary());
        }
        What::AlterTable(alter) if at.is_used(&alter.table) => {
            for action in &alter.actions {
                check_action(at, alter, action, out);
            }
        }
        _ => {}
    }
}

fn check_action(at: &At<'_>, alter: &AlterTable, action: &Action, out: &mut Out<'_>) {
    let table = &alter.table;
    match action {
        Action::AddConstraint(constraint) => check_constraint(at, table, constraint, out),
        Action::AddColumn { column, .. } => {
            // A new column is NULL everywhere, or has a default that is looked up.
            let has_values = column.default.is_some() || column.generated.is_some();
            if column.references.is_some() {
                out.tell(&PG201, at, format!("column {} of {table}", column.name));
            }
            if column.is_primary {
                out.tell(&PG106, at, format!("column {} of {table}", column.name));
            } else if column.is_unique {
                out.tell(&PG107, at, format!("column {} of {table}", column.name));
            }
            if column.has_check && has_values {
                out.tell(&PG202, at, format!("column {} of {table}", column.name));
            }
        }
        Action::SetNotNull(column) if !postgres::proves_not_null(at.place, table, column) => {
            out.tell(&PG204, at, format!("column {column} of {table}"));
        }
        Action::Validate(name) if is_added_with_it(at, alter, name) => {
            out.tell(&PG203, at, format!("constraint {name} of {table}"));
        }
        Action::Detach { partition, concurrently: false } => {
            out.tell(&PG207, at, format!("partition {partition} of {table}"));
        }
        Action::Attach(partition) if at.is_used(partition) => {
            let known = at.place.schema.table(partition);
            let has_check =
                known.is_some_and(|table| table.checks.iter().any(|check| check.is_validated));
            if !has_check {
                out.tell(&PG208, at, format!("partition {partition} of {table}"));
            }
        }
        _ => {}
    }
}

/// Whether the statement, or one before it in the same transaction, adds the constraint.
fn is_added_with_it(at: &At<'_>, alter: &AlterTable, name: &Name) -> bool {
    let adds = |alter: &AlterTable| {
        let named = |added: &Constraint| added.name.as_ref() == Some(name);
        // The server gives it a name.
        let unnamed = |added: &Constraint| added.name.is_none() && added.is_unchecked;
        let adds =
            |action: &Action| matches!(action, Action::AddConstraint(c) if named(c) || unnamed(c));
        alter.actions.iter().any(adds)
    };
    let is_transaction = at.file.is_transaction(at.read);
    let before = at.before().iter().filter(|read| read.is_in_block == at.read.is_in_block);
    let mut alters = before.filter_map(|read| match &read.what {
        What::AlterTable(other) if other.table == alter.table => Some(other),
        _ => None,
    });
    adds(alter) || (is_transaction && alters.any(adds))
}

fn check_constraint(at: &At<'_>, table: &Name, constraint: &Constraint, out: &mut Out<'_>) {
    let name = constraint.name.as_ref().map_or("a constraint", Name::text);
    let subject = format!("{name} on {table}");
    match constraint.kind {
        ConstraintKind::PrimaryKey if !constraint.uses_index => out.tell(&PG106, at, subject),
        ConstraintKind::Unique if !constraint.uses_index => out.tell(&PG107, at, subject),
        ConstraintKind::Exclusion => out.tell(&PG108, at, subject),
        ConstraintKind::ForeignKey if !constraint.is_unchecked => out.tell(&PG201, at, subject),
        ConstraintKind::Check if !constraint.is_unchecked => out.tell(&PG202, at, subject),
        ConstraintKind::NotNull if !constraint.is_unchecked => out.tell(&PG204, at, subject),
        _ => {}
    }
}

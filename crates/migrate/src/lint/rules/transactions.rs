use crate::Engine;
use crate::ddl::{Name, What};
use crate::lint::file::{At, File};
use crate::lint::finding::Out;
use crate::lint::rule::rules;
use crate::statement::{Class, refused};

rules! {
    MG040, "ddl-and-dml", Warning, EVERY,
        "rows are changed while the change of the schema holds its lock (MySQL: the halves commit apart)",
        "put the change of the schema and the change of the rows into a revision each",
        "https://github.com/ankane/strong_migrations#backfilling-data";
    MG041, "own-transaction", Warning, EVERY,
        "the file runs in a transaction already, so BEGIN is refused or ignored and COMMIT ends it too early",
        "leave BEGIN and COMMIT out, or make `-- no-transaction` the first line",
        "https://squawkhq.com/docs/transaction-nesting";
    MG042, "undecidable-after-crash", Warning, EVERY,
        "if the runner dies in it, nothing tells whether it has run, and the next run stops with exit code 7",
        "write it so that a second run does no harm, and say so in the head of the file: `-- rerun: safe`",
        "docs/migrate.md#when-it-is-interrupted";
    MG043, "not-repeatable", Info, EVERY,
        "this runner goes on behind it after a failure, but sqlx starts the file anew and fails here",
        "write IF NOT EXISTS or IF EXISTS, or one such statement per file",
        "https://squawkhq.com/docs/prefer-robust-stmts";
    MG044, "open-transaction", Error, EVERY,
        "its statements are rolled back, or committed by whatever comes next",
        "write COMMIT, or leave BEGIN out",
        "https://squawkhq.com/docs/ban-uncommitted-transaction";
    MG045, "lock-given-away", Error, EVERY,
        "the runner refuses it: another runner could begin, or its own transactions would be none",
        "write what the message says",
        "docs/migrate.md#when-it-is-interrupted";
    PG103, "not-in-a-transaction", Error, POSTGRES,
        "PostgreSQL refuses it within a transaction",
        "make `-- no-transaction` the file's first line, and this its only statement",
        "https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY";
    PG104, "several-statements-without-transaction", Error, POSTGRES,
        "sqlx sends the file as one message, which is a transaction after all, and the server refuses it",
        "write one file per statement",
        "https://github.com/launchbadge/sqlx/issues/3693";
    MY301, "delimiter", Error, MYSQL,
        "DELIMITER is a command of the mysql client: sqlx sends it to the server, which refuses it",
        "leave the DELIMITER lines out and end the routine with `END;`",
        "https://dev.mysql.com/doc/refman/8.4/en/stored-programs-defining.html";
}

pub(super) fn check_file(file: &File<'_>, out: &mut Out<'_>) {
    let is_mysql = matches!(file.engine, Engine::MySql | Engine::MariaDb);
    let lines = file.script.text.lines().enumerate().filter(|_| is_mysql);
    let delimiter = lines.filter(|(_, line)| {
        let (word, rest) = line.split_at_checked(9).unwrap_or_default();
        word.eq_ignore_ascii_case("DELIMITER") && rest.starts_with([' ', '\t'])
    });
    if let Some((at, line)) = delimiter.take(1).next() {
        out.line(&MY301, at + 1, format!("`{}`", line.trim()));
    }
    let statements: Vec<_> = file.reads.iter().map(|read| read.statement.clone()).collect();
    if let Some((statement, reason)) = refused(file.engine, &statements) {
        out.line(&MG045, statement.line, reason);
    }
    let opened = file.reads.iter().rposition(|read| read.statement.class == Class::Begin);
    let is_end = |class: &Class| matches!(class, Class::Commit | Class::Rollback);
    if let Some(read) = opened.and_then(|at| file.reads.get(at)) {
        let rest = file.reads.iter().skip(opened.unwrap_or_default());
        if !rest.into_iter().any(|read| is_end(&read.statement.class)) {
            out.place(&MG044, read.place, "BEGIN without COMMIT");
        }
    }
    let is_plain = file.engine == Engine::Postgres && file.script.no_transaction;
    if let Some(second) = file.reads.get(1).filter(|_| is_plain) {
        out.place(&PG104, second.place, "a second statement in a file without transaction");
    }
    if !file.is_down {
        check_mixture(file, out);
    }
}

/// Changes of the schema and of rows, both of tables that others use.
fn check_mixture(file: &File<'_>, out: &mut Out<'_>) {
    let mut made: Vec<&Name> = Vec::new();
    let mut changed: Option<&Name> = None;
    let mut written = None;
    for read in &file.reads {
        match &read.what {
            What::CreateTable(table) => made.push(&table.name),
            What::AlterTable(alter) if !made.contains(&&alter.table) => {
                changed = Some(&alter.table);
            }
            What::CreateIndex(index) if !made.contains(&&index.table) => {
                changed = Some(&index.table);
            }
            What::Write(write) => {
                let table = write.table.as_ref().filter(|table| !made.contains(table));
                written = written.or(table.map(|table| (table, read.place)));
            }
            _ => {}
        }
    }
    let is_mysql = matches!(file.engine, Engine::MySql | Engine::MariaDb);
    let holds = is_mysql || file.reads.iter().all(|read| file.is_transaction(read));
    if let (Some(changed), Some((written, place)), true) = (changed, written, holds) {
        out.place(
            &MG040,
            place,
            format!("rows of {written} change in the file that alters {changed}"),
        );
    }
}

pub(super) fn check(at: &At<'_>, out: &mut Out<'_>) {
    let file = at.file;
    let statement = &at.read.statement;
    let is_transactional = file.engine.has_transactional_ddl() && !file.script.no_transaction;
    match &statement.class {
        Class::Begin if is_transactional || !file.engine.has_transactional_ddl() => {
            out.tell(&MG041, at, statement.summary());
        }
        // What it would end is the runner's transaction, or sqlx's.
        Class::Commit | Class::Rollback if is_transactional && !at.read.is_in_block => {
            out.tell(&MG041, at, statement.summary());
        }
        Class::Autonomous(effect)
            if effect.is_undecidable() && !file.is_whole && !file.script.rerun_safe =>
        {
            out.tell(&MG042, at, statement.summary());
        }
        _ => {}
    }
    if file.engine == Engine::Postgres
        && file.is_transaction(at.read)
        && refuses_transactions(&at.read.what)
    {
        out.tell(&PG103, at, statement.summary());
    }
    if !file.is_whole && !file.is_down && is_not_repeatable(at) {
        out.tell(&MG043, at, statement.summary());
    }
}

fn refuses_transactions(what: &What) -> bool {
    match what {
        What::CreateIndex(index) => index.concurrently,
        What::DropIndex(drop) => drop.concurrently,
        What::Maintain(work) => {
            work.verb.starts_with("VACUUM") || (work.verb == "REINDEX" && work.concurrently)
        }
        What::AlterTable(alter) => alter
            .actions
            .iter()
            .any(|action| matches!(action, crate::ddl::Action::Detach { concurrently: true, .. })),
        What::Create(created) => {
            matches!(created.kind.as_str(), "DATABASE" | "TABLESPACE")
        }
        What::Drop(drop) => matches!(drop.kind.as_str(), "DATABASE" | "TABLESPACE"),
        What::AlterOther(alter) => alter.kind == "SYSTEM",
        _ => false,
    }
}

/// In a file of several statements that commit one by one.
fn is_not_repeatable(at: &At<'_>) -> bool {
    if at.file.reads.len() < 2 || at.read.is_in_block {
        return false;
    }
    match &at.read.what {
        What::CreateTable(table) => !table.if_not_exists && !table.replaces,
        What::CreateIndex(index) => !index.if_not_exists,
        What::DropIndex(drop) => !drop.if_exists,
        What::Drop(drop) => !drop.if_exists,
        What::Create(created) => !created.if_not_exists && !created.replaces,
        What::AlterTable(_) | What::RenameTables(_) => true,
        _ => false,
    }
}

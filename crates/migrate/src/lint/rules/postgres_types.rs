use crate::ddl::{Action, AlterOther, Asks, Column, What};
use crate::lint::file::At;
use crate::lint::finding::Out;
use crate::lint::rule::rules;

rules! {
    PG311, "enum-value-in-transaction", Error, POSTGRES,
        "a new value cannot be used before the transaction that adds it has committed (before version 12 it cannot even be added in one)",
        "add the value in a revision of its own",
        "https://www.postgresql.org/docs/current/sql-altertype.html";
    PG312, "enum-value-without-place", Info, POSTGRES,
        "the value sorts last, and no later statement can move it",
        "say where: `ALTER TYPE t ADD VALUE 'x' AFTER 'w';`",
        "https://squawkhq.com/docs/require-enum-value-ordering";
    PG313, "enum-value-renamed", Error, POSTGRES,
        "the release that still runs reads and writes the old value",
        "add the new value, move the rows over, and stop using the old one",
        "https://github.com/ankane/strong_migrations#renaming-an-enum-value";
    PG317, "domain-constraint", Warning, POSTGRES,
        "every table that uses the domain is locked and checked, and the check is hard to change",
        "put the check on the tables, NOT VALID first",
        "https://squawkhq.com/docs/ban-alter-domain-with-add-constraint";
    PG401, "timestamp-without-time-zone", Warning, POSTGRES,
        "it forgets which instant was meant as soon as two programs or servers differ in time zone",
        "use timestamptz",
        "https://squawkhq.com/docs/prefer-timestamptz";
    PG402, "serial", Info, POSTGRES,
        "the sequence is an object of its own, with an owner and grants of its own, and inserts may bypass it",
        "`id bigint GENERATED ALWAYS AS IDENTITY`",
        "https://squawkhq.com/docs/prefer-identity";
    PG403, "char-type", Warning, POSTGRES,
        "values are padded with spaces, which get lost or compared by rules of their own",
        "use text, with a check for the length if one matters",
        "https://squawkhq.com/docs/ban-char-field";
    PG404, "varchar-with-limit", Info, POSTGRES,
        "shortening the limit later scans the table under a lock, and it saves nothing",
        "use text with `CHECK (length(a) <= 100)`",
        "https://squawkhq.com/docs/prefer-text-field";
    PG405, "small-key", Info, POSTGRES,
        "2,147,483,647 is reached one day, and changing the type rewrites the table",
        "use bigint",
        "https://squawkhq.com/docs/prefer-bigint-over-int";
    PG406, "json-type", Warning, POSTGRES,
        "it has no equality, so SELECT DISTINCT and GROUP BY of the release that still runs fail, and no index",
        "use jsonb",
        "https://github.com/ankane/strong_migrations#adding-a-json-column";
    PG407, "money-type", Warning, POSTGRES,
        "its digits and its reading depend on the server's locale",
        "use numeric(19, 4)",
        "https://wiki.postgresql.org/wiki/Don%27t_Do_This#Don.27t_use_money";
    PG408, "small-integer", Info, POSTGRES,
        "32,767 is reached soon, and padding eats what it saves",
        "use bigint",
        "https://squawkhq.com/docs/prefer-bigint-over-smallint";
}

pub(super) fn check(at: &At<'_>, out: &mut Out<'_>) {
    match &at.read.what {
        What::CreateTable(table) => {
            let keys: Vec<&crate::ddl::Name> = table
                .constraints
                .iter()
                .filter(|c| c.kind == crate::ddl::ConstraintKind::PrimaryKey)
                .flat_map(|c| &c.columns)
                .collect();
            for column in &table.columns {
                let is_key = column.is_primary || keys.contains(&&column.name);
                check_column(at, column, is_key, out);
            }
        }
        What::AlterTable(alter) => {
            for action in &alter.actions {
                match action {
                    Action::AddColumn { column, .. } => {
                        check_column(at, column, column.is_primary, out);
                    }
                    Action::AlterType { column, to } => check_type(at, column.text(), to, out),
                    _ => {}
                }
            }
        }
        What::AlterOther(alter) => check_other(at, alter, out),
        What::Create(created) if created.asks == Asks::Check => {
            out.tell(&PG317, at, at.read.statement.summary());
        }
        _ => {}
    }
}

fn check_other(at: &At<'_>, alter: &AlterOther, out: &mut Out<'_>) {
    let words: Vec<&str> = alter.words.iter().map(String::as_str).collect();
    let name = alter.name.as_ref().map_or("", |name| name.text());
    match (alter.kind.as_str(), words.as_slice()) {
        ("TYPE", ["ADD", "VALUE", ..]) => {
            let is_placed = words.contains(&"BEFORE") || words.contains(&"AFTER");
            if !is_placed {
                out.tell(&PG312, at, format!("a value of {name}"));
            }
            let is_whole = at.file.is_transaction(at.read);
            if is_whole && (at.file.version.major < 12 || is_used_behind(at)) {
                out.tell(&PG311, at, format!("a value of {name}"));
            }
        }
        ("TYPE", ["RENAME", "VALUE", ..]) if !at.file.is_contract() => {
            out.tell(&PG313, at, format!("a value of {name}"));
        }
        ("DOMAIN", ["ADD", ..]) => out.tell(&PG317, at, format!("domain {name}")),
        _ => {}
    }
}

/// Whether a later statement of the file writes the value that this one adds.
fn is_used_behind(at: &At<'_>) -> bool {
    let mut quoted = at.read.statement.sql.split('\'');
    let value = quoted.nth(1).map(|value| format!("'{value}'"));
    value.is_some_and(|value| at.behind().iter().any(|read| read.statement.sql.contains(&value)))
}

fn check_column(at: &At<'_>, column: &Column, is_key: bool, out: &mut Out<'_>) {
    check_type(at, column.name.text(), &column.ty, out);
    let is_small = matches!(column.ty.name.as_str(), "INT" | "SERIAL" | "SMALLINT" | "SMALLSERIAL");
    if is_small && (is_key || column.is_numbered()) {
        out.tell(&PG405, at, format!("key {} is {}", column.name, column.ty));
    } else if column.ty.name == "SMALLINT" {
        out.tell(&PG408, at, format!("column {} is smallint", column.name));
    }
    if column.ty.name.ends_with("SERIAL") {
        out.tell(&PG402, at, format!("column {} is {}", column.name, column.ty));
    }
}

fn check_type(at: &At<'_>, column: &str, ty: &crate::ddl::Type, out: &mut Out<'_>) {
    let rule = match ty.name.as_str() {
        "TIMESTAMP" => &PG401,
        "CHAR" => &PG403,
        "VARCHAR" if !ty.args.is_empty() => &PG404,
        "JSON" => &PG406,
        "MONEY" => &PG407,
        _ => return,
    };
    out.tell(rule, at, format!("column {column} is {ty}"));
}

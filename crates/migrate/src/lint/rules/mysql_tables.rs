use crate::ddl::{Action, Column, ConstraintKind, CreateTable, What};
use crate::lint::file::At;
use crate::lint::finding::Out;
use crate::lint::rule::rules;
use crate::{Engine, ServerVersion};

rules! {
    MY105, "inline-references", Warning, MYSQL,
        "MySQL before 9 reads `REFERENCES` behind a column and makes no foreign key of it",
        "write it as a constraint: `FOREIGN KEY (a) REFERENCES u (id)`",
        "https://dev.mysql.com/doc/refman/8.4/en/create-table-foreign-keys.html";
    MY201, "engine-without-transactions", Error, MYSQL,
        "a crash loses or breaks rows, nothing is rolled back, and the runner cannot tell whether a statement has run",
        "use ENGINE=InnoDB",
        "https://dev.mysql.com/doc/refman/8.4/en/converting-tables-to-innodb.html";
    MY202, "no-primary-key", Warning, MYSQL,
        "row replication reads the whole table for each changed row, and Galera and group replication refuse it",
        "give it a primary key",
        "https://dev.mysql.com/doc/refman/8.4/en/group-replication-requirements.html";
    MY203, "three-byte-utf8", Warning, MYSQL,
        "utf8 and utf8mb3 hold no character beyond the first 65,536: emoji are refused or cut",
        "use utf8mb4",
        "https://dev.mysql.com/doc/refman/8.4/en/charset-unicode-utf8mb3.html";
    MY204, "timestamp-2038", Info, MYSQL,
        "TIMESTAMP ends in January 2038 and is read in the session's time zone",
        "use DATETIME(6) in UTC",
        "https://dev.mysql.com/doc/refman/8.4/en/datetime.html";
    MY206, "small-auto-increment", Info, MYSQL,
        "2,147,483,647 is reached one day, and changing the type copies the table",
        "use BIGINT",
        "https://dev.mysql.com/doc/refman/8.4/en/integer-types.html";
    MY302, "lock-tables", Warning, MYSQL,
        "the runner passes LOCK TABLES over, because it would lock out its own journal; sqlx would keep the lock",
        "leave it out",
        "https://dev.mysql.com/doc/refman/8.4/en/lock-tables.html";
}

pub(super) fn check(at: &At<'_>, out: &mut Out<'_>) {
    match &at.read.what {
        What::CreateTable(table) => check_table(at, table, out),
        What::AlterTable(alter) => {
            for action in &alter.actions {
                match action {
                    Action::AddColumn { column, .. } | Action::Redefine { column, .. } => {
                        check_column(at, column, out);
                    }
                    Action::Engine(engine) => check_engine(at, engine, out),
                    Action::ConvertCharset | Action::DefaultCharset if says_utf8(at) => {
                        out.tell(&MY203, at, &alter.table);
                    }
                    _ => {}
                }
            }
        }
        What::LockTables(_) => out.tell(&MY302, at, at.read.statement.summary()),
        _ => {}
    }
}

fn check_table(at: &At<'_>, table: &CreateTable, out: &mut Out<'_>) {
    let words = &table.options;
    if let Some(engine) =
        words.iter().position(|word| word == "ENGINE").and_then(|at| words.get(at + 1))
    {
        check_engine(at, engine, out);
    }
    if words.iter().any(|word| word == "UTF8" || word == "UTF8MB3") {
        out.tell(&MY203, at, &table.name);
    }
    let keys = table.constraints.iter().filter(|c| c.kind == ConstraintKind::PrimaryKey);
    let has_key = keys.count() > 0 || table.columns.iter().any(|column| column.is_primary);
    if !has_key && !table.is_copied && !table.is_temporary && !table.columns.is_empty() {
        out.tell(&MY202, at, &table.name);
    }
    for column in &table.columns {
        check_column(at, column, out);
    }
}

fn check_engine(at: &At<'_>, engine: &str, out: &mut Out<'_>) {
    let transactional = ["INNODB", "ROCKSDB", "NDB", "NDBCLUSTER", "TOKUDB"];
    if !transactional.contains(&engine.to_ascii_uppercase().as_str()) {
        out.tell(&MY201, at, format!("ENGINE={engine}"));
    }
}

fn says_utf8(at: &At<'_>) -> bool {
    let text = at.read.statement.sql.to_lowercase();
    text.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| word == "utf8" || word == "utf8mb3")
}

fn check_column(at: &At<'_>, column: &Column, out: &mut Out<'_>) {
    let name = &column.name;
    let ignores = match at.file.engine {
        Engine::MySql => at.file.version < ServerVersion::new(9, 0, 0),
        Engine::MariaDb => at.file.version < ServerVersion::new(10, 5, 0),
        Engine::Sqlite | Engine::Postgres => false,
    };
    if column.references.is_some() && ignores {
        out.tell(&MY105, at, format!("column {name}"));
    }
    if column.charset.as_deref().is_some_and(|set| matches!(set, "UTF8" | "UTF8MB3")) {
        out.tell(&MY203, at, format!("column {name}"));
    }
    if column.ty.name == "TIMESTAMP" {
        out.tell(&MY204, at, format!("column {name}"));
    }
    let is_small = column.ty.integer_bytes().is_some_and(|bytes| bytes <= 4);
    if is_small && column.increments {
        out.tell(&MY206, at, format!("key {name} is {}", column.ty));
    }
}

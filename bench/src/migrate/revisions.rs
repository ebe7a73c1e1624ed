use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use artisan_testkit::Engine;

use crate::failure::Failure;

/// A made-up history in every contestant's own format.
#[derive(Debug)]
pub(super) struct Revisions {
    /// sqlx's files, up and down.
    pub(super) sqlx: PathBuf,
    /// Alembic's folder.
    pub(super) alembic: PathBuf,
    /// For the client: a transaction for each revision.
    pub(super) up: PathBuf,
    /// For the client: each statement for itself.
    pub(super) up_alone: PathBuf,
    /// For the client: one transaction for all of them, the least that the engine itself takes.
    pub(super) up_together: PathBuf,
    /// For the client: the way back, a transaction for each revision.
    pub(super) down: PathBuf,
}

impl Revisions {
    /// Writes so many revisions: a table, a column, an index and rows, in turn.
    pub(super) fn write(engine: Engine, count: usize, folder: &Path) -> Result<Self, Failure> {
        let all: Vec<[String; 2]> = (0..count).map(|number| statements(engine, number)).collect();
        let revisions = Self {
            sqlx: folder.join("migrations"),
            alembic: folder.join("alembic"),
            up: folder.join("up.sql"),
            up_alone: folder.join("up_alone.sql"),
            up_together: folder.join("up_together.sql"),
            down: folder.join("down.sql"),
        };
        let made = std::fs::create_dir_all(&revisions.sqlx);
        made.map_err(Failure::system("making a folder"))?;
        for (number, [up, down]) in all.iter().enumerate() {
            let name = format!("{:04}_revision_{number}", number + 1);
            write(&revisions.sqlx.join(format!("{name}.up.sql")), &format!("{up};\n"))?;
            write(&revisions.sqlx.join(format!("{name}.down.sql")), &format!("{down};\n"))?;
        }
        let begin = if engine == Engine::Sqlite { "BEGIN IMMEDIATE" } else { "BEGIN" };
        let wrapped = |text: String, sql: &str| text + begin + ";\n" + sql + ";\nCOMMIT;\n";
        let up = all.iter().fold(String::new(), |text, [up, _]| wrapped(text, up));
        let alone = all.iter().fold(String::new(), |text, [up, _]| text + up + ";\n");
        let down = all.iter().rev().fold(String::new(), |text, [_, down]| wrapped(text, down));
        write(&revisions.up, &up)?;
        write(&revisions.up_alone, &alone)?;
        write(&revisions.up_together, &format!("{begin};\n{alone}COMMIT;\n"))?;
        write(&revisions.down, &down)?;
        super::alembic::write_all(&revisions.alembic, &all)?;
        Ok(revisions)
    }
}

fn statements(engine: Engine, number: usize) -> [String; 2] {
    let (kind, table) = (number % 4, number / 4);
    let on = match engine {
        Engine::MariaDb | Engine::MySql => format!(" ON t{table}"),
        Engine::Sqlite | Engine::Postgres => String::new(),
    };
    match kind {
        0 => [
            format!(
                "CREATE TABLE t{table} (id INTEGER PRIMARY KEY, name VARCHAR(50) NOT NULL, \
                 amount INTEGER)"
            ),
            format!("DROP TABLE t{table}"),
        ],
        1 => [
            format!("ALTER TABLE t{table} ADD COLUMN note VARCHAR(100)"),
            format!("ALTER TABLE t{table} DROP COLUMN note"),
        ],
        2 => [
            format!("CREATE INDEX t{table}_name ON t{table} (name)"),
            format!("DROP INDEX t{table}_name{on}"),
        ],
        _ => [
            format!(
                "INSERT INTO t{table} (id, name, amount) VALUES (1, 'a', 10), (2, 'b', 20), \
                 (3, 'c', 30)"
            ),
            format!("DELETE FROM t{table}"),
        ],
    }
}

pub(super) fn write(path: &Path, text: &str) -> Result<(), Failure> {
    std::fs::write(path, text).map_err(Failure::system("writing a file of the bench"))
}

/// A Python string with any text in it.
pub(super) fn python(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        // Writing to a string cannot fail.
        let _ = match c {
            '"' | '\\' => write!(quoted, "\\{c}"),
            _ => write!(quoted, "{c}"),
        };
    }
    quoted + "\""
}

//! What each engine's own client makes of the texts.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use super::recorder::Recorder;
use super::{Unit, mysql_server, ours, postgres_server};
use crate::command::{capture, find_program};
use crate::engine::Engine;
use crate::failure::{Doing as _, Failure};
use crate::report;
use crate::servers::mysql_client;

/// Cuts where `sqlite3_complete` says that a statement is complete.
const COMPLETE: &str = "
import json, sqlite3, sys

def cut(text):
    start = 0
    for at, char in enumerate(text):
        if char == ';' and sqlite3.complete_statement(text[start:at + 1]):
            yield text[start:at + 1]
            start = at + 1
    yield text[start:]

with open(sys.argv[1], encoding='utf-8') as file:
    json.dump([list(cut(text)) for text in json.load(file)], sys.stdout)
";

/// What the client sends for each text.
pub(crate) fn split(engine: Engine, units: &[Unit]) -> Result<Vec<Vec<String>>, Failure> {
    match engine {
        Engine::Sqlite => sqlite(units),
        Engine::MariaDb | Engine::MySql => mysql(engine, units),
        Engine::Postgres => postgres(units),
    }
}

fn sqlite(units: &[Unit]) -> Result<Vec<Vec<String>>, Failure> {
    let file = ours::texts(units)?;
    let python = find_program("python3", &[]).ok_or_else(|| Failure::new("no python3 in PATH"))?;
    let printed = capture(Command::new(python).args(["-c", COMPLETE]).arg(file.path()))?;
    serde_json::from_str(&printed).doing("reading what python3 printed")
}

fn postgres(units: &[Unit]) -> Result<Vec<Vec<String>>, Failure> {
    let psql = find_program("psql", &[]).ok_or_else(|| Failure::new("no psql in PATH"))?;
    let recorder = Recorder::new()?;
    let server = format!(
        "host=127.0.0.1 port={} user=nobody dbname=nothing sslmode=disable gssencmode=disable",
        recorder.port
    );
    each(units, |file, folder| {
        let mut command = Command::new(&psql);
        command.args(["--no-psqlrc", "--quiet", "--dbname", &server, "--file"]).arg(file);
        command.current_dir(folder).env("PGCLIENTENCODING", "UTF8");
        recorder.record(command, postgres_server::serve)
    })
}

fn mysql(engine: Engine, units: &[Unit]) -> Result<Vec<Vec<String>>, Failure> {
    let recorder = Recorder::new()?;
    let port = recorder.port.to_string();
    let is_mysql = engine == Engine::MySql;
    each(units, |file, folder| {
        let mut command = if is_mysql { mysql_client()? } else { mariadb_client()? };
        // First, as the client demands: nobody's settings are read.
        command.args(["--no-defaults", "--batch", "--force", "--comments", "--no-auto-rehash"]);
        command.args(["--default-character-set=utf8mb4", "--protocol=tcp", "--host=127.0.0.1"]);
        command.args(["--user=nobody", "--port", &port]);
        command.stdin(File::open(file).doing("opening a text")?).current_dir(folder);
        let serve = if is_mysql { mysql_server::serve_sha2 } else { mysql_server::serve_native };
        recorder.record(command, serve)
    })
}

fn mariadb_client() -> Result<Command, Failure> {
    let client = find_program("mariadb", &[]);
    client.map(Command::new).ok_or_else(|| Failure::new("no mariadb in PATH"))
}

/// Lets the client read each text from a file, in an empty folder of its own.
fn each(
    units: &[Unit],
    read: impl Fn(&Path, &Path) -> Result<Vec<String>, Failure>,
) -> Result<Vec<Vec<String>>, Failure> {
    let folder = tempfile::tempdir().doing("making a folder")?;
    let mut all = Vec::new();
    for (at, unit) in units.iter().enumerate() {
        if at % 1000 == 0 {
            report::note(format!("{at} of {} texts", units.len()));
        }
        let mut file = tempfile::NamedTempFile::new().doing("making a file")?;
        file.write_all(unit.text.as_bytes()).doing("writing a text")?;
        let sent = read(file.path(), folder.path());
        all.push(sent.doing(&unit.file)?);
    }
    Ok(all)
}

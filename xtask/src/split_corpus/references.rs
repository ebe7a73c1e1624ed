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
    let server = "host=127.0.0.1 user=nobody dbname=nothing sslmode=disable gssencmode=disable";
    each(units, |recorder, file, folder| {
        let mut command = Command::new(&psql);
        command.args(["--no-psqlrc", "--quiet", "--dbname", server, "--file"]).arg(file);
        command.current_dir(folder).env("PGCLIENTENCODING", "UTF8");
        command.env("PGPORT", recorder.port.to_string());
        recorder.record(command, postgres_server::serve)
    })
}

fn mysql(engine: Engine, units: &[Unit]) -> Result<Vec<Vec<String>>, Failure> {
    let is_mysql = engine == Engine::MySql;
    let client = if is_mysql { mysql_client()? } else { mariadb_client()? };
    each(units, |recorder, file, folder| {
        let mut command = Command::new(client.get_program());
        command.args(client.get_args());
        // First, as the client demands: nobody's settings are read.
        command.args(["--no-defaults", "--batch", "--force", "--comments", "--no-auto-rehash"]);
        command.args(["--default-character-set=utf8mb4", "--protocol=tcp", "--host=127.0.0.1"]);
        command.args(["--user=nobody", "--port", &recorder.port.to_string()]);
        command.stdin(File::open(file).doing("opening a text")?).current_dir(folder);
        let serve = if is_mysql { mysql_server::serve_sha2 } else { mysql_server::serve_native };
        recorder.record(command, serve)
    })
}

fn mariadb_client() -> Result<Command, Failure> {
    let client = find_program("mariadb", &[]);
    client.map(Command::new).ok_or_else(|| Failure::new("no mariadb in PATH"))
}

/// Lets the client read each text from a file, in an empty folder of its own; one client per core.
fn each(
    units: &[Unit],
    read: impl Fn(&Recorder, &Path, &Path) -> Result<Vec<String>, Failure> + Sync,
) -> Result<Vec<Vec<String>>, Failure> {
    let folder = tempfile::tempdir().doing("making a folder")?;
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let read_all = |units: &[Unit]| -> Result<Vec<Vec<String>>, Failure> {
        let recorder = Recorder::new()?;
        let one = |unit| read_one(unit, |file| read(&recorder, file, folder.path()));
        units.iter().map(one).collect()
    };
    std::thread::scope(|scope| {
        let size = units.len().div_ceil(cores).max(1);
        let start = |units| scope.spawn(move || read_all(units));
        let threads: Vec<_> = units.chunks(size).map(start).collect();
        let mut all = Vec::new();
        for thread in threads {
            let sent = thread.join().map_err(|_| Failure::new("a thread has panicked"))?;
            all.extend(sent?);
        }
        Ok(all)
    })
}

fn read_one(
    unit: &Unit,
    read: impl Fn(&Path) -> Result<Vec<String>, Failure>,
) -> Result<Vec<String>, Failure> {
    let mut file = tempfile::NamedTempFile::new().doing("making a file")?;
    file.write_all(unit.text.as_bytes()).doing("writing a text")?;
    read(file.path()).doing(&unit.file)
}

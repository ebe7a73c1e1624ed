use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use artisan_testkit::Engine;

/// The engine's own command line, if it is in `PATH`; MySQL's protocol is spoken by either client.
pub(super) fn find(engine: Engine) -> Option<PathBuf> {
    let names: &[&str] = match engine {
        Engine::Sqlite => &["sqlite3"],
        Engine::MariaDb => &["mariadb", "mysql"],
        Engine::MySql => &["mysql", "mariadb"],
        Engine::Postgres => &["psql"],
    };
    let path = std::env::var_os("PATH")?;
    names.iter().find_map(|name| {
        std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
    })
}

/// The client, reading the script; it stops at the first error as a runner does.
pub(super) fn command(engine: Engine, client: &Path, url: &str, script: &Path) -> Option<Command> {
    let mut command = Command::new(client);
    match engine {
        Engine::Sqlite => {
            command.arg("-bail").arg(url.strip_prefix("sqlite://")?);
            command.stdin(std::fs::File::open(script).ok()?);
        }
        Engine::Postgres => {
            command.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-f"]).arg(script).arg(url);
            command.stdin(Stdio::null());
        }
        Engine::MariaDb | Engine::MySql => {
            let (authority, database) = url.strip_prefix("mysql://")?.split_once('/')?;
            let (user, place) = authority.split_once('@')?;
            let (host, port) = place.split_once(':')?;
            command.args(["--no-defaults", "--protocol=tcp", "-h", host, "-P", port, "-u", user]);
            command.arg(database).stdin(std::fs::File::open(script).ok()?);
        }
    }
    Some(command)
}

//! A platform of its own for a check: a fresh SQLite file, free ports, cheap hashes.

use std::fs::File;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::cleanup::Guard;
use crate::command::capture;
use crate::failure::{Doing as _, Failure};
use crate::servers::free_port;
use crate::workspace::target;

const START_TIMEOUT: Duration = Duration::from_mins(2);
const POLL: Duration = Duration::from_millis(50);
/// What the program prints last once it listens.
const READY: &str = "Ctrl-C ends it";

/// A running `artisan`; it ends when this is dropped.
pub(super) struct Platform {
    guard: Guard,
    folder: TempDir,
    url: String,
}

impl Platform {
    /// Starts it and waits until it listens.
    pub(super) fn start() -> Result<Self, Failure> {
        let folder = tempfile::tempdir().doing("making a folder for artisan")?;
        let file = |name| File::create(folder.path().join(name)).doing("making artisan's log");
        let port = || free_port().map(|port| format!("127.0.0.1:{port}")).map_err(Failure::new);
        let http = port()?;
        let mut command = Command::new(target()?.join("debug/artisan"));
        command
            .current_dir(folder.path())
            .env_clear()
            .env("HTTP_ADDR", &http)
            .env("GRPC_ADDR", port()?)
            .env("ADMIN_ADDR", port()?)
            .env("ARGON2_MEMORY_KIB", "8")
            .env("ARGON2_ITERATIONS", "1")
            .env("RUST_LOG", "warn")
            .stdin(Stdio::null())
            .stdout(file("out")?)
            .stderr(file("log")?);
        let guard = Guard::spawn(&mut command, "TERM").doing("starting artisan")?;
        let platform = Self { guard, folder, url: format!("http://{http}") };
        platform.wait()?;
        Ok(platform)
    }

    fn wait(&self) -> Result<(), Failure> {
        let deadline = Instant::now() + START_TIMEOUT;
        while !self.read("out").contains(READY) {
            if let Some(status) = self.guard.ended() {
                return Err(Failure::new(format!("artisan ended with {status}\n{}", self.log())));
            }
            if Instant::now() > deadline {
                return Err(Failure::new(format!("artisan did not start\n{}", self.log())));
            }
            sleep(POLL);
        }
        Ok(())
    }

    /// Where it listens.
    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// Its `OpenAPI` document, as a file that lives as long as it does.
    pub(super) fn document(&self) -> Result<PathBuf, Failure> {
        let path = self.folder.path().join("openapi.json");
        let mut command = Command::new("curl");
        command.args(["--fail", "--silent", "--show-error", "--output"]).arg(&path);
        capture(command.arg(format!("{}/openapi.json", self.url)))?;
        Ok(path)
    }

    /// Tells a program where it is, and who its administrator is.
    pub(super) fn tell<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        let password = self.read("data/admin-password");
        command.env("ARTISAN_URL", &self.url).env("ARTISAN_PASSWORD", password.trim())
    }

    fn log(&self) -> String {
        self.read("log")
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.path().join(name)).unwrap_or_default()
    }
}

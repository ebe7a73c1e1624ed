//! A NATS server with `JetStream`: the real program, which can be killed and come back with what it stored.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

const VARIABLE: &str = "TEST_NATS_SERVER";

/// A server of one test, killed with this value.
#[derive(Debug)]
pub struct NatsServer {
    program: PathBuf,
    folder: TempDir,
    port: u16,
    login: Option<(&'static str, &'static str)>,
    /// Absent while it is down.
    process: Option<Child>,
}

impl NatsServer {
    /// Starts the program that `TEST_NATS_SERVER` names, on a port of its own.
    ///
    /// # Panics
    /// When the variable names no program, or the program does not start.
    #[must_use]
    pub fn start() -> Self {
        Self::start_for(None)
    }

    /// Starts it for a user and a password; for everybody without them.
    ///
    /// # Panics
    /// When the variable names no program, or the program does not start.
    #[must_use]
    pub fn start_for(login: Option<(&'static str, &'static str)>) -> Self {
        let program = std::env::var_os(VARIABLE).filter(|program| !program.is_empty());
        let program = program.unwrap_or_else(|| {
            panic!("{VARIABLE} names no nats-server: run `cargo xtask test`, or set it")
        });
        let folder = tempfile::tempdir().expect("a folder for the server");
        let mut this = Self { program: program.into(), folder, port: 0, login, process: None };
        this.up();
        this
    }

    /// Where it is, for `NATS_URL`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    /// Whom it lets in.
    #[must_use]
    pub const fn login(&self) -> Option<(&'static str, &'static str)> {
        self.login
    }

    /// Ends it at once, as a crash does.
    ///
    /// # Panics
    /// When it cannot be killed.
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().expect("killing the server");
            process.wait().expect("the server's end");
        }
    }

    /// Lets it come back on the same port, with what it has stored.
    ///
    /// # Panics
    /// When it does not start.
    pub fn up(&mut self) {
        // -1 lets the server choose.
        let port = if self.port == 0 { "-1".to_owned() } else { self.port.to_string() };
        let mut process = Command::new(&self.program)
            .args(["--addr", "127.0.0.1", "--port", &port, "--jetstream", "--store_dir"])
            .arg(self.folder.path())
            .args(
                self.login.iter().flat_map(|(user, password)| ["--user", user, "--pass", password]),
            )
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("starting {}: {error}", self.program.display()));
        let mut log = BufReader::new(process.stderr.take().expect("its log"));
        self.process = Some(process);
        let mut said = String::new();
        loop {
            let begin = said.len();
            let read = log.read_line(&mut said).expect("its log");
            assert_ne!(read, 0, "the server ended: {said}");
            let line = said.get(begin..).unwrap_or_default().trim_end();
            if let Some((_, port)) = line.split_once("client connections on 127.0.0.1:") {
                self.port = port.parse().expect("its port");
            }
            if line.ends_with("Server is ready") {
                break;
            }
        }
        // A pipe that nobody empties would stop it.
        std::thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
    }
}

impl Drop for NatsServer {
    fn drop(&mut self) {
        self.kill();
    }
}

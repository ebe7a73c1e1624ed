//! The programs under measurement, each in a process of its own.

use std::fs::File;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use crate::failure::Failure;

const START_TIMEOUT: Duration = Duration::from_mins(1);

/// A running program, killed when dropped.
#[derive(Debug)]
pub(crate) struct Process {
    name: String,
    child: Child,
    log: PathBuf,
    pid: u32,
}

impl Process {
    /// Starts it with a folder of its own to work in; what it says goes to a log there.
    pub(crate) fn start(name: &str, command: &mut Command, folder: &Path) -> Result<Self, Failure> {
        let log = folder.join(format!("{name}.log"));
        let errors = File::create(&log).map_err(Failure::system("making a log"))?;
        let child = command
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(errors)
            .kill_on_drop(true)
            .spawn()
            .map_err(Failure::system("starting a program of this bench"))?;
        let pid = child.id().unwrap_or_default();
        Ok(Self { name: name.to_owned(), child, log, pid })
    }

    /// Its process id.
    pub(crate) fn pid(&self) -> u32 {
        self.pid
    }

    /// The program's standard input and output, for one that is spoken to that way.
    pub(crate) fn conversation(&mut self) -> Result<Conversation, Failure> {
        match (self.child.stdin.take(), self.child.stdout.take()) {
            (Some(input), Some(output)) => {
                Ok(Conversation { input, output: BufReader::new(output).lines() })
            }
            _ => Err(self.failure("it is being spoken to already")),
        }
    }

    /// Waits until `GET /readyz` is answered with 200.
    pub(crate) async fn ready(&mut self, admin: u16) -> Result<(), Failure> {
        self.answers(admin, "readyz").await
    }

    /// Waits until `GET /livez` is, of a program that will not be ready.
    pub(crate) async fn lives(&mut self, admin: u16) -> Result<(), Failure> {
        self.answers(admin, "livez").await
    }

    async fn answers(&mut self, admin: u16, probe: &str) -> Result<(), Failure> {
        let deadline = Instant::now() + START_TIMEOUT;
        let url = format!("http://127.0.0.1:{admin}/{probe}");
        let client = crate::load::http::client();
        while !crate::load::http::is_ok(&client, &url).await {
            if let Ok(Some(status)) = self.child.try_wait() {
                return Err(self.failure(&format!("it ended with {status}")));
            }
            if Instant::now() > deadline {
                return Err(self.failure("it did not become ready"));
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    }

    fn failure(&self, reason: &str) -> Failure {
        let log = std::fs::read_to_string(&self.log).unwrap_or_default();
        Failure::Program { program: self.name.clone(), reason: format!("{reason}\n{log}") }
    }
}

/// Lines to and from a program.
#[derive(Debug)]
pub(crate) struct Conversation {
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
}

impl Conversation {
    /// Waits for the program's next line.
    pub(crate) async fn hear(&mut self) -> Result<String, Failure> {
        let line = self.output.next_line().await.map_err(Failure::system("reading a program"))?;
        line.ok_or_else(|| Failure::call("the program has ended"))
    }

    /// Sends a line and waits for the answer.
    pub(crate) async fn ask(&mut self, line: &str) -> Result<String, Failure> {
        let text = format!("{line}\n");
        let written = self.input.write_all(text.as_bytes()).await;
        written.map_err(Failure::system("writing to a program"))?;
        self.hear().await
    }
}

/// A port of the loopback interface that nobody listened on a moment ago.
pub(crate) fn free_port() -> Result<u16, Failure> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port())
        .map_err(Failure::system("finding a free port"))
}

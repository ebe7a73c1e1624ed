//! The real binary, started in a folder of its own.

use std::path::Path;
use std::process::{ExitStatus, Stdio};

use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

/// A running `artisan`, ended when dropped.
#[derive(Debug)]
pub(crate) struct Platform {
    child: Child,
    /// Held open: a program whose output nobody reads is another case.
    _stdout: Lines<BufReader<ChildStdout>>,
    /// What it printed at start.
    pub banner: String,
    /// `http://127.0.0.1:PORT`
    pub http: String,
    /// `http://127.0.0.1:PORT`
    pub grpc: String,
    /// `http://127.0.0.1:PORT`
    pub admin: String,
}

impl Platform {
    /// Starts it in `folder` and waits until it listens.
    pub(crate) async fn start(folder: &Path, variables: &[(&str, &str)]) -> Self {
        let mut child = command(folder, variables).spawn().expect("the binary starts");
        let stdout = child.stdout.take().expect("a pipe");
        let mut lines = BufReader::new(stdout).lines();
        let mut banner = String::new();
        while let Some(line) = lines.next_line().await.expect("text") {
            banner.push_str(&line);
            banner.push('\n');
            if line.starts_with("Ctrl-C") {
                break;
            }
        }
        let address = |label: &str| {
            let line = banner.lines().find(|line| line.trim_start().starts_with(label));
            let line = line.unwrap_or_else(|| panic!("no line {label} in {banner}"));
            let word = line.split_whitespace().nth(1).expect("an address");
            let address = word.trim_start_matches("http://").trim_end_matches("/metrics");
            format!("http://{address}")
        };
        let (http, grpc, admin) = (address("HTTP"), address("gRPC"), address("admin  "));
        Self { child, _stdout: lines, banner, http, grpc, admin }
    }

    /// Ends it as a crash does.
    pub(crate) async fn kill(mut self) {
        self.child.kill().await.expect("it ends");
    }

    /// Ends it as Kubernetes and Ctrl-C do.
    pub(crate) async fn stop(mut self) -> ExitStatus {
        let id = self.child.id().expect("it runs").to_string();
        let killed = Command::new("kill").args(["-TERM", &id]).status().await.expect("kill");
        assert!(killed.success());
        self.child.wait().await.expect("it ends")
    }
}

/// Runs it to its end, for starts that must fail, and gives its exit code and standard error.
pub(crate) async fn run(folder: &Path, variables: &[(&str, &str)]) -> (Option<i32>, String) {
    let output = command(folder, variables)
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts")
        .wait_with_output()
        .await
        .expect("it ends");
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

/// What a command that ends by itself has said.
#[derive(Debug)]
pub(crate) struct Ended {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

/// Runs a command with its arguments to its end.
pub(crate) async fn run_command(
    folder: &Path,
    variables: &[(&str, &str)],
    arguments: &[&str],
) -> Ended {
    let child = spawn_command(folder, variables, arguments);
    let output = child.wait_with_output().await.expect("it ends");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    Ended { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

/// Starts a command with its arguments.
pub(crate) fn spawn_command(
    folder: &Path,
    variables: &[(&str, &str)],
    arguments: &[&str],
) -> Child {
    let mut command = command(folder, variables);
    command.args(arguments).stderr(Stdio::piped());
    command.spawn().expect("the binary starts")
}

/// Where the program's log goes: read when a test fails.
fn log(folder: &Path) -> std::fs::File {
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true).open(folder.join("log")).expect("a log file")
}

fn command(folder: &Path, variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_artisan"));
    command
        .env_clear()
        .env("HTTP_ADDR", "127.0.0.1:0")
        .env("GRPC_ADDR", "127.0.0.1:0")
        .env("ADMIN_ADDR", "127.0.0.1:0")
        .env("DRAIN_DELAY", "0s")
        .env("ARGON2_MEMORY_KIB", "64")
        .env("ARGON2_ITERATIONS", "1")
        .envs(variables.iter().copied())
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(log(folder))
        .kill_on_drop(true);
    command
}

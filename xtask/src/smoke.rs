//! The main job as a newcomer does it: `cargo run` in an empty folder, the printed lines pasted
//! into a shell, a stop, a second start that still knows the user.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::cleanup::{Guard, Leftover};
use crate::command::{capture, run as run_command};
use crate::failure::{Doing as _, Failure};
use crate::report;
use crate::servers::free_port;
use crate::workspace::{cargo, root};

const START_TIMEOUT: Duration = Duration::from_mins(1);
const STOP_TIMEOUT: Duration = Duration::from_mins(1);
/// What the program reads from its environment, which the caller's must not reach.
const VARIABLES: [&str; 4] =
    ["DATABASE_URL", "TOKEN_SIGNING_KEY", "BOOTSTRAP_ADMIN_EMAIL", "RUST_LOG"];

/// Runs it, and fails where a newcomer would be stuck.
pub(crate) fn run() -> Result<(), Failure> {
    report::step("building what `cargo run` runs");
    run_command(cargo().arg("build"))?;
    let folder = tempfile::tempdir().doing("making an empty folder")?;
    let addresses = Addresses::free()?;

    report::step("first start: register, sign in, read");
    let mut program = Program::start(folder.path(), &addresses)?;
    let lines = program.examples()?;
    let answers = paste(&lines)?;
    let [registered, read] = answers.as_slice() else {
        return Err(Failure::new(format!("two answers were expected: {answers:?}")));
    };
    let user = name_of(registered)?;
    same(&user, &name_of(read)?)?;
    if read.pointer("/buyer/fullName") != Some(&Value::from("João da Silva")) {
        return Err(Failure::new(format!("the name has suffered: {read}")));
    }
    program.stop("TERM")?;

    report::step("second start: sign in again, read again");
    let mut program = Program::start(folder.path(), &addresses)?;
    program.examples()?;
    let again = paste(lines.get(1..).unwrap_or_default())?;
    let [again] = again.as_slice() else {
        return Err(Failure::new(format!("one answer was expected: {again:?}")));
    };
    same(&user, &name_of(again)?)?;
    program.stop("INT")?;
    report::line(format!("smoke passed: {user} registered, signed in, and still there"));
    Ok(())
}

struct Addresses([(&'static str, String); 3]);

impl Addresses {
    fn free() -> Result<Self, Failure> {
        let free = |name| {
            let port = free_port().map_err(Failure::new)?;
            Ok((name, format!("127.0.0.1:{port}")))
        };
        Ok(Self([free("HTTP_ADDR")?, free("GRPC_ADDR")?, free("ADMIN_ADDR")?]))
    }
}

/// The running program; killed if the recipe fails while it runs.
struct Program {
    child: Child,
    guard: Option<Guard>,
    output: Receiver<String>,
    log: PathBuf,
}

impl Program {
    fn start(folder: &Path, addresses: &Addresses) -> Result<Self, Failure> {
        let log = folder.join("log");
        let errors = std::fs::File::create(&log).doing("making the log")?;
        let mut command = cargo();
        command.args(["run", "--quiet", "--manifest-path"]).arg(root().join("Cargo.toml"));
        command.current_dir(folder).envs(addresses.0.iter().map(|(name, value)| (name, value)));
        for variable in VARIABLES {
            command.env_remove(variable);
        }
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(errors)
            .spawn()
            .doing("starting cargo run")?;
        let (sender, output) = channel();
        if let Some(stdout) = child.stdout.take() {
            std::thread::spawn(move || {
                for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                    if sender.send(line).is_err() {
                        return;
                    }
                }
            });
        }
        let guard = Some(Guard::new(Leftover::Foreground { pid: child.id() }));
        Ok(Self { child, guard, output, log })
    }

    /// Waits for the lines that the program offers for pasting.
    fn examples(&mut self) -> Result<Vec<String>, Failure> {
        let deadline = Instant::now() + START_TIMEOUT;
        let mut lines = Vec::new();
        while lines.len() < 3 {
            let left = deadline.saturating_duration_since(Instant::now());
            let line = self.output.recv_timeout(left).map_err(|_| {
                let log = std::fs::read_to_string(&self.log).unwrap_or_default();
                Failure::new(format!("it did not print three lines to paste:\n{log}"))
            })?;
            if line.starts_with("curl ") || line.starts_with("TOKEN=") {
                lines.push(line);
            }
        }
        Ok(lines)
    }

    fn stop(mut self, signal: &str) -> Result<(), Failure> {
        capture(Command::new("kill").args(["-s", signal, &self.child.id().to_string()]))?;
        let deadline = Instant::now() + STOP_TIMEOUT;
        while Instant::now() < deadline {
            match self.child.try_wait().doing("waiting for its end")? {
                Some(status) if status.success() => return Ok(()),
                Some(status) => {
                    return Err(Failure::new(format!("on {signal} it ended with {status}")));
                }
                None => sleep(Duration::from_millis(20)),
            }
        }
        Err(Failure::new(format!("it did not end on {signal}")))
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if let Some(guard) = self.guard.take() {
            guard.forget();
        }
    }
}

/// Runs the lines in one shell and reads the JSON documents that they print.
fn paste(lines: &[String]) -> Result<Vec<Value>, Failure> {
    let text = capture(Command::new("sh").arg("-ec").arg(lines.join("\n")))?;
    let documents = serde_json::Deserializer::from_str(&text).into_iter::<Value>();
    documents.collect::<Result<_, _>>().doing(format!("the lines printed {text:?}"))
}

fn name_of(user: &Value) -> Result<String, Failure> {
    let name = user.get("name").and_then(Value::as_str).filter(|name| name.starts_with("users/"));
    name.map(str::to_owned).ok_or_else(|| Failure::new(format!("this is no user: {user}")))
}

fn same(first: &str, second: &str) -> Result<(), Failure> {
    if first == second {
        return Ok(());
    }
    Err(Failure::new(format!("{first} was registered, but {second} was read")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pasted_lines_share_a_shell_and_their_answers_are_read() {
        let lines = [
            "T=1".to_owned(),
            "echo '{\"name\":\"users/'$T'\"}'".to_owned(),
            "echo '{}'".to_owned(),
        ];
        let answers = paste(&lines).unwrap();
        assert_eq!(name_of(&answers[0]).unwrap(), "users/1");
        assert!(name_of(&answers[1]).is_err());
    }

    #[test]
    fn a_line_that_fails_is_a_failure() {
        assert!(paste(&["false".to_owned()]).is_err());
        assert!(paste(&["echo not JSON".to_owned()]).is_err());
    }

    #[test]
    fn another_user_is_a_failure() {
        assert!(same("users/1", "users/2").unwrap_err().to_string().contains("users/2 was read"));
    }
}

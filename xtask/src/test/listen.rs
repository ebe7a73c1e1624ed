//! The tests' output, until it ends or falls silent.

use std::io::{BufRead as _, BufReader, Write};
use std::process::{ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use super::libtest::Outcome;
use crate::cleanup::Guard;
use crate::failure::{Doing as _, Failure};

/// How the tests ended.
#[derive(Debug)]
pub(super) enum End {
    /// By themselves.
    Status(ExitStatus),
    /// They said nothing any more and were ended, whatever cargo had started.
    Silent(Failure),
}

/// Shows the output as it comes, and reads the results out of it. Nothing that was started is left behind.
pub(super) fn listen(
    command: &mut Command,
    mut shown: impl Write,
    silence: Duration,
) -> Result<(End, Outcome), Failure> {
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    let (guard, mut child) = Guard::spawn_group(command).doing("starting cargo test")?;
    let mut outcome = Outcome::default();
    if let Some(output) = child.stdout.take().map(lines_of) {
        loop {
            match output.recv_timeout(silence) {
                Ok(line) => {
                    let line = line.doing("reading the tests' output")?;
                    shown.write_all(&line).doing("showing the tests' output")?;
                    outcome.read_line(String::from_utf8_lossy(&line).trim_end());
                }
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => {
                    // Of cargo's own end nothing is heard while a program that a test left behind may write.
                    if child.try_wait().doing("asking for cargo test")?.is_some() {
                        break;
                    }
                    drop(guard);
                    child.wait().doing("waiting for cargo test")?;
                    return Ok((End::Silent(outcome.silent_for(silence)), outcome));
                }
            }
        }
    }
    let status = child.wait().doing("waiting for cargo test")?;
    drop(guard);
    Ok((End::Status(status), outcome))
}

/// The lines as they come, line ends included, read by a thread that ends with the output.
fn lines_of(output: ChildStdout) -> Receiver<std::io::Result<Vec<u8>>> {
    let (lines, received) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(output).split(b'\n') {
            let line = line.map(|mut line| {
                line.push(b'\n');
                line
            });
            if lines.send(line).is_err() {
                break;
            }
        }
    });
    received
}

#[cfg(test)]
mod tests {
    use super::*;

    fn saying(script: &str) -> (End, Outcome) {
        // Not shown: whoever runs these tests reads the results of their own.
        let mut command = Command::new("sh");
        listen(command.args(["-c", script]), std::io::sink(), Duration::from_secs(2)).unwrap()
    }

    #[test]
    fn a_run_that_falls_silent_is_ended_and_its_test_named() {
        let script = "echo 'test a::fails ... FAILED'; \
            echo 'test a::hangs has been running for over 60 seconds'; sleep 600";
        let (end, outcome) = saying(script);
        let End::Silent(failure) = end else { panic!("{end:?}") };
        assert!(failure.to_string().contains("running: a::hangs\n"), "{failure}");
        assert_eq!(outcome.failures, ["a::fails"]);
    }

    #[test]
    fn a_run_that_goes_on_speaking_is_read_to_its_end() {
        let script =
            "for i in 1 2 3 4 5 6; do sleep 0.5; echo \"test a::t$i ... FAILED\"; done; exit 101";
        let (end, outcome) = saying(script);
        let End::Status(status) = end else { panic!("{end:?}") };
        assert_eq!((status.code(), outcome.failures.len()), (Some(101), 6));
    }

    #[test]
    fn what_a_test_left_behind_does_not_make_a_run_fail() {
        let (end, _) = saying("sleep 600 & echo 'test a::b ... ok'");
        assert!(matches!(end, End::Status(status) if status.success()), "{end:?}");
    }
}

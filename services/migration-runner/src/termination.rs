use std::fs::OpenOptions;
use std::io::Write;

use artisan_runtime::env::Env;
use serde::Serialize;

use crate::failure::Failure;
use crate::outcome::Outcome;

const DEFAULT: &str = "/dev/termination-log";
/// What Kubernetes keeps of the message.
const LONGEST: usize = 4096;

#[derive(Serialize)]
struct Note<'a> {
    command: &'a str,
    exit: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    message: String,
}

/// Leaves the outcome where Kubernetes shows it: one line of JSON, only if the file is there.
pub(crate) fn write(env: &Env, command: &str, result: &Result<Outcome, Failure>) {
    let note = match result {
        Ok(outcome) => {
            Note { command, exit: outcome.exit_code(), reason: None, message: outcome.summary() }
        }
        Err(failure) => Note {
            command,
            exit: failure.exit_code(),
            reason: Some(failure.reason()),
            message: failure.to_string(),
        },
    };
    leave(env, note);
}

/// The same for a command line that cannot be read.
pub(crate) fn usage(command: &str, message: &str) {
    let env = Env::from_process().unwrap_or_else(|_| Env::from_pairs([("", "")]));
    let message = message.to_owned();
    leave(&env, Note { command, exit: 2, reason: Some("USAGE"), message });
}

fn leave(env: &Env, note: Note<'_>) {
    let path = env.get("TERMINATION_LOG").ok().flatten().unwrap_or_else(|| DEFAULT.to_owned());
    let line = encode(note);
    let file = OpenOptions::new().write(true).truncate(true).open(path);
    // Outside Kubernetes there is no such file, and that is as it should be.
    if let Err(error) = file.and_then(|mut file| file.write_all(line.as_bytes())) {
        tracing::debug!(%error, "no termination message");
    }
}

/// One line within the limit: the message is shortened, the JSON never cut.
fn encode(mut message: Note<'_>) -> String {
    loop {
        let line = serde_json::to_string(&message).unwrap_or_default();
        if line.len() <= LONGEST || message.message.is_empty() {
            return line;
        }
        // JSON writes a byte as six at most, so this never cuts too much.
        let excess = (line.len() - LONGEST).div_ceil(6);
        let keep = message.message.len().saturating_sub(excess);
        let keep = message.message.floor_char_boundary(keep);
        message.message.truncate(keep);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_message_is_shortened_and_stays_json() {
        let message = "\"é\n".repeat(4000);
        let line = encode(Note { command: "upgrade", exit: 6, reason: Some("X"), message });
        assert!(line.len() <= LONGEST && line.len() > LONGEST - 16, "{}", line.len());
        let value: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(value["exit"], 6);
        assert!(!line.contains('\n'));
    }
}

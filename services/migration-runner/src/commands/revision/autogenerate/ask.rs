use std::io::{IsTerminal, Write};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use artisan_migrate::autogenerate::Answer;
use artisan_migrate::{Lookalike, Stop};

/// Asks whoever sits at the terminal; nobody does where input or questions go elsewhere.
pub(in crate::commands) fn on_terminal(one: &Lookalike, stop: &Stop) -> Answer {
    if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        return Answer::Unknown;
    }
    let question = match one {
        Lookalike::Table { old, new } => format!("Was table {old} renamed to {new}?"),
        Lookalike::Column { table, old, new } => {
            format!("Was column {table}.{old} renamed to {new}?")
        }
    };
    let hint = "[y] renamed, nothing is lost  [n] dropped with all that it holds  [q] neither: ";
    loop {
        let asked = write!(std::io::stderr(), "{question}\n{hint}");
        let line = asked.ok().and_then(|()| answered(stop)).unwrap_or_else(|| "q".to_owned());
        match line.trim().to_lowercase().as_str() {
            "y" | "yes" => return Answer::Rename,
            "n" | "no" => return Answer::Drop,
            "q" => return Answer::Unknown,
            _ => {}
        }
    }
}

/// The line that is typed; `None` at the end of the input, or if whoever is asked wants it to end: the scratch
/// databases have to be dropped then, which a thread that waits for a line would not let happen.
fn answered(stop: &Stop) -> Option<String> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut line = String::new();
        let length = std::io::stdin().read_line(&mut line).unwrap_or_default();
        // Nobody may wait for it any more.
        let _ = sender.send((length > 0).then_some(line));
    });
    loop {
        match receiver.recv_timeout(Duration::from_millis(50)) {
            Ok(line) => return line,
            Err(RecvTimeoutError::Timeout) if !stop.is_requested() => {}
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return None,
        }
    }
}

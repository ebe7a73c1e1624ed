use std::io::{BufRead, IsTerminal, Write};

use artisan_migrate::Lookalike;
use artisan_migrate::autogenerate::Answer;

/// Asks whoever sits at the terminal; nobody does where input or questions go elsewhere.
pub(in crate::commands) fn on_terminal(one: &Lookalike) -> Answer {
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
        let mut line = String::new();
        let read = std::io::stdin().lock().read_line(&mut line);
        match (asked, read, line.trim().to_lowercase().as_str()) {
            (Err(_), _, _) | (_, Err(_) | Ok(0), _) | (_, _, "q") => return Answer::Unknown,
            (_, _, "y" | "yes") => return Answer::Rename,
            (_, _, "n" | "no") => return Answer::Drop,
            _ => {}
        }
    }
}

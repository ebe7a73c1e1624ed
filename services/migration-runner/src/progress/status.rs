use std::io::Write;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How often the time that passes is shown.
const TICK: Duration = Duration::from_secs(1);
/// A line is cut so that it seldom reaches the terminal's edge.
const WIDTH: usize = 78;
/// Goes to the line's beginning and clears it.
const CLEAR: &str = "\r\u{1b}[2K";
/// Off and on: whether the terminal goes on in the next line at its edge. What is written over must be one line.
const WRAP: [&str; 2] = ["\u{1b}[?7l", "\u{1b}[?7h"];

/// One line at the bottom of a terminal that is written over and over.
#[derive(Clone, Debug)]
pub(super) struct Status(Arc<Mutex<Line>>);

#[derive(Debug, Default)]
struct Line {
    running: Option<(String, Instant)>,
    is_shown: bool,
}

impl Status {
    /// Starts the thread that counts the seconds; it ends with the program.
    pub(super) fn start() -> Self {
        let status = Self(Arc::default());
        let ticking = status.clone();
        std::thread::spawn(move || {
            loop {
                std::thread::sleep(TICK);
                let mut line = ticking.lock();
                if line.running.is_some() {
                    line.show();
                }
            }
        });
        status
    }

    /// Shows what runs now, or nothing.
    pub(super) fn set(&self, text: Option<String>) {
        let mut line = self.lock();
        line.running = text.map(|text| (text, Instant::now()));
        line.show();
    }

    /// The same, unless it is what is shown already: that goes on.
    pub(super) fn go_on(&self, text: String) {
        if self.lock().running.as_ref().is_none_or(|(shown, _)| *shown != text) {
            self.set(Some(text));
        }
    }

    /// Shows something else about what runs now, which goes on.
    pub(super) fn change(&self, text: String) {
        let mut line = self.lock();
        let since = line.running.as_ref().map_or_else(Instant::now, |(_, since)| *since);
        line.running = Some((text, since));
        line.show();
    }

    fn lock(&self) -> MutexGuard<'_, Line> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Line {
    fn show(&mut self) {
        let text = self.running.as_ref().map(|(text, since)| shown(text, since.elapsed()));
        if text.is_none() && !self.is_shown {
            return;
        }
        self.is_shown = text.is_some();
        let mut terminal = std::io::stderr().lock();
        // Nothing depends on the progress being seen.
        let _ = terminal.write_all(drawn(text.as_deref()).as_bytes());
        let _ = terminal.flush();
    }
}

/// What the terminal is sent.
fn drawn(text: Option<&str>) -> String {
    let [off, on] = WRAP;
    text.map_or_else(|| CLEAR.to_owned(), |text| format!("{CLEAR}{off}{text}{on}"))
}

fn shown(text: &str, elapsed: Duration) -> String {
    let time = match elapsed.as_secs() {
        0 => String::new(),
        seconds if seconds < 60 => format!("{seconds}s "),
        seconds => format!("{}m{:02}s ", seconds / 60, seconds % 60),
    };
    (time + text).chars().filter(|c| !c.is_control()).take(WIDTH).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_is_cut_and_tells_the_time_that_passes() {
        assert_eq!(shown("a.sql:1: SELECT 1", Duration::ZERO), "a.sql:1: SELECT 1");
        assert_eq!(drawn(Some("a")), "\r\u{1b}[2K\u{1b}[?7la\u{1b}[?7h");
        assert_eq!(drawn(None), "\r\u{1b}[2K");
        assert_eq!(shown("x\ny", Duration::from_secs(75)), "1m15s xy");
        assert_eq!(shown(&"é".repeat(200), Duration::ZERO).chars().count(), WIDTH);
    }
}

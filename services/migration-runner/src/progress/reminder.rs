use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// After what time it is first said that something still runs.
const FIRST: Duration = Duration::from_secs(10);
/// How far the next times are apart: as much as has passed, but neither less nor more than this.
/// Services that run pipelines end one that says nothing for ten minutes.
const APART: (Duration, Duration) = (Duration::from_secs(20), Duration::from_mins(5));
/// How often the clock is looked at.
const TICK: Duration = Duration::from_millis(500);

/// Tells the time that passes.
pub(super) type Clock = Arc<dyn Fn() -> Instant + Send + Sync>;
/// Takes a line.
pub(super) type Say = Arc<dyn Fn(&str) + Send + Sync>;

/// Says where no terminal shows it that something still runs: after 10 s, 30 s, 1 m, 2 m and so on.
#[derive(Clone)]
pub(super) struct Reminder {
    running: Arc<Mutex<Option<Running>>>,
    clock: Clock,
    say: Say,
}

/// What runs, since when, and when that is said next.
#[derive(Debug)]
struct Running {
    /// `1_a.sql:3: still running`
    what: String,
    /// What is known of it.
    more: String,
    /// What the server has told last about how far it is.
    told: Option<String>,
    since: Instant,
    due: Duration,
}

impl fmt::Debug for Reminder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Reminder").field(&self.running).finish()
    }
}

impl Reminder {
    pub(super) fn new(clock: Clock, say: Say) -> Self {
        Self { running: Arc::default(), clock, say }
    }

    /// Starts the thread that looks at the clock; it ends with the program.
    pub(super) fn start(say: Say) -> Self {
        let reminder = Self::new(Arc::new(Instant::now), say);
        let ticking = reminder.clone();
        std::thread::spawn(move || {
            loop {
                std::thread::sleep(TICK);
                ticking.tick();
            }
        });
        reminder
    }

    /// Something begins.
    pub(super) fn begin(&self, what: String, more: String) {
        let since = (self.clock)();
        *self.lock() = Some(Running { what, more, told: None, since, due: FIRST });
    }

    /// The same still goes on, as somebody has found out, or something else begins.
    pub(super) fn go_on(&self, what: &str, more: &str) {
        if let Some(running) = self.lock().as_mut().filter(|running| running.what == what) {
            more.clone_into(&mut running.more);
            return;
        }
        self.begin(what.to_owned(), more.to_owned());
    }

    /// The server's words on how far it is.
    pub(super) fn tell(&self, told: &str) {
        if let Some(running) = self.lock().as_mut() {
            running.told = Some(told.to_owned());
        }
    }

    /// Nothing runs any more.
    pub(super) fn end(&self) {
        *self.lock() = None;
    }

    /// Says what is due.
    pub(super) fn tick(&self) {
        let now = (self.clock)();
        let mut running = self.lock();
        // Said under the lock, so that it never comes behind the end of what it is about.
        if let Some(line) = running.as_mut().and_then(|running| running.find_due(now)) {
            (self.say)(&line);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Running {
    fn find_due(&mut self, now: Instant) -> Option<String> {
        let passed = now.saturating_duration_since(self.since);
        if passed < self.due {
            return None;
        }
        while self.due <= passed {
            self.due += self.due.clamp(APART.0, APART.1);
        }
        let told = self.told.as_ref().map(|told| format!(" ({told})")).unwrap_or_default();
        Some(format!("{} after {}: {}{told}", self.what, shown(passed), self.more))
    }
}

/// Whole units, the largest that fits: `30 s`, `2 m`, `1 h 5 m`.
fn shown(time: Duration) -> String {
    match (time.as_secs(), time.as_secs() / 60) {
        (seconds, 0) => format!("{seconds} s"),
        (_, minutes) if minutes < 60 => format!("{minutes} m"),
        (_, minutes) => format!("{} h {} m", minutes / 60, minutes % 60),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    /// A reminder whose clock stands until it is set, and what it has said.
    fn reminder() -> (Reminder, Arc<AtomicU64>, Arc<Mutex<Vec<String>>>) {
        let (seconds, said) = (Arc::new(AtomicU64::new(0)), Arc::new(Mutex::new(Vec::new())));
        let (start, hand, ear) = (Instant::now(), seconds.clone(), said.clone());
        let clock = move || start + Duration::from_secs(hand.load(Ordering::Relaxed));
        let say = move |line: &str| ear.lock().unwrap().push(line.to_owned());
        (Reminder::new(Arc::new(clock), Arc::new(say)), seconds, said)
    }

    fn pass(reminder: &Reminder, clock: &AtomicU64, until: u64) {
        for second in clock.load(Ordering::Relaxed)..=until {
            clock.store(second, Ordering::Relaxed);
            reminder.tick();
        }
    }

    #[test]
    fn long_statement_is_told_of_at_growing_distances() {
        let (reminder, clock, said) = reminder();
        reminder.begin("a.sql:3: still running".to_owned(), "ALTER TABLE a".to_owned());
        pass(&reminder, &clock, 9);
        assert!(said.lock().unwrap().is_empty());
        pass(&reminder, &clock, 29);
        reminder.tell("altering table, 40 %");
        pass(&reminder, &clock, 4000);
        let said = said.lock().unwrap();
        assert_eq!(said[0], "a.sql:3: still running after 10 s: ALTER TABLE a");
        let told = "a.sql:3: still running after 30 s: ALTER TABLE a (altering table, 40 %)";
        assert_eq!(said[1], told);
        let times = said.iter().map(|line| line.split_once("after ").unwrap().1);
        let times: Vec<&str> = times.map(|line| line.split_once(':').unwrap().0).collect();
        let first = ["10 s", "30 s", "1 m", "2 m", "4 m", "8 m", "13 m", "18 m"];
        assert_eq!(times[..8], first);
        assert_eq!(times.last(), Some(&"1 h 3 m"));
    }

    #[test]
    fn what_begins_anew_or_has_ended_is_not_told_of() {
        let (reminder, clock, said) = reminder();
        reminder.begin("a".to_owned(), String::new());
        pass(&reminder, &clock, 9);
        reminder.begin("a".to_owned(), String::new());
        pass(&reminder, &clock, 18);
        reminder.end();
        pass(&reminder, &clock, 60);
        assert!(said.lock().unwrap().is_empty());
    }

    #[test]
    fn what_is_found_to_go_on_is_told_of_with_the_last_words() {
        let (reminder, clock, said) = reminder();
        reminder.go_on("still connecting", "refused");
        pass(&reminder, &clock, 8);
        reminder.go_on("still connecting", "no answer in time");
        pass(&reminder, &clock, 12);
        assert_eq!(*said.lock().unwrap(), ["still connecting after 10 s: no answer in time"]);
    }
}

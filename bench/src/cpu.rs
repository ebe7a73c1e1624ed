//! CPU time of processes, as Linux counts it.
//! <https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html>

use std::time::Duration;

use crate::failure::Failure;

/// The fields of `/proc/PID/stat` that matter here.
#[derive(Debug, PartialEq, Eq)]
struct Stat {
    name: String,
    parent: u32,
    /// User and system time, of its threads and of the children that it has waited for.
    ticks: u64,
}

/// Ticks per second of these files: a constant of the kernel's interface on every architecture
/// that the images are built for.
const TICKS_PER_SECOND: u64 = 100;

/// What these processes have used so far.
pub(crate) fn used(processes: &[u32]) -> Result<Duration, Failure> {
    let mut ticks = 0;
    for process in processes {
        ticks += read(*process)?.ticks;
    }
    Ok(Duration::from_millis(ticks * 1000 / TICKS_PER_SECOND))
}

/// The process and its children, if it runs on this machine under one of these names.
pub(crate) fn family(process: u32, names: &[&str]) -> Vec<u32> {
    let is_named = |stat: Stat| names.iter().any(|name| stat.name.starts_with(name));
    if !read(process).is_ok_and(is_named) {
        return Vec::new();
    }
    let is_child = |candidate: &u32| read(*candidate).is_ok_and(|stat| stat.parent == process);
    std::iter::once(process).chain(all().into_iter().filter(is_child)).collect()
}

/// The process that started this one.
pub(crate) fn parent(process: u32) -> Option<u32> {
    read(process).ok().map(|stat| stat.parent)
}

fn all() -> Vec<u32> {
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect()
}

fn read(process: u32) -> Result<Stat, Failure> {
    let text = std::fs::read_to_string(format!("/proc/{process}/stat"))
        .map_err(Failure::system("reading the CPU time of a process"))?;
    parse(&text).ok_or_else(|| Failure::Program {
        program: format!("process {process}"),
        reason: format!("its stat file is odd: {text}"),
    })
}

/// The name stands in parentheses and may hold anything, parentheses too.
fn parse(stat: &str) -> Option<Stat> {
    let (before, after) = stat.rsplit_once(") ")?;
    let (_, name) = before.split_once('(')?;
    let fields: Vec<&str> = after.split(' ').collect();
    // Counted from the third field of the manual, which is the first after the name.
    let number = |field: usize| fields.get(field - 3)?.trim().parse::<u64>().ok();
    let ticks = number(14)? + number(15)? + number(16)? + number(17)?;
    Some(Stat { name: name.to_owned(), parent: u32::try_from(number(4)?).ok()?, ticks })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_counted_from_after_the_name() {
        let text = "42 (a) (b) c) S 7 42 42 0 -1 4194560 1 2 3 4 100 20 3 1 20 0 9 0 5 6 7";
        let stat = parse(text).unwrap();
        assert_eq!(stat, Stat { name: "a) (b) c".to_owned(), parent: 7, ticks: 124 });
    }

    #[test]
    fn this_process_has_used_time_and_has_a_parent() {
        let own = std::process::id();
        assert!(used(&[own]).is_ok());
        assert!(parent(own).is_some());
        assert!(family(own, &["no-such-name"]).is_empty());
    }

    #[test]
    fn a_process_that_is_gone_is_an_error() {
        assert!(used(&[u32::MAX]).is_err());
        assert_eq!(parse("1 (x"), None);
    }
}

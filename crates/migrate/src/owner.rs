use std::fs;

/// This process, as the journal and the lock file name it: `host/pid/start`.
pub(crate) fn describe() -> String {
    let pid = std::process::id();
    format!("{} process {pid} started {}", host(), start(pid).unwrap_or_default())
}

/// This process, as people look for it.
pub(crate) fn for_people() -> String {
    format!("process {} on {}", std::process::id(), host_name())
}

/// The process of such a description, as people look for it.
pub(crate) fn shortened(description: &str) -> String {
    let mut words = description.split_whitespace();
    match (words.next(), words.next(), words.next()) {
        (Some(host), Some("process"), Some(pid)) => {
            format!("process {pid} on {}", host.split('/').next().unwrap_or(host))
        }
        _ => description.to_owned(),
    }
}

/// Whether the process of this description ran on this host and has ended, beyond doubt.
///
/// Only Linux tells the start of a process; elsewhere, and for other hosts, the answer is no.
pub(crate) fn is_surely_gone(description: &str) -> bool {
    let mut words = description.split_whitespace();
    let (Some(there), Some("process"), Some(pid), Some("started"), Some(started)) =
        (words.next(), words.next(), words.next(), words.next(), words.next())
    else {
        return false;
    };
    let Ok(pid) = pid.parse::<u32>() else { return false };
    // Two machines may bear one name, but no two boots one number.
    let is_here =
        there == host() && started.split_once('@').map(|(_, boot)| boot) == boot().as_deref();
    is_here && has_ended(started, start(pid).as_deref(), || exists(pid))
}

/// Whether the process with this start is no more, by what the system tells of its number. It may hide the
/// processes of other users (`hidepid`), but not that they are there.
fn has_ended(started: &str, now: Option<&str>, exists: impl FnOnce() -> bool) -> bool {
    match now {
        Some(now) => now != started,
        None => !exists(),
    }
}

/// Whether there is such a process, of whatever user.
fn exists(pid: u32) -> bool {
    let pid = i32::try_from(pid).ok().and_then(rustix::process::Pid::from_raw);
    let asked = pid.map(rustix::process::test_kill_process);
    asked.is_some_and(|answer| answer != Err(rustix::io::Errno::SRCH))
}

/// The host's name and its process namespace, without which a number means nothing.
fn host() -> String {
    let name = host_name();
    let namespace = fs::read_link("/proc/self/ns/pid").unwrap_or_default();
    let number: String = namespace.to_string_lossy().chars().filter(char::is_ascii_digit).collect();
    format!("{name}/{number}")
}

fn host_name() -> String {
    let name = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    name.split_whitespace().next().unwrap_or("unknown-host").to_owned()
}

/// The start of a process in ticks since boot, joined to the boot: unique on this host.
fn start(pid: u32) -> Option<String> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name in parentheses may hold spaces; the start is the twentieth field behind it.
    let ticks = stat.rsplit_once(')')?.1.split_whitespace().nth(19)?.to_owned();
    Some(format!("{ticks}@{}", boot()?))
}

/// What no other start of any machine's system has.
fn boot() -> Option<String> {
    let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    Some(boot.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn ended_process_is_told_from_a_running_one() {
        let mine = describe();
        assert!(!is_surely_gone(&mine));
        assert!(is_surely_gone(&mine.replace("started ", "started 1")));
        assert!(!is_surely_gone(&format!("elsewhere{mine}").replace("started ", "started 1")));
        assert!(!is_surely_gone("nonsense"));
        let namesake = mine.replace("started ", "started 1").replace('@', "@0");
        assert!(!is_surely_gone(&namesake), "another machine of the same name");
    }

    #[test]
    fn hidden_process_is_not_taken_for_an_ended_one() {
        assert!(has_ended("5@b", Some("6@b"), || true));
        assert!(!has_ended("5@b", Some("5@b"), || false));
        assert!(has_ended("5@b", None, || false));
        assert!(!has_ended("5@b", None, || true), "another user's, behind hidepid");
        assert!(exists(std::process::id()));
        assert!(!exists(u32::MAX), "no number of a process");
    }

    #[test]
    fn people_are_told_the_process_and_its_host() {
        assert_eq!(shortened("web-1/402 process 7 started 5@6 attempt 8"), "process 7 on web-1");
        assert_eq!(shortened("somebody"), "somebody");
    }
}

//! A place in memory for what a run throws away.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::capture;

const SHARED: &str = "/dev/shm";
const MARK: &str = "artisan-xtask-";
/// In KiB: the data of all tests on all servers, with room to spare.
const ROOM: u64 = 4 << 20;

/// In KiB: what is free beside, for the programs themselves.
const BESIDE: u64 = 4 << 20;

/// The system's folder in memory, if it has room and programs may run from it. Whoever says where temporary
/// files go (`TMPDIR`) is obeyed instead.
pub(crate) fn in_memory() -> Option<PathBuf> {
    let is_told = std::env::var_os("TMPDIR").is_some_and(|folder| !folder.is_empty());
    let mounts = std::fs::read_to_string("/proc/self/mounts").ok()?;
    let folder = (!is_told && is_fit(&mounts)).then(|| Path::new(SHARED).to_owned())?;
    let free = capture(Command::new("df").args(["-k", "--output=avail"]).arg(&folder)).ok()?;
    sweep(&folder);
    // The first is what the folder may hold at most, the second whether that much is free.
    let memory = std::fs::read_to_string("/proc/meminfo").ok()?;
    (available(&free)? >= ROOM && unused(&memory)? >= ROOM + BESIDE).then_some(folder)
}

/// The beginning of the names of folders that are made there, by the process that makes them.
pub(crate) fn prefix(of: &str) -> String {
    format!("{MARK}{}-{of}-", std::process::id())
}

/// Removes what processes left there that were killed.
fn sweep(folder: &Path) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let process = name.to_str().and_then(|name| name.strip_prefix(MARK)?.split('-').next());
        if process.is_some_and(|process| !Path::new("/proc").join(process).exists()) {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

fn unused(said: &str) -> Option<u64> {
    let line = said.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    line.trim().strip_suffix(" kB")?.parse().ok()
}

/// Whether it is in memory, may be written and holds programs: containers often forbid that.
fn is_fit(mounts: &str) -> bool {
    // What was mounted last is what is seen.
    let mount = mounts.lines().rev().find_map(|line| {
        let mut fields = line.split(' ').skip(1);
        (fields.next()? == SHARED).then(|| Some((fields.next()?, fields.next()?)))?
    });
    mount.is_some_and(|(kind, options)| {
        let mut options = options.split(',');
        kind == "tmpfs" && !options.any(|option| matches!(option, "noexec" | "ro"))
    })
}

fn available(said: &str) -> Option<u64> {
    said.lines().nth(1)?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_memory_that_takes_programs_is_fit() {
        let line =
            |options: &str| format!("/dev/vda / ext4 rw 0 0\ntmpfs /dev/shm {options} 0 0\n");
        assert!(is_fit(&line("tmpfs rw,nosuid,nodev")));
        assert!(!is_fit(&line("tmpfs rw,nosuid,nodev,noexec")));
        assert!(!is_fit(&line("tmpfs ro")));
        assert!(!is_fit(&line("ext4 rw")));
        assert!(!is_fit("/dev/vda / ext4 rw 0 0\n"));
        assert!(!is_fit(&format!("{}{}", line("tmpfs rw"), line("tmpfs rw,noexec"))));
    }

    #[test]
    fn only_what_a_dead_process_left_is_swept() {
        let folder = tempfile::tempdir().unwrap();
        let mut dead = Command::new("true").spawn().unwrap();
        dead.wait().unwrap();
        let left = format!("{MARK}{}-server-x", dead.id());
        let names = [left.as_str(), &format!("{}x", prefix("server")), "artisan-xtask", "other-1"];
        for name in names {
            std::fs::create_dir(folder.path().join(name)).unwrap();
        }
        sweep(folder.path());
        let is_there = names.map(|name| folder.path().join(name).exists());
        assert_eq!(is_there, [false, true, true, true]);
    }

    #[test]
    fn room_is_read_in_kibibytes() {
        assert_eq!(available("    Avail\n 24683000\n"), Some(24_683_000));
        assert_eq!(available("df: no such folder\n"), None);
        assert_eq!(unused("MemFree: 1 kB\nMemAvailable:   23068932 kB\n"), Some(23_068_932));
        assert_eq!(unused("MemFree: 1 kB\n"), None);
    }
}

//! Memory of processes, as Linux counts it.

use crate::failure::Failure;

/// What the process holds now, in KiB.
pub(crate) fn resident(process: u32) -> Result<u64, Failure> {
    field(process, "VmRSS")
}

/// The most that the process has held, in KiB.
pub(crate) fn peak(process: u32) -> Result<u64, Failure> {
    field(process, "VmHWM")
}

fn field(process: u32, name: &str) -> Result<u64, Failure> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))
        .map_err(Failure::system("reading the memory of a process"))?;
    parse(&status, name).ok_or_else(|| Failure::Program {
        program: format!("process {process}"),
        reason: format!("its status has no {name}: it has ended"),
    })
}

fn parse(status: &str, name: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_names_are_found() {
        let status = "Name:\tx\nVmHWM:\t   2048 kB\nVmRSS:\t   1024 kB\nVmRSSOther: 1 kB\n";
        assert_eq!(parse(status, "VmRSS"), Some(1024));
        assert_eq!(parse(status, "VmHWM"), Some(2048));
        assert_eq!(parse("State: Z (zombie)\n", "VmRSS"), None);
    }

    #[test]
    fn this_process_holds_memory() {
        let own = std::process::id();
        assert!(resident(own).unwrap() <= peak(own).unwrap());
    }
}

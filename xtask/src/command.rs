//! Running other programs, so that a failure names the command and what it said.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};

use crate::cleanup::{Guard, Leftover};
use crate::failure::{Doing as _, Failure};

/// Runs it with its output shown; a bad end is a failure.
pub(crate) fn run(command: &mut Command) -> Result<(), Failure> {
    let status = wait(command)?;
    if status.success() {
        return Ok(());
    }
    Err(Failure::new(format!("`{}` ended with {status}", shown(command))))
}

/// Runs it with its output shown and gives its end.
pub(crate) fn wait(command: &mut Command) -> Result<ExitStatus, Failure> {
    let name = shown(command);
    let mut child = command.spawn().doing(format!("starting `{name}`"))?;
    let guard = Guard::new(Leftover::Foreground { pid: child.id() });
    let status = child.wait().doing(format!("waiting for `{name}`"));
    guard.forget();
    status
}

/// Runs it in silence and gives its standard output; a bad end shows what it said.
pub(crate) fn capture(command: &mut Command) -> Result<String, Failure> {
    let name = shown(command);
    let output = command.stdin(Stdio::null()).output().doing(format!("starting `{name}`"))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() {
        return Ok(text);
    }
    let errors = String::from_utf8_lossy(&output.stderr);
    let said = format!("{text}{errors}");
    Err(Failure::new(format!("`{name}` ended with {}\n{}", output.status, said.trim_end())))
}

/// Whether it can be started and ends well; nothing is shown.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    capture(command).is_ok()
}

/// The program's path, from `PATH` or one of the further folders.
pub(crate) fn find_program(name: &str, further: &[PathBuf]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain(further.iter().cloned())
        .map(|folder| folder.join(name))
        .find(|candidate| candidate.is_file())
}

/// The command as a person would type it.
pub(crate) fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failure_names_the_command_and_what_it_said() {
        let failure = capture(Command::new("sh").args(["-c", "echo why >&2; exit 3"])).unwrap_err();
        assert_eq!(
            failure.to_string(),
            "`sh -c echo why >&2; exit 3` ended with exit status: 3\nwhy"
        );
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let failure = run(&mut Command::new("no-such-program-here")).unwrap_err();
        assert!(failure.to_string().starts_with("starting `no-such-program-here`: "));
    }

    #[test]
    fn programs_are_found_in_path_and_in_further_folders() {
        assert!(find_program("sh", &[]).is_some());
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a-program-of-ours"), "").unwrap();
        assert_eq!(find_program("a-program-of-ours", &[]), None);
        assert!(find_program("a-program-of-ours", &[folder.path().to_owned()]).is_some());
    }
}

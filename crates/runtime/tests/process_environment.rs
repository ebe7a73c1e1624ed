//! `Env::from_process`, seen from a child process with its own variables and working directory.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;
use std::process::Command;

use artisan_runtime::env::Env;

/// Runs [`child`] in `dir` and gives what it printed.
fn run(dir: &Path, variables: &[(&str, &str)]) -> String {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child", "--ignored", "--nocapture"])
        .current_dir(dir)
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
#[ignore = "the child of the other tests"]
fn child() {
    match Env::from_process() {
        Ok(env) => println!("[{}]", env.get("ARTISAN_TEST").unwrap().unwrap_or_default()),
        Err(error) => println!("<{error}>"),
    }
}

#[test]
fn the_process_wins_over_the_file() {
    let dir = tempfile::tempdir().unwrap();
    assert!(run(dir.path(), &[]).contains("[]"));
    std::fs::write(dir.path().join(".env"), "# comment\nARTISAN_TEST=\"from the file\"\n").unwrap();
    assert!(run(dir.path(), &[]).contains("[from the file]"));
    assert!(
        run(dir.path(), &[("ARTISAN_TEST", "from the process")]).contains("[from the process]")
    );
    assert!(run(dir.path(), &[("ARTISAN_TEST", "")]).contains("[from the file]"));
}

#[test]
fn a_file_named_by_the_process_wins_over_a_value_in_dotenv() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join(".env"), "ARTISAN_TEST=development\n").unwrap();
    std::fs::write(dir.path().join("secret"), "production\n").unwrap();
    let printed = run(dir.path(), &[("ARTISAN_TEST_FILE", "secret")]);
    assert!(printed.contains("[production]"), "{printed}");
}

#[test]
fn a_broken_dotenv_is_an_error_that_does_not_show_the_line() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join(".env"), "A=1\nPASSWORD=hunter2 and more words\n").unwrap();
    let printed = run(dir.path(), &[]);
    assert!(printed.contains("<.env: entry 2"), "{printed}");
    assert!(!printed.contains("hunter2"), "{printed}");
}

#[test]
fn a_dotenv_as_some_editors_save_it_is_read() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join(".env"), "\u{feff}ARTISAN_TEST=first\r\nB=2\r\n").unwrap();
    let printed = run(dir.path(), &[]);
    assert!(printed.contains("[first]"), "{printed}");
}

#[test]
fn a_folder_in_place_of_dotenv_is_told_as_one() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join(".env")).unwrap();
    let printed = run(dir.path(), &[]);
    assert!(printed.contains("<.env: cannot be read: Is a directory"), "{printed}");
}

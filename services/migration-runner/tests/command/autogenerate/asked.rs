//! What a person at a terminal is asked, and what becomes of the question.

use std::io::{Read, Write};
use std::process::{Command, Stdio};

use artisan_testkit::{TestDatabase, on_every_engine};

use super::{OTHER_COLUMN, call, count, project};
use crate::folder::migrate;

on_every_engine!(interrupt_ends_the_question);

/// The terminal is that of util-linux' `script`, whose input is what somebody types.
async fn interrupt_ends_the_question(database: TestDatabase) {
    let folder = project(&database, OTHER_COLUMN);
    let (dir, program) = (folder.path().to_str().unwrap(), env!("CARGO_BIN_EXE_migrate"));
    // In place of the shell, which the signal would end as well.
    let line = format!("exec {program} revision --autogenerate -m x --dir {dir}");
    let mut command = Command::new("script");
    let environment = migrate(&database, &[]);
    let environment = environment.get_envs().filter_map(|(name, value)| Some((name, value?)));
    command.args(["-q", "-e", "-c", &line, "/dev/null"]).envs(environment);
    let pipes = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut terminal = pipes.spawn().unwrap_or_else(|error| panic!("util-linux' script: {error}"));
    let (mut keys, mut screen) = (terminal.stdin.take().unwrap(), terminal.stdout.take().unwrap());
    let (mut shown, mut part) = (String::new(), [0; 512]);
    while !shown.contains("neither: ") {
        let length = screen.read(&mut part).unwrap();
        assert!(length > 0, "nothing was asked: {shown}");
        shown.push_str(&String::from_utf8_lossy(&part[..length]));
    }
    let asker = asker(terminal.id());
    keys.write_all(b"\x03").unwrap();
    screen.read_to_string(&mut shown).unwrap();
    assert_eq!(terminal.wait().unwrap().code(), Some(143), "{shown}");
    assert_eq!(count(&folder), 3, "a file was written");
    let left = super::scratch_of(&database, asker).await;
    assert_eq!(left, None);
    call(&database, &folder, &["current"]).expect(0);
}

/// The process that asks: the child of the one that draws the terminal.
fn asker(terminal: u32) -> u32 {
    let path = format!("/proc/{terminal}/task/{terminal}/children");
    let children = std::fs::read_to_string(path).unwrap();
    children.trim().parse().unwrap()
}

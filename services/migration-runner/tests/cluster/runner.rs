use std::fs::File;
use std::process::{Child, Stdio};
use std::time::Instant;

use super::folder::{Ended, Folder, bare};
use super::site::{Process, Site, wait};

/// A runner at work on one node; killed when dropped before its end.
pub(crate) struct Runner {
    child: Child,
    output: tempfile::TempDir,
}

impl Runner {
    pub(crate) fn upgrade(site: &Site, node: usize, folder: &Folder) -> Self {
        Self::start(site, node, &["upgrade", "head"], folder)
    }

    pub(crate) fn start(site: &Site, node: usize, arguments: &[&str], folder: &Folder) -> Self {
        let output = tempfile::tempdir().unwrap();
        let file = |name| Stdio::from(File::create(output.path().join(name)).unwrap());
        let child = bare(arguments)
            .args(["--output", "json", "--dir"])
            .arg(folder.path())
            .env("DATABASE_URL", site.url(node))
            .stdout(file("stdout"))
            .stderr(file("stderr"))
            .spawn()
            .unwrap();
        Self { child, output }
    }

    pub(crate) fn process(&self) -> Process {
        Process::of(&self.child)
    }

    /// Waits until it says that it waits for another one, and gives that line.
    pub(crate) async fn names_the_holder(&mut self) -> String {
        let begin = Instant::now();
        loop {
            if let Some(line) = holder(&self.read("stderr")) {
                return line;
            }
            assert!(!self.has_ended(), "{}", self.read("stderr"));
            wait(begin, "the second runner").await;
        }
    }

    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub(crate) fn has_ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    pub(crate) async fn ended(mut self) -> Ended {
        let begin = Instant::now();
        while !self.has_ended() {
            wait(begin, "a runner").await;
        }
        let code = self.child.wait().unwrap().code();
        Ended { code, stdout: self.read("stdout"), stderr: self.read("stderr") }
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.output.path().join(name)).unwrap()
    }
}

impl Drop for Runner {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// For whom a runner waited, in its own words.
pub(crate) fn holder(stderr: &str) -> Option<String> {
    let told = stderr.lines().find(|line| line.starts_with("waiting for another runner: "));
    told.filter(|line| line.contains(char::is_numeric)).map(str::to_owned)
}

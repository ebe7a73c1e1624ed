use std::path::{Path, PathBuf};

use artisan_migrate::{Moved, VersionName};
use serde::Serialize;

use crate::advice::with_place;
use crate::style::{self, Tone};

/// What a command has to tell: a document, and a text for people.
///
/// The document is the report itself, serialised.
pub(crate) trait Report: Serialize {
    /// For people, on standard output; every line ends with a line end.
    fn text(&self) -> String;

    /// The same without what was told already, as each revision ended: [`moved`].
    fn rest(&self) -> String {
        self.text()
    }

    /// The same for those who want to know nothing but what they have asked for: nothing, where a
    /// command only says what it has done.
    fn quiet(&self) -> String {
        self.text()
    }

    /// One line for those who see nothing else.
    fn summary(&self) -> String {
        "done".to_owned()
    }

    /// The exit code of a command that did its work.
    fn exit_code(&self) -> u8 {
        0
    }
}

/// The report of whichever command ran.
pub(crate) struct Outcome(Box<dyn AnyReport>);

/// [`Report`] without its generic method, so that reports of all commands are one type.
trait AnyReport {
    fn rest(&self) -> String;
    fn quiet(&self) -> String;
    fn summary(&self) -> String;
    fn exit_code(&self) -> u8;
    fn document(&self, command: &str) -> String;
}

impl<T: Report> AnyReport for T {
    fn rest(&self) -> String {
        Report::rest(self)
    }

    fn quiet(&self) -> String {
        Report::quiet(self)
    }

    fn summary(&self) -> String {
        Report::summary(self)
    }

    fn exit_code(&self) -> u8 {
        Report::exit_code(self)
    }

    fn document(&self, command: &str) -> String {
        crate::output::document(command, self)
    }
}

impl Outcome {
    pub(crate) fn new(report: impl Report + 'static) -> Self {
        Self(Box::new(report))
    }

    /// A report whose text advises commands, which have to name the folder as this one did.
    pub(crate) fn advising(report: impl Report + 'static, dir: Option<&Path>) -> Self {
        Self::new(Advising { report, dir: dir.map(Path::to_owned) })
    }

    pub(crate) fn rest(&self) -> String {
        self.0.rest()
    }

    pub(crate) fn quiet(&self) -> String {
        self.0.quiet()
    }

    pub(crate) fn summary(&self) -> String {
        self.0.summary()
    }

    pub(crate) fn exit_code(&self) -> u8 {
        self.0.exit_code()
    }

    /// The JSON document of the command, on one line.
    pub(crate) fn document(&self, command: &str) -> String {
        self.0.document(command)
    }
}

#[derive(Serialize)]
struct Advising<R> {
    #[serde(flatten)]
    report: R,
    #[serde(skip)]
    dir: Option<PathBuf>,
}

impl<R: Report> Report for Advising<R> {
    fn text(&self) -> String {
        with_place(&self.report.text(), self.dir.as_deref())
    }

    fn rest(&self) -> String {
        with_place(&self.report.rest(), self.dir.as_deref())
    }

    fn quiet(&self) -> String {
        with_place(&self.report.quiet(), self.dir.as_deref())
    }

    fn summary(&self) -> String {
        self.report.summary()
    }

    fn exit_code(&self) -> u8 {
        self.report.exit_code()
    }
}

/// A line per item.
pub(crate) fn lines(lines: impl Iterator<Item = String>) -> String {
    lines.fold(String::new(), |text, line| text + &line + "\n")
}

/// The line of a revision that was applied or undone.
pub(crate) fn moved(moved: &Moved, undoes: bool) -> String {
    let done = if undoes { "reverted".to_owned() } else { style::out(Tone::Good, "applied") };
    format!("{done} {} {} ({} ms)\n", moved.version, moved.name, moved.ms)
}

/// A revision as people write it: version and name.
pub(crate) fn named(revision: &VersionName) -> String {
    format!("{} {}", revision.version, revision.name)
}

use artisan_migrate::VersionName;
use serde::Serialize;

/// What a command has to tell: a document, and a text for people.
///
/// The document is the report itself, serialised.
pub(crate) trait Report: Serialize {
    /// For people, on standard output; every line ends with a line end.
    fn text(&self) -> String;

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
    fn text(&self) -> String;
    fn summary(&self) -> String;
    fn exit_code(&self) -> u8;
    fn document(&self, command: &str) -> String;
}

impl<T: Report> AnyReport for T {
    fn text(&self) -> String {
        Report::text(self)
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

    pub(crate) fn text(&self) -> String {
        self.0.text()
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

/// A line per item.
pub(crate) fn lines(lines: impl Iterator<Item = String>) -> String {
    lines.fold(String::new(), |text, line| text + &line + "\n")
}

/// A revision as people write it: version and name.
pub(crate) fn named(revision: &VersionName) -> String {
    format!("{} {}", revision.version, revision.name)
}

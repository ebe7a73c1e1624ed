use std::process::Command;

use crate::command::capture;
use crate::failure::Failure;
use crate::tools;
use crate::workspace::root;

/// A project on `PyPI` whose tables its own code makes on several engines.
#[derive(Debug)]
pub(crate) struct Project {
    /// Its package's, and what `xtask/tests/public_schemas.py` calls it.
    name: &'static str,
    version: &'static str,
    /// Packages beside it: drivers, and what its version works with.
    further: &'static [&'static str],
}

const PYMYSQL: &str = "pymysql==1.2.4";
const PSYCOPG: &str = "psycopg2-binary==2.9.13";

pub(crate) const OSCAR: Project = Project {
    name: "django-oscar",
    version: "4.2.1",
    further: &["django==5.2.19", "setuptools==80.9.0", PYMYSQL, PSYCOPG],
};

pub(crate) const NEUTRON: Project =
    Project { name: "neutron", version: "26.0.0", further: &[PYMYSQL, PSYCOPG] };

pub(crate) const GALAXY: Project =
    Project { name: "galaxy-data", version: "25.0.4", further: &[PYMYSQL, PSYCOPG] };

impl Project {
    /// Lets the project's code make its tables in a database.
    pub(crate) fn make_tables(&self, url: &str) -> Result<(), Failure> {
        let own = self.version();
        let packages: Vec<&str> =
            std::iter::once(own.as_str()).chain(self.further.iter().copied()).collect();
        let mut command = Command::new(tools::python(self.name, &packages)?);
        let script = root().join("xtask/tests/public_schemas.py");
        capture(command.arg(script).args([self.name, url])).map(drop)
    }

    /// As pip takes it.
    pub(crate) fn version(&self) -> String {
        format!("{}=={}", self.name, self.version)
    }
}

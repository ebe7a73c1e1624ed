//! `artisan import` from databases that the predecessor's own migrations have made.

use std::path::Path;

use artisan_testkit::TestDatabase;
use serde_json::Value;

use crate::client::Caller;
use crate::platform::{Ended, Platform, run_command};

mod decisions;
mod endings;
mod rows;
mod twice;

pub(super) const ADMIN: [(&str, &str); 2] = [
    ("BOOTSTRAP_ADMIN_EMAIL", "root@example.com"),
    ("BOOTSTRAP_ADMIN_PASSWORD", "Root-password-1"),
];

/// Where is imported to, beside what the test looks at.
pub(super) struct Target {
    pub(super) folder: tempfile::TempDir,
    pub(super) url: String,
}

impl Target {
    pub(super) fn file() -> Self {
        Self::at("sqlite://data/artisan.db")
    }

    pub(super) fn at(url: &str) -> Self {
        Self { folder: tempfile::tempdir().expect("a folder"), url: url.to_owned() }
    }

    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Runs the import with more arguments.
    pub(super) async fn import(&self, source: &TestDatabase, arguments: &[&str]) -> Ended {
        let variables = [("DATABASE_URL", self.url.as_str()), ("IMPORT_FROM_URL", source.url())];
        run_command(self.path(), &variables, &[&["import"], arguments].concat()).await
    }

    /// The report of an import that ends with that code, all passwords compared.
    pub(super) async fn report(
        &self,
        source: &TestDatabase,
        code: i32,
        arguments: &[&str],
    ) -> Value {
        let all = ["--output", "json", "--verify-passwords", "all"];
        let ended = self.import(source, &[&all, arguments].concat()).await;
        assert_eq!(ended.code, Some(code), "{}{}", ended.stdout, ended.stderr);
        serde_json::from_str(&ended.stdout).expect("JSON")
    }

    /// The platform on what was imported, and its administrator.
    pub(super) async fn serve(&self) -> (Platform, Caller) {
        let variables = [("DATABASE_URL", self.url.as_str()), ADMIN[0], ADMIN[1]];
        let platform = Platform::start(self.path(), &variables).await;
        let admin = Caller::anonymous(&platform.http).sign_in(ADMIN[0].1, ADMIN[1].1).await;
        (platform, admin)
    }
}

/// What was found, as `table.column problem`.
pub(super) fn findings(report: &Value) -> Vec<String> {
    let findings = report["findings"].as_array().expect("findings").iter();
    let text = |finding: &Value, key: &str| finding[key].as_str().unwrap_or_default().to_owned();
    let told = |finding: &Value| {
        let (table, column) = (text(finding, "table"), text(finding, "column"));
        format!("{table}.{column} {}", text(finding, "problem"))
    };
    findings.map(told).collect()
}

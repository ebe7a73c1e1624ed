use super::{Error, advice};

impl Error {
    /// The exit code of a process that ends with this error.
    #[must_use]
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::Unexpected { .. } => 1,
            Self::Usage { .. } | Self::Url(_) | Self::Refused { .. } => 2,
            Self::Unreachable { .. } | Self::ConnectionLost { .. } => 3,
            Self::WaitTimedOut { .. } => 4,
            Self::RunnerLocked { .. } | Self::TableLocked { .. } => 5,
            Self::MigrationFailed(_) | Self::DiskFull { .. } => 6,
            Self::History(_) => 7,
            Self::TooNew { .. } => 8,
            Self::Pending { .. } => 9,
            Self::Unproven(_) => 11,
            Self::Stopped => 143,
        }
    }

    /// A stable word for the case, in `UPPER_SNAKE_CASE`.
    #[must_use]
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::Unexpected { .. } => "UNEXPECTED",
            Self::Usage { reason, .. } => reason,
            Self::Url(_) => "DATABASE_URL_INVALID",
            Self::Refused { .. } => "DATABASE_REFUSED",
            Self::Unreachable { .. } => "DATABASE_UNREACHABLE",
            Self::ConnectionLost { .. } => "CONNECTION_LOST",
            Self::WaitTimedOut { .. } => "WAIT_TIMED_OUT",
            Self::RunnerLocked { .. } => "RUNNER_LOCKED",
            Self::TableLocked { .. } => "TABLE_LOCKED",
            Self::MigrationFailed(_) => "MIGRATION_FAILED",
            Self::DiskFull { .. } => "DISK_FULL",
            Self::History(problem) => problem.reason(),
            Self::TooNew { .. } => "DATABASE_TOO_NEW",
            Self::Pending { .. } => "REVISIONS_PENDING",
            Self::Unproven(_) => "UNPROVEN",
            Self::Stopped => "STOPPED",
        }
    }

    /// What to do next, in one or a few lines, where something can be said.
    #[must_use]
    pub fn next(&self) -> Option<String> {
        match self {
            Self::MigrationFailed(statement) => Some(advice::on_failed(statement)),
            Self::DiskFull { disk, .. } => {
                Some(format!("make room on {disk}, then {}", advice::AGAIN))
            }
            Self::TableLocked { holder, .. } => Some(format!(
                "end what holds the table ({holder}) or raise DDL_RETRY_FOR, then run the same \
                 command again: it continues from there"
            )),
            Self::RunnerLocked { .. } => {
                Some("wait for it to end, or raise LOCK_TIMEOUT, then run again".to_owned())
            }
            Self::Refused { database, .. } if database.starts_with("sqlite:") => Some(
                "check that the path names an SQLite database, and that this user may read and \
                 write it and its folder"
                    .to_owned(),
            ),
            Self::Refused { .. } => {
                Some("check the user, the password and the database name in the URL".to_owned())
            }
            Self::Unreachable { database, .. } if database.starts_with("sqlite:") => Some(
                "end the process that has the file open (`fuser FILE` names it), or raise \
                 CONNECT_TIMEOUT to wait longer for it"
                    .to_owned(),
            ),
            Self::Unreachable { .. } => Some(
                "check that the server runs and listens at that address, or raise CONNECT_TIMEOUT"
                    .to_owned(),
            ),
            Self::WaitTimedOut { remedy, .. } => {
                Some(format!("{remedy}; then wait again, or raise WAIT_TIMEOUT or --timeout"))
            }
            Self::History(problem) => Some(problem.next()),
            Self::TooNew { back_to: None, .. } => Some("deploy the newer program".to_owned()),
            Self::TooNew { back_to: Some(version), .. } => Some(format!(
                "deploy the newer program; or undo what it has brought, and lose the data that only that \
                 holds: `migrate downgrade {version} --from-database` runs the scripts that were kept"
            )),
            Self::Pending { command, .. } => Some(format!("run `{command}`")),
            Self::Unproven(_) => Some(
                "write this revision by hand: `migrate revision -m …` makes its files".to_owned(),
            ),
            Self::ConnectionLost { .. } | Self::Stopped => {
                Some("run the same command again".to_owned())
            }
            Self::Usage { .. } | Self::Url(_) | Self::Unexpected { .. } => None,
        }
    }
}

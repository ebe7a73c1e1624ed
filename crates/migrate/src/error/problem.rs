use std::fmt;

/// A contradiction between migration files and database, or among the files (exit code 7).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Two files have one version.
    DuplicateVersion {
        /// The version.
        version: i64,
        /// The first file.
        first: String,
        /// The second file.
        second: String,
    },
    /// Two revisions bear one label.
    DuplicateLabel {
        /// The label.
        label: String,
        /// The first file.
        first: String,
        /// The second file.
        second: String,
    },
    /// A down file without its up file.
    DownWithoutUp {
        /// The file.
        file: String,
    },
    /// A directive that cannot be read.
    BadDirective {
        /// The file.
        file: String,
        /// The line.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// A revision names a parent or dependency that no file has.
    UnknownParent {
        /// The file.
        file: String,
        /// The version it names.
        parent: i64,
    },
    /// A revision names a parent or dependency that is not older than itself.
    ParentNotOlder {
        /// The file.
        file: String,
        /// The version it names.
        parent: i64,
    },
    /// Several revisions that no other one builds upon, where one is needed.
    SeveralHeads {
        /// Their versions.
        heads: Vec<i64>,
    },
    /// The file of an applied revision has been changed.
    Edited {
        /// The version.
        version: i64,
        /// The file.
        file: String,
        /// Whether only white space or line ends differ.
        only_white_space: bool,
    },
    /// An applied revision builds upon one of our own that is not applied.
    MissingVersion {
        /// The version that is missing in the database.
        version: i64,
        /// The applied version that needs it.
        needed_by: i64,
    },
    /// The database has a revision that these files do not know, while own revisions are pending.
    UnknownVersion {
        /// The version.
        version: i64,
    },
    /// An earlier run was interrupted where nothing tells whether its statement has run.
    Interrupted {
        /// The version.
        version: i64,
        /// The file.
        file: String,
        /// What to look at.
        check: String,
    },
    /// Statements that had been applied were edited before the file was finished.
    EditedHalfApplied {
        /// The version.
        version: i64,
        /// The file.
        file: String,
        /// The line of the first edited step.
        line: usize,
    },
    /// The row of a revision says that it failed, and this runner did not run it.
    Dirty {
        /// The version.
        version: i64,
    },
    /// An expand revision stands behind a pending contract revision.
    ExpandBehindContract {
        /// The expand revision.
        expand: i64,
        /// The pending contract revision.
        contract: i64,
    },
    /// A contract revision cannot run before the expand revisions in front of it.
    ContractBehindExpand {
        /// The contract revision.
        contract: i64,
        /// The pending expand revision.
        expand: i64,
    },
    /// A revision to undo has no down file.
    Irreversible {
        /// The version.
        version: i64,
    },
}

impl Problem {
    /// A stable word for the case.
    #[must_use]
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::DuplicateVersion { .. } => "DUPLICATE_VERSION",
            Self::DuplicateLabel { .. } => "DUPLICATE_LABEL",
            Self::DownWithoutUp { .. } => "DOWN_WITHOUT_UP",
            Self::BadDirective { .. } => "BAD_DIRECTIVE",
            Self::UnknownParent { .. } => "UNKNOWN_PARENT",
            Self::ParentNotOlder { .. } => "PARENT_NOT_OLDER",
            Self::SeveralHeads { .. } => "MULTIPLE_HEADS",
            Self::Edited { .. } => "CHECKSUM_MISMATCH",
            Self::MissingVersion { .. } => "MISSING_VERSION",
            Self::UnknownVersion { .. } => "UNKNOWN_VERSION",
            Self::Interrupted { .. } => "INTERRUPTED",
            Self::EditedHalfApplied { .. } => "EDITED_HALF_APPLIED",
            Self::Dirty { .. } => "DIRTY",
            Self::ExpandBehindContract { .. } => "EXPAND_BEHIND_CONTRACT",
            Self::ContractBehindExpand { .. } => "CONTRACT_BEHIND_EXPAND",
            Self::Irreversible { .. } => "IRREVERSIBLE",
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn next(&self) -> String {
        match self {
            Self::DuplicateVersion { .. } => {
                "rename one of the files to a version that is free".to_owned()
            }
            Self::DuplicateLabel { .. } => "give one of the branches another label".to_owned(),
            Self::DownWithoutUp { .. } => "add the up file, or delete the down file".to_owned(),
            Self::BadDirective { .. } => "mend the line".to_owned(),
            Self::UnknownParent { .. } => "add the missing file, or mend the directive".to_owned(),
            Self::ParentNotOlder { .. } => {
                "give the file a version higher than those it names".to_owned()
            }
            Self::SeveralHeads { .. } => "run `migrate merge heads -m \"merge heads\"`, or name \
                 the one to go to; `migrate upgrade heads` takes all"
                .to_owned(),
            Self::Edited { only_white_space: true, .. } => {
                "restore the file as it was applied, or run `migrate repair --eol`".to_owned()
            }
            Self::Edited { only_white_space: false, .. } => {
                "restore the file as it was applied, and put the change into a new revision"
                    .to_owned()
            }
            Self::MissingVersion { version, .. } => format!(
                "run `migrate rebase {version}` to give it a version higher than the newest applied \
                 one, or name its real parents by `-- revises:`"
            ),
            Self::UnknownVersion { .. } => {
                "use the files that this database was migrated with, then run again; `migrate \
                 repair` tells of other ways"
                    .to_owned()
            }
            Self::Interrupted { version, .. } => format!(
                "look whether it has run; if so, run `migrate repair --done {version}`, else \
                 `migrate repair --not-done {version}`; then run again"
            ),
            Self::EditedHalfApplied { .. } => {
                "restore the statements that are applied, and change only those behind them"
                    .to_owned()
            }
            Self::Dirty { version } => format!(
                "look which of its statements have run; if all have, run `migrate repair --done \
                 {version}`, if none has, `migrate repair --not-done {version}`"
            ),
            Self::ExpandBehindContract { contract, .. } => format!(
                "roll the program out, then run `migrate upgrade {contract} --phase contract`, or \
                 `--phase all` if nothing is being served"
            ),
            Self::ContractBehindExpand { .. } => "run `migrate upgrade` first".to_owned(),
            Self::Irreversible { .. } => "write its .down.sql file".to_owned(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DuplicateVersion { version, first, second } => {
                write!(f, "{first} and {second} have the same version {version}")
            }
            Self::DuplicateLabel { label, first, second } => {
                write!(f, "{first} and {second} bear the same label {label}")
            }
            Self::DownWithoutUp { file } => write!(f, "{file} has no up file"),
            Self::BadDirective { file, line, message } => write!(f, "{file}:{line}: {message}"),
            Self::UnknownParent { file, parent } => {
                write!(f, "{file} builds upon revision {parent}, which no file has")
            }
            Self::ParentNotOlder { file, parent } => {
                write!(f, "{file} builds upon revision {parent}, which is not older than itself")
            }
            Self::SeveralHeads { heads } => {
                let heads: Vec<String> = heads.iter().map(ToString::to_string).collect();
                write!(f, "there are several heads: {}", heads.join(", "))
            }
            Self::Edited { file, only_white_space: true, .. } => {
                write!(f, "{file} was changed after it was applied: only white space or line ends")
            }
            Self::Edited { file, only_white_space: false, .. } => {
                write!(f, "{file} was changed after it was applied: its content differs")
            }
            Self::MissingVersion { version, needed_by } => write!(
                f,
                "revision {version} is not applied, but {needed_by}, which comes after it, is"
            ),
            Self::UnknownVersion { version } => write!(
                f,
                "the database has revision {version}, which these files do not know, and lacks some \
                 that they have"
            ),
            Self::Interrupted { file, check, .. } => {
                write!(f, "{file} was interrupted, and nothing tells whether this has run: {check}")
            }
            Self::EditedHalfApplied { file, line, .. } => {
                write!(f, "{file}:{line}: this is applied already, but was changed since")
            }
            Self::Dirty { version } => write!(
                f,
                "revision {version} was left half-applied by another program (success is false in \
                 _sqlx_migrations)"
            ),
            Self::ExpandBehindContract { expand, contract } => write!(
                f,
                "the expand revision {expand} stands behind the contract revision {contract}, which \
                 is pending"
            ),
            Self::ContractBehindExpand { contract, expand } => write!(
                f,
                "the contract revision {contract} stands behind the expand revision {expand}, which \
                 is pending"
            ),
            Self::Irreversible { version } => write!(f, "revision {version} has no down file"),
        }
    }
}

mod revision;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::Error;
use crate::author::Versioning;

pub use revision::{Hook, RevisionSettings, parse_offset};

/// What `sqlx.toml` says of migrations, as sqlx 0.9 reads it: without it `sqlx migrate` and this
/// runner would not agree on table, folder and checksums.
///
/// <https://docs.rs/sqlx/0.9.0/sqlx/config/struct.Config.html>
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// `common.database-url-var`: the variable that holds the database's URL.
    pub database_url_var: Option<String>,
    /// `migrate.migrations-dir`
    pub migrations_dir: Option<PathBuf>,
    /// `migrate.table-name`, qualified or not.
    pub table_name: Option<String>,
    /// `migrate.create-schemas`: made before anything else.
    pub create_schemas: Vec<String>,
    /// `migrate.ignored-chars`: left out of checksums.
    pub ignored_chars: BTreeSet<char>,
    /// `migrate.defaults.migration-type`, where the file says it.
    pub migration_type: Option<MigrationType>,
    /// `migrate.defaults.migration-versioning`: unset, as the versions of the folder are.
    pub versioning: Option<Versioning>,
}

/// The kind of file that a new revision gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MigrationType {
    /// That of the newest revision; simple if there is none.
    Inferred,
    /// One file without a way back.
    Simple,
    /// An up and a down file.
    Reversible,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "kebab-case", deny_unknown_fields)]
struct File {
    common: Common,
    migrate: Migrate,
    // Of no concern to migrations, and whatever may stand there.
    macros: toml::Table,
    drivers: toml::Table,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "kebab-case", deny_unknown_fields)]
struct Common {
    database_url_var: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "kebab-case", deny_unknown_fields)]
struct Migrate {
    create_schemas: BTreeSet<String>,
    table_name: Option<String>,
    migrations_dir: Option<PathBuf>,
    ignored_chars: BTreeSet<char>,
    defaults: Defaults,
}

// sqlx refuses unknown keys everywhere but here.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
struct Defaults {
    migration_type: Option<MigrationType>,
    migration_versioning: InferredVersioning,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum InferredVersioning {
    #[default]
    Inferred,
    Timestamp,
    Sequential,
}

impl Settings {
    /// Reads the file; where none is named, `sqlx.toml` in the working directory if there is one.
    ///
    /// Fails with [`Error::Usage`] where a named file is missing, and on keys that sqlx refuses.
    pub fn load(named: Option<&Path>) -> Result<Self, Error> {
        let path = named.unwrap_or_else(|| Path::new("sqlx.toml"));
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse(&text).map_err(|cause| bad(path, &cause)),
            Err(error) if named.is_none() && error.kind() == std::io::ErrorKind::NotFound => {
                Ok(Self::default())
            }
            Err(error) => Err(bad(path, &error.to_string())),
        }
    }

    fn parse(text: &str) -> Result<Self, String> {
        let file: File = toml::from_str(text).map_err(|error| error.to_string())?;
        if file.migrate.table_name.as_deref().is_some_and(|name| !is_name(name)) {
            return Err("migrate.table-name is no name, qualified or not".to_owned());
        }
        Ok(Self {
            database_url_var: file.common.database_url_var,
            migrations_dir: file.migrate.migrations_dir,
            table_name: file.migrate.table_name,
            create_schemas: file.migrate.create_schemas.into_iter().collect(),
            ignored_chars: file.migrate.ignored_chars,
            migration_type: file.migrate.defaults.migration_type,
            versioning: match file.migrate.defaults.migration_versioning {
                InferredVersioning::Inferred => None,
                InferredVersioning::Timestamp => Some(Versioning::Timestamp),
                InferredVersioning::Sequential => Some(Versioning::Sequential),
            },
        })
    }
}

/// The name goes into SQL as it stands, as sqlx has it.
fn is_name(name: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || "_.\"`$- ".contains(c);
    !name.trim().is_empty() && name.chars().all(is_part)
}

fn bad(path: &Path, cause: &str) -> Error {
    Error::usage("BAD_SQLX_TOML", format!("{} cannot be used: {}", path.display(), cause.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_sqlx_documents_is_read() {
        let text = "[common]\ndatabase-url-var = \"SHOP_URL\"\n[macros]\nanything = 1\n\
                    [migrate]\ntable-name = \"audit.applied\"\nmigrations-dir = \"db\"\n\
                    create-schemas = [\"audit\"]\nignored-chars = [\"\\r\"]\n\
                    defaults.migration-type = \"simple\"\n\
                    defaults.migration-versioning = \"sequential\"\n";
        let settings = Settings::parse(text).unwrap();
        assert_eq!(settings.database_url_var.as_deref(), Some("SHOP_URL"));
        assert_eq!(settings.table_name.as_deref(), Some("audit.applied"));
        assert_eq!(settings.create_schemas, ["audit"]);
        assert!(settings.ignored_chars.contains(&'\r'));
        assert_eq!(settings.migration_type, Some(MigrationType::Simple));
        assert_eq!(settings.versioning, Some(Versioning::Sequential));
        assert_eq!(settings.migrations_dir, Some("db".into()));
    }

    #[test]
    fn unknown_keys_and_dangerous_names_are_refused() {
        assert!(Settings::parse("[migrate]\ntable = \"x\"").unwrap_err().contains("table"));
        assert!(Settings::parse("[migrate]\ntable-name = \"x; DROP TABLE y\"").is_err());
        assert_eq!(Settings::parse("").unwrap(), Settings::default());
    }
}

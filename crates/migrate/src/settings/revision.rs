use std::path::{Path, PathBuf};

use serde::{Deserialize, Deserializer, de};
use time::UtcOffset;
use time::macros::format_description;

use crate::Error;
use crate::author::{Style, Template};

/// How new revisions are made in a project: `migrate.toml` in the working directory, all of whose
/// keys may be left out. Paths in it are relative to that directory. Nothing in it concerns a
/// database, so commands that write no files do not read it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "kebab-case", deny_unknown_fields)]
pub struct RevisionSettings {
    /// `[revision]`
    revision: Keys,
    /// `[autogenerate]`
    autogenerate: AutogenerateKeys,
    /// `[[post-write-hooks]]`, in their order.
    post_write_hooks: Vec<Hook>,
}

/// The table `[revision]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "kebab-case", deny_unknown_fields)]
struct Keys {
    reversible: Option<bool>,
    #[serde(deserialize_with = "length")]
    truncate_slug_length: Option<usize>,
    #[serde(deserialize_with = "offset")]
    timezone: Option<UtcOffset>,
    up_template: Option<PathBuf>,
    down_template: Option<PathBuf>,
}

/// The table `[autogenerate]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "kebab-case", deny_unknown_fields)]
struct AutogenerateKeys {
    ignore: Vec<String>,
}

/// A program that runs after files were written.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Hook {
    /// What messages call it.
    pub name: String,
    /// Program and arguments; no shell reads them. `{file}` in an argument, or Alembic's
    /// `REVISION_SCRIPT_FILENAME`, is a file's absolute path: the program then runs once for each
    /// file. An argument `{files}` becomes all of them.
    #[serde(deserialize_with = "command")]
    pub command: Vec<String>,
    /// Where it runs, if not in the working directory.
    #[serde(default)]
    pub cwd: Option<PathBuf>,
}

/// The greatest length: with version and suffix the name stays one that every file system takes.
const LONGEST: usize = 200;

impl RevisionSettings {
    /// Reads `migrate.toml` in the working directory, if it is there.
    ///
    /// Fails with [`Error::Usage`] on keys and values that it cannot have.
    pub fn load() -> Result<Self, Error> {
        let path = Path::new("migrate.toml");
        let bad = |cause: &str| {
            let message = format!("{} cannot be used: {}", path.display(), cause.trim());
            Error::usage("BAD_MIGRATE_TOML", message)
        };
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse(&text).map_err(|cause| bad(&cause)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(bad(&error.to_string())),
        }
    }

    fn parse(text: &str) -> Result<Self, String> {
        let table: toml::Table = toml::from_str(text).map_err(|error| error.to_string())?;
        let revision = table.get("revision").and_then(toml::Value::as_table);
        let template = |name| revision.is_some_and(|keys| keys.contains_key(name));
        if template("file-template") || template("file_template") {
            return Err("files are called <version>_<name>, as sqlx reads no others, so there is no \
                        file-template: dates stand in the version (`migrate revision --timestamp`), \
                        `truncate-slug-length` bounds the name, and `up-template` is for the text"
                .to_owned());
        }
        toml::from_str(text).map_err(|error| error.to_string())
    }

    /// `revision.reversible`: whether new revisions have a down file.
    #[must_use]
    pub fn reversible(&self) -> Option<bool> {
        self.revision.reversible
    }

    /// `autogenerate.ignore`: patterns of what is left out when schemas are compared.
    #[must_use]
    pub fn ignored_objects(&self) -> &[String] {
        &self.autogenerate.ignore
    }

    /// What runs after files were written, in this order.
    #[must_use]
    pub fn hooks(&self) -> &[Hook] {
        &self.post_write_hooks
    }

    /// How files are made: `revision.truncate-slug-length`, `revision.timezone`, and the templates
    /// `revision.up-template` and `revision.down-template`, or else `template.up.sql` and
    /// `template.down.sql` in the directory of the migrations, where sqlx ignores them.
    ///
    /// Fails with [`Error::Usage`] where a template that is named is not there.
    pub fn style(&self, migrations: &Path) -> Result<Style, Error> {
        let usual = Style::default();
        Ok(Style {
            versioning: None,
            offset: self.revision.timezone.unwrap_or(usual.offset),
            longest_slug: self.revision.truncate_slug_length.unwrap_or(usual.longest_slug),
            up: template(self.revision.up_template.as_deref(), migrations, "template.up.sql")?,
            down: template(
                self.revision.down_template.as_deref(),
                migrations,
                "template.down.sql",
            )?,
        })
    }
}

fn template(
    named: Option<&Path>,
    migrations: &Path,
    usual: &str,
) -> Result<Option<Template>, Error> {
    let Some(path) = named else { return Template::find(&migrations.join(usual)) };
    let found = Template::find(path)?;
    let missing = || {
        let message = format!("there is no {}, which migrate.toml names", path.display());
        Error::usage("BAD_TEMPLATE", message)
    };
    found.map(Some).ok_or_else(missing)
}

/// Reads an offset from UTC: `UTC`, `+02:00`, `-03:30`.
///
/// A name such as `Europe/Berlin` is refused: its clock is put back once a year, and for an hour
/// new versions would sort before older ones.
pub fn parse_offset(text: &str) -> Result<UtcOffset, String> {
    if matches!(text, "UTC" | "utc" | "Z") {
        return Ok(UtcOffset::UTC);
    }
    let format = format_description!("[offset_hour sign:mandatory padding:zero]:[offset_minute]");
    UtcOffset::parse(text, format).map_err(|_| {
        format!(
            "`{text}` is no offset from UTC: write UTC, or one like +02:00; the name of a place \
             will not do, as its clock is put back once a year and versions would go back with it"
        )
    })
}

fn offset<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<UtcOffset>, D::Error> {
    let text = String::deserialize(deserializer)?;
    parse_offset(&text).map(Some).map_err(de::Error::custom)
}

fn length<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<usize>, D::Error> {
    let length = usize::deserialize(deserializer)?;
    if (1..=LONGEST).contains(&length) {
        return Ok(Some(length));
    }
    Err(de::Error::custom(format!("write a length from 1 to {LONGEST}")))
}

fn command<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let words = Vec::<String>::deserialize(deserializer)?;
    if words.first().is_some_and(|program| !program.is_empty()) {
        return Ok(words);
    }
    Err(de::Error::custom("name a program: command = [\"program\", \"{file}\"]"))
}

#[cfg(test)]
mod tests {
    use time::macros::offset;

    use super::*;

    fn parse(text: &str) -> Result<RevisionSettings, String> {
        RevisionSettings::parse(text)
    }

    #[test]
    fn every_key_is_read_and_none_is_needed() {
        let settings = parse(
            "[revision]\nreversible = false\ntruncate-slug-length = 60\ntimezone = \"-03:30\"\n\
             [[post-write-hooks]]\nname = \"format\"\ncommand = [\"fmt\", \"{file}\"]\ncwd = \"x\"\n",
        );
        let settings = settings.unwrap();
        let style = settings.style(Path::new("nowhere")).unwrap();
        assert_eq!((style.longest_slug, style.offset), (60, offset!(-03:30)));
        assert_eq!(settings.reversible(), Some(false));
        let hook = &settings.hooks()[0];
        assert_eq!((hook.command.len(), hook.cwd.as_deref()), (2, Some(Path::new("x"))));
        let usual = parse("").unwrap();
        assert_eq!(usual.style(Path::new("nowhere")).unwrap(), Style::default());
    }

    #[test]
    fn what_cannot_be_is_told_with_what_can() {
        for (text, part) in [
            ("[revision]\nslug = 1", "`truncate-slug-length`"),
            ("[revision]\nfile_template = \"%%(slug)s\"", "`truncate-slug-length` bounds"),
            ("[revisions]", "`post-write-hooks`"),
            ("[revision]\ntimezone = \"Europe/Berlin\"", "+02:00"),
            ("[revision]\ntimezone = \"+0200\"", "+02:00"),
            ("[revision]\ntruncate-slug-length = 0", "1 to 200"),
            ("[[post-write-hooks]]\nname = \"a\"\ncommand = []", "{file}"),
            ("[[post-write-hooks]]\ncommand = [\"a\"]", "name"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.contains(part), "{text}: {error}");
        }
        for (text, offset) in [("UTC", offset!(UTC)), ("+05:45", offset!(+05:45))] {
            assert_eq!(parse_offset(text).unwrap(), offset);
        }
    }
}

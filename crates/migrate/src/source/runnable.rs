//! Folders of which every file that looks like a migration is one that runs.

use std::fs;
use std::path::Path;

use super::{Source, is_migration, shown};
use crate::{Engine, Error};

/// How many names a message lists.
const LISTED: usize = 3;
/// Files that belong into a folder of migrations without being any.
const OTHERS: [&str; 3] = ["template.up.sql", "template.down.sql", "schema.sql"];
/// What people call an engine's folder, and what it has to be called.
const MISNAMED: [(&str, &str); 4] =
    [("mariadb", "mysql"), ("postgresql", "postgres"), ("pg", "postgres"), ("sqlite3", "sqlite")];
/// What `migrate init` writes into its README, and nobody else.
const MARK: &str = "`<version>_<name>.up.sql`";

impl Source {
    /// As [`directory`](Self::directory), for those who run the files or tell what would run.
    ///
    /// Fails with [`Error::Usage`] where something that looks like a migration would never run
    /// (`NEVER_RUN`), and where there is no migration at all (`NO_MIGRATIONS`) in a folder that is not
    /// known to be one for migrations: by the README of `migrate init`, or by a `.gitkeep`.
    pub fn runnable_directory(path: &Path, engine: Engine) -> Result<Self, Error> {
        let source = Self::directory(path, engine)?;
        let own = path.join(engine.folder());
        let has_folders = own.is_dir();
        let place = if has_folders { own.as_path() } else { path };
        let names = names(place)?;
        if let Some(name) = names.iter().find(|name| is_passed_over(name)) {
            return Err(misnamed(&place.join(name)));
        }
        if has_folders {
            refuse_beside(path, engine)?;
        }
        refuse_misnamed_folders(path)?;
        if source.files.is_empty() {
            refuse_empty(path, place, &names)?;
        }
        Ok(source)
    }

    /// Whether there is no file at all.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}

/// Whether a file looks like a migration, and sqlx and this runner pass it over.
pub(crate) fn is_passed_over(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_digit()) && is_sql(name) && !is_migration(name)
}

/// sqlx tells `.SQL` from `.sql`; people do not.
fn is_sql(name: &str) -> bool {
    let extension = Path::new(name).extension().and_then(|extension| extension.to_str());
    extension.is_some_and(|extension| extension.eq_ignore_ascii_case("sql"))
}

fn names(folder: &Path) -> Result<Vec<String>, Error> {
    let entries = fs::read_dir(folder).map_err(|error| super::unreadable(folder, &error))?;
    let mut names: Vec<String> = entries
        .flatten()
        .filter(|entry| !is_folder(entry))
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort_unstable();
    Ok(names)
}

/// A folder, or a link to one; everything else is known without another look.
fn is_folder(entry: &fs::DirEntry) -> bool {
    match entry.file_type() {
        Ok(kind) if kind.is_file() => false,
        Ok(kind) if kind.is_dir() => true,
        Ok(_) | Err(_) => entry.path().is_dir(),
    }
}

fn never(message: String) -> Error {
    Error::usage("NEVER_RUN", message)
}

fn misnamed(file: &Path) -> Error {
    never(format!(
        "{} would never run: sqlx and this runner take only names with a number, an underscore and \
         `.sql`, as in 3_add_users.up.sql; rename it, or give it another ending",
        shown(&file.display().to_string())
    ))
}

/// sqlx would take files beside the engines' folders, this runner those within them.
fn refuse_beside(path: &Path, engine: Engine) -> Result<(), Error> {
    let beside: Vec<String> = names(path)?
        .into_iter()
        .filter(|name| !OTHERS.contains(&name.as_str()))
        .filter(|name| is_migration(name) || is_passed_over(name))
        .collect();
    if beside.is_empty() {
        return Ok(());
    }
    let (path, folder) = (path.display(), engine.folder());
    Err(never(format!(
        "{} in {path} would never run, since {path} has a folder {folder} whose files do: move them into \
         the folder of their engine",
        listed(&beside)
    )))
}

fn refuse_misnamed_folders(path: &Path) -> Result<(), Error> {
    let holds = |(name, _): &&(&str, &str)| {
        names(&path.join(name)).is_ok_and(|names| names.iter().any(|name| is_migration(name)))
    };
    let Some((name, right)) = MISNAMED.iter().find(holds) else { return Ok(()) };
    let path = path.display();
    Err(never(format!(
        "the files in {path}/{name} would never run: call the folder {right}, or name it itself by --dir"
    )))
}

fn refuse_empty(root: &Path, place: &Path, names: &[String]) -> Result<(), Error> {
    let near: Vec<String> = names
        .iter()
        .filter(|name| is_sql(name) && !OTHERS.contains(&name.as_str()))
        .cloned()
        .collect();
    let others = others(root, place);
    if near.is_empty() && others.is_empty() && is_known(root, place) {
        return Ok(());
    }
    let found = if let Some(other) = others.first() {
        format!("{other} has some")
    } else if !near.is_empty() {
        let have = if near.len() == 1 { "has" } else { "have" };
        format!("{} {have} no version and underscore in front", listed(&near))
    } else if names.is_empty() {
        "it holds no file".to_owned()
    } else {
        format!("it holds {}", listed(names))
    };
    let (root, place) = (root.display(), place.display());
    let message = format!(
        "there is no migration in {place}, whose files would be called <version>_<name>.up.sql: {found}; \
         name the folder of migrations by --dir or MIGRATIONS_DIR, or make the first by `migrate revision \
         -m MESSAGE --dir {root}`"
    );
    Err(Error::usage("NO_MIGRATIONS", message))
}

/// The folders of other engines that hold migrations.
fn others(root: &Path, place: &Path) -> Vec<String> {
    let folders = ["sqlite", "mysql", "postgres"].map(|name| root.join(name)).into_iter();
    let filled = folders.filter(|folder| folder != place).filter(|folder| {
        names(folder).is_ok_and(|names| names.iter().any(|name| is_migration(name)))
    });
    filled.map(|folder| folder.display().to_string()).collect()
}

/// Whether somebody has said that this is a folder for migrations, which has none yet.
fn is_known(root: &Path, place: &Path) -> bool {
    let kept = [root, place].iter().any(|folder| folder.join(".gitkeep").is_file());
    kept || is_marked(root)
}

/// Whether `migrate init` made the folder.
fn is_marked(root: &Path) -> bool {
    fs::read_to_string(root.join("README.md")).is_ok_and(|text| text.contains(MARK))
}

/// The first few names, and how many more there are.
fn listed(names: &[String]) -> String {
    let first: Vec<&str> = names.iter().take(LISTED).map(String::as_str).collect();
    let first = first.join(", ");
    match names.len().saturating_sub(LISTED) {
        0 => first,
        more => format!("{first} and {more} more"),
    }
}

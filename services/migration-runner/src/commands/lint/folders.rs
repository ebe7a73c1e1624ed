use std::fs;
use std::path::{Path, PathBuf};

use artisan_migrate::{Engine, History, Source};
use artisan_runtime::env::ConfigError;

use crate::config::{Config, embedded};
use crate::failure::Failure;

/// Files of one kind, and the engines that are to run them.
pub(super) struct Folder {
    pub(super) engines: Vec<Engine>,
    /// `None`: the files that are built in.
    pub(super) path: Option<PathBuf>,
}

/// The folders to look at: one per engine, or the one that the directory itself is.
pub(super) fn find(engine: Option<Engine>, config: &Config) -> Result<Vec<Folder>, Failure> {
    let default = Path::new("migrations");
    let dir = config.given_dir().or_else(|| default.is_dir().then_some(default));
    let all = [vec![Engine::Sqlite], vec![Engine::MySql, Engine::MariaDb], vec![Engine::Postgres]];
    let wanted = all.into_iter().filter_map(|engines| match engine {
        None => Some(engines),
        Some(engine) => engines.contains(&engine).then(|| vec![engine]),
    });
    let folder_of = |engines: &[Engine]| engines.first().map_or("", |engine| engine.folder());
    let Some(dir) = dir else {
        return Ok(wanted.map(|engines| Folder { engines, path: None }).collect());
    };
    let has_folders = ["sqlite", "mysql", "postgres"].iter().any(|name| dir.join(name).is_dir());
    if has_folders {
        let found = wanted.map(|engines| (dir.join(folder_of(&engines)), engines));
        let found = found.filter(|(path, _)| path.is_dir());
        return Ok(found.map(|(path, engines)| Folder { engines, path: Some(path) }).collect());
    }
    let by_name = dir.file_name().and_then(|name| match name.to_str()? {
        "sqlite" => Some(vec![Engine::Sqlite]),
        "mysql" => Some(vec![Engine::MySql, Engine::MariaDb]),
        "mariadb" => Some(vec![Engine::MariaDb]),
        "postgres" | "postgresql" => Some(vec![Engine::Postgres]),
        _ => None,
    });
    let by_url = || config.engine().map(|engine| vec![engine]);
    let engines = engine.map(|engine| vec![engine]).or_else(by_url).or(by_name);
    let engines = engines.ok_or_else(|| {
        let message =
            "is needed: neither a database nor the folder's name tells which engine runs the files";
        ConfigError::new("--engine", message)
    })?;
    Ok(vec![Folder { engines, path: Some(dir.to_owned()) }])
}

impl Folder {
    fn first(&self) -> Engine {
        self.engines.first().copied().unwrap_or(Engine::Sqlite)
    }

    pub(super) fn history(&self) -> Result<History, Failure> {
        let source = match &self.path {
            Some(path) => Source::directory(path, self.first())?,
            None => embedded(self.first()),
        };
        Ok(History::build(source)?)
    }

    /// What the folder is called.
    pub(super) fn name(&self) -> String {
        self.first().folder().to_owned()
    }

    /// The names of its files.
    pub(super) fn names(&self) -> Result<Vec<String>, Failure> {
        let Some(path) = &self.path else { return Ok(Vec::new()) };
        let entries = fs::read_dir(path).map_err(|error| {
            ConfigError::new("--dir", format!("cannot be read: {}: {error}", path.display()))
        })?;
        let names = entries.flatten().filter(|entry| entry.path().is_file());
        let mut names: Vec<String> =
            names.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        Ok(names)
    }

    /// A file as the user would open it.
    pub(super) fn path_of(&self, file: &str) -> String {
        match &self.path {
            Some(path) => {
                let path = path.join(file);
                path.strip_prefix(".").unwrap_or(&path).display().to_string()
            }
            None => format!("{}/{file}", self.first().folder()),
        }
    }
}

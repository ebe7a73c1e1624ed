//! Where this program keeps what it makes: the folder of its database.

use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// The folder beside the database: its own for an `SQLite` file, `data` for a server.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    folder: PathBuf,
    /// None where a server keeps it, or its name is encoded.
    database: Option<PathBuf>,
}

impl Place {
    /// The folder that belongs to a database URL.
    pub(crate) fn of(database_url: &str) -> Self {
        let file = database_url.strip_prefix("sqlite:").map(|rest| {
            let path = rest.strip_prefix("//").unwrap_or(rest);
            Path::new(path.split('?').next().unwrap_or(path))
        });
        let is_plain = |path: &&Path| !path.as_os_str().as_encoded_bytes().contains(&b'%');
        let database = file.filter(is_plain).map(Path::to_owned);
        let folder = match file.and_then(Path::parent) {
            None => PathBuf::from("data"),
            Some(parent) if parent.as_os_str().is_empty() => PathBuf::from("."),
            Some(parent) => parent.to_owned(),
        };
        Self { folder, database }
    }

    /// The folder itself.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether there is a database, where that can be seen from here.
    pub(crate) fn check_database(&self) -> Result<(), Failure> {
        let Some(path) = &self.database else { return Ok(()) };
        let named = || path.display().to_string();
        match path.try_exists() {
            Ok(true) => Ok(()),
            Ok(false) => Err(Failure::NoDatabase { path: named() }),
            Err(source) => Err(Failure::Unreadable { path: named(), source }),
        }
    }

    /// The key that signs access tokens, made at the first start.
    pub(crate) fn signing_key(&self) -> PathBuf {
        self.folder.join("token-signing-key.pem")
    }

    /// The password of the administrator that this program made.
    pub(crate) fn admin_password(&self) -> PathBuf {
        self.folder.join("admin-password")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_lie_beside_the_database() {
        let folder = |url: &str| Place::of(url).folder;
        assert_eq!(folder("sqlite://data/artisan.db"), Path::new("data"));
        assert_eq!(folder("sqlite:/var/lib/a/a.db?mode=rwc"), Path::new("/var/lib/a"));
        assert_eq!(folder("sqlite:a.db"), Path::new("."));
        assert_eq!(folder("postgres://h/accounts"), Path::new("data"));
    }
}

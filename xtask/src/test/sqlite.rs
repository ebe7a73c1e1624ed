use std::path::Path;

use serde_json::Value;

use crate::failure::{Doing as _, Failure};
use crate::workspace::metadata;

/// The version of the SQLite library that is compiled in, from its own header.
pub(super) fn version() -> Result<String, Failure> {
    let metadata = metadata()?;
    let packages = metadata.get("packages").and_then(Value::as_array);
    let manifest = packages
        .into_iter()
        .flatten()
        .find(|package| package.get("name").and_then(Value::as_str) == Some("libsqlite3-sys"))
        .and_then(|package| package.get("manifest_path")?.as_str())
        .ok_or_else(|| Failure::new("no libsqlite3-sys in this workspace"))?;
    let header = Path::new(manifest).with_file_name("sqlite3").join("sqlite3.h");
    let header = std::fs::read_to_string(header).doing("reading SQLite's header")?;
    parse_version(&header).ok_or_else(|| Failure::new("SQLite's header names no version"))
}

fn parse_version(header: &str) -> Option<String> {
    let line = header.lines().find(|line| line.starts_with("#define SQLITE_VERSION "))?;
    line.split('"').nth(1).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn version_is_read_from_the_header() {
        let header =
            "#define SQLITE_VERSION_NUMBER 3050002\n#define SQLITE_VERSION        \"3.50.2\"\n";
        assert_eq!(parse_version(header).as_deref(), Some("3.50.2"));
        assert_eq!(parse_version("int x;"), None);
    }
}

//! Embeds the migrations: a list of files per engine and what follows from their names and heads.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

const ENGINES: [&str; 3] = ["sqlite", "mysql", "postgres"];

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    println!("cargo::rerun-if-changed=build.rs");
    let mut code = String::new();
    for engine in ENGINES {
        let folder = root.join(engine);
        // Without this a new file would silently stay out of the binary.
        println!("cargo::rerun-if-changed={}", folder.display());
        write_engine(&mut code, engine, &folder)?;
    }
    write_versions(&mut code, &root.join(ENGINES[0]))?;
    fs::write(PathBuf::from(env::var("OUT_DIR")?).join("embedded.rs"), code)?;
    Ok(())
}

/// The names of the folder's migrations, up and down, sorted.
fn file_names(folder: &Path) -> Result<Vec<String>, Box<dyn Error>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name().into_string().map_err(|_| "a file name is not UTF-8")?;
        if name.ends_with(".up.sql") || name.ends_with(".down.sql") {
            names.push(name);
        } else if name != "schema.sql" {
            return Err(format!("{}/{name} is no migration", folder.display()).into());
        }
    }
    names.sort();
    Ok(names)
}

fn write_engine(code: &mut String, engine: &str, folder: &Path) -> Result<(), Box<dyn Error>> {
    let name = engine.to_uppercase();
    let title = match engine {
        "sqlite" => "`SQLite`",
        "mysql" => "`MySQL` and `MariaDB`",
        _ => "`PostgreSQL`",
    };
    writeln!(code, "/// The migrations of {title}, up and down, sorted by name.")?;
    writeln!(code, "pub static {name}: &[File] = &[")?;
    for file in file_names(folder)? {
        let path = literal(&folder.join(&file))?;
        writeln!(code, "    File {{ name: {file:?}, text: include_str!({path}) }},")?;
    }
    writeln!(code, "];")?;
    writeln!(code, "/// The desired schema of {title}.")?;
    let schema = literal(&folder.join("schema.sql"))?;
    writeln!(code, "pub const {name}_SCHEMA: &str = include_str!({schema});")?;
    Ok(())
}

/// The path as a Rust string literal.
fn literal(path: &Path) -> Result<String, Box<dyn Error>> {
    Ok(format!("{:?}", path.to_str().ok_or("the path is not UTF-8")?))
}

/// Versions are the same on every engine, which a test checks, so one folder tells them.
fn write_versions(code: &mut String, folder: &Path) -> Result<(), Box<dyn Error>> {
    let mut all = Vec::new();
    let mut expand = Vec::new();
    for file in file_names(folder)?.iter().filter(|name| name.ends_with(".up.sql")) {
        let version = file.split('_').next().unwrap_or_default().parse::<i64>()?;
        all.push(version);
        if !is_contract(&fs::read_to_string(folder.join(file))?) {
            expand.push(version);
        }
    }
    let head = all.last().ok_or("there is no migration")?;
    let as_in_names = "#[expect(clippy::unreadable_literal, reason = \"as in the file names\")]";
    writeln!(code, "/// The newest version.\n{as_in_names}\npub const HEAD: i64 = {head};")?;
    writeln!(
        code,
        "/// The versions that a serving program needs: all but the contract ones, which wait for\n\
         /// the rollout.\n{as_in_names}\npub const EXPAND_VERSIONS: &[i64] = &{expand:?};"
    )?;
    Ok(())
}

/// Whether the file's head says `-- phase: contract`.
fn is_contract(text: &str) -> bool {
    text.lines()
        .map_while(|line| line.strip_prefix("--"))
        .any(|comment| comment.trim().strip_prefix("phase:").map(str::trim) == Some("contract"))
}

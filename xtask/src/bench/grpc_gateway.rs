//! grpc-gateway for this checkout's contract, built with Go. What is generated stays beside what cargo builds.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::{capture, find_program};
use crate::failure::{Doing as _, Failure};
use crate::report;
use crate::tools;
use crate::workspace::{root, target};

/// The module before code is generated into it; `go.sum` holds the hashes of all that it downloads.
const SOURCES: [&str; 4] = ["buf.gen.yaml", "go.mod", "go.sum", "main.go"];

/// Builds it and gives the path of the program.
pub(super) fn build() -> Result<PathBuf, Failure> {
    let go = find_program("go", &["/usr/local/go/bin".into()])
        .ok_or_else(|| Failure::new("no go in PATH"))?;
    let buf = tools::buf()?;
    report::note("building grpc-gateway with go (minutes, once)");
    let module = module()?;
    let proto = root().join("proto");
    let mut command = Command::new(buf);
    command.current_dir(&module).env("PATH", path_with(&go)?);
    // The contract only: go's own modules have what it imports of Google's.
    capture(command.arg("generate").arg(&proto).arg("--path").arg(proto.join("artisan")))?;
    let program = module.join("grpc-gateway");
    let mut command = Command::new(go);
    command.current_dir(&module).args(["build", "-buildvcs=false", "-o"]).arg(&program);
    capture(command.arg("."))?;
    Ok(program)
}

/// A folder with nothing but the sources.
fn module() -> Result<PathBuf, Failure> {
    let module = target()?.join("grpc-gateway");
    if module.exists() {
        std::fs::remove_dir_all(&module).doing(format!("emptying {}", module.display()))?;
    }
    std::fs::create_dir_all(&module).doing(format!("making {}", module.display()))?;
    for file in SOURCES {
        let source = root().join("bench/grpc-gateway").join(file);
        std::fs::copy(&source, module.join(file)).doing(format!("copying {}", source.display()))?;
    }
    Ok(module)
}

/// `PATH` with go's folder in it, since buf starts the generators as tools of go.
fn path_with(go: &Path) -> Result<std::ffi::OsString, Failure> {
    let path = env::var_os("PATH").unwrap_or_default();
    let own = go.parent().map(Path::to_owned);
    env::join_paths(own.into_iter().chain(env::split_paths(&path))).doing("writing PATH")
}

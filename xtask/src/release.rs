//! The binaries of the images, as they are shipped: static, stripped, weighed.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::{capture, find_program, run as run_command};
use crate::failure::{Doing as _, Failure};
use crate::report;
use crate::tools::cargo_auditable;
use crate::workspace::{cargo, target};

/// A crate, and the program that it builds for an image.
const PROGRAMS: [(&str, &str); 4] = [
    ("artisan-user-service", "user-service"),
    ("artisan-gateway", "gateway"),
    (RUNNER, "migrate"),
    ("artisan", "artisan"),
];

const RUNNER: &str = "artisan-migration-runner";

/// Builds them for musl and makes sure that none of them needs a library or a loader.
pub(crate) fn run() -> Result<(), Failure> {
    let folder = programs(true)?;
    for (_, program) in PROGRAMS {
        let path = folder.join(program);
        let image = std::fs::read(&path).doing(format!("reading {}", path.display()))?;
        match elf::is_static(&image) {
            Some(true) => report::line(format!("{program}: static, {}", mebibytes(image.len()))),
            Some(false) => return Err(Failure::new(format!("{program} asks for a loader"))),
            None => return Err(Failure::new(format!("{program} is no 64-bit ELF program"))),
        }
    }
    Ok(())
}

/// The folder of the programs, built now or before.
pub(crate) fn programs(build: bool) -> Result<PathBuf, Failure> {
    let triple = triple()?;
    if build {
        compile(&triple)?;
    }
    let folder = target()?.join(&triple).join("release");
    let missing = PROGRAMS.iter().find(|(_, program)| !folder.join(program).is_file());
    match missing {
        None => Ok(folder),
        Some((_, program)) => {
            Err(Failure::new(format!("{} holds no {program}: build it", folder.display())))
        }
    }
}

fn compile(triple: &str) -> Result<(), Failure> {
    if find_program("musl-gcc", &[]).is_none() {
        return Err(Failure::new("musl-gcc is missing: install the package musl-tools"));
    }
    if !add_target(triple) {
        report::note(format!("rustup did not add {triple}; going on with what is there"));
    }
    let (runner, services): (Vec<_>, Vec<_>) =
        PROGRAMS.iter().map(|(package, _)| *package).partition(|package| *package == RUNNER);
    // By itself: built together, it would get what the services ask of the crates that they share.
    for packages in [runner, services] {
        compile_together(triple, &packages)?;
    }
    Ok(())
}

fn compile_together(triple: &str, packages: &[&str]) -> Result<(), Failure> {
    let mut command = cargo();
    // The list of crates goes into each program, for whoever looks for known holes in it. As `cargo auditable`
    // the program is found in PATH only.
    let search = std::env::var("PATH").unwrap_or_default();
    let auditable = cargo_auditable()?;
    let folder = auditable.parent().unwrap_or(Path::new(""));
    command.env("PATH", format!("{}:{search}", folder.display()));
    command.args(["auditable", "build", "--locked", "--release", "--target", triple]);
    command.args(packages.iter().flat_map(|package| ["--package", package]));
    run_command(&mut command)
}

fn triple() -> Result<String, Failure> {
    match std::env::consts::ARCH {
        architecture @ ("x86_64" | "aarch64") => Ok(format!("{architecture}-unknown-linux-musl")),
        other => Err(Failure::new(format!("the images are not built on {other}"))),
    }
}

fn add_target(triple: &str) -> bool {
    capture(Command::new("rustup").args(["target", "add", triple])).is_ok()
}

fn mebibytes(bytes: usize) -> String {
    let tenths = bytes.saturating_mul(10) / (1024 * 1024);
    format!("{}.{} MiB", tenths / 10, tenths % 10)
}

mod elf {
    //! As much of the ELF format as tells whether a program needs a loader.

    const PT_INTERP: u32 = 3;

    /// Whether no program header names an interpreter; nothing when it is no 64-bit little-endian
    /// ELF file.
    pub(super) fn is_static(image: &[u8]) -> Option<bool> {
        if image.get(..6)? != b"\x7fELF\x02\x01" {
            return None;
        }
        let headers = usize::try_from(u64::from_le_bytes(array(image, 32)?)).ok()?;
        let size = usize::from(u16::from_le_bytes(array(image, 54)?));
        let count = usize::from(u16::from_le_bytes(array(image, 56)?));
        for index in 0..count {
            let at = headers.checked_add(index.checked_mul(size)?)?;
            if u32::from_le_bytes(array(image, at)?) == PT_INTERP {
                return Some(false);
            }
        }
        Some(true)
    }

    fn array<const N: usize>(image: &[u8], at: usize) -> Option<[u8; N]> {
        image.get(at..at.checked_add(N)?)?.try_into().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image(kinds: &[u32]) -> Vec<u8> {
        let mut image = vec![0; 64];
        image[..6].copy_from_slice(b"\x7fELF\x02\x01");
        image[32] = 64;
        image[54] = 56;
        image[56] = u8::try_from(kinds.len()).unwrap();
        for kind in kinds {
            image.extend_from_slice(&kind.to_le_bytes());
            image.extend_from_slice(&[0; 52]);
        }
        image
    }

    #[test]
    fn a_program_with_an_interpreter_is_not_static() {
        assert_eq!(elf::is_static(&image(&[1, 1, 2])), Some(true));
        assert_eq!(elf::is_static(&image(&[6, 3, 1])), Some(false));
    }

    #[test]
    fn this_test_itself_is_an_elf_program() {
        let own = std::fs::read(std::env::current_exe().unwrap()).unwrap();
        assert!(elf::is_static(&own).is_some());
    }

    #[test]
    fn what_is_cut_short_or_something_else_is_told_apart() {
        assert_eq!(elf::is_static(b"#!/bin/sh"), None);
        let whole = image(&[1, 3]);
        assert_eq!(elf::is_static(&whole[..whole.len() - 56]), None);
    }

    #[test]
    fn sizes_are_told_in_mebibytes() {
        assert_eq!(mebibytes(1024 * 1024 * 3 / 2), "1.5 MiB");
    }
}

//! `cargo xtask image`: the images of the Dockerfile, written as OCI layouts without Docker.
//!
//! What an image is called, runs and exposes is read from the Dockerfile's last stages; the programs are
//! the static ones of `cargo xtask release`. The layers are the same bytes each time.

mod archive;
mod check;
mod contained;
mod layout;
mod recipe;
mod roots;
mod unpack;

use std::path::{Path, PathBuf};

use clap::Args;

use crate::failure::{Doing as _, Failure};
use crate::release;
use crate::report;
use crate::workspace::target;
use layout::Layout;
use recipe::Recipe;

/// What to build, and what to do with it.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// Take the programs that were built before
    #[arg(long)]
    no_build: bool,
    /// Run the images too: each from its unpacked root, read-only, as its own user (needs root)
    #[arg(long)]
    check: bool,
}

/// A target of the Dockerfile, and how large it may be, in bytes.
struct Target {
    name: &'static str,
    /// Its files, as they are.
    limit: u64,
    /// The image packed, as registries keep it and nodes pull it; image.yml counts alike.
    packed_limit: u64,
}

const TARGETS: [Target; 4] = [
    Target { name: "user-service", limit: 14_000_000, packed_limit: 11_000_000 },
    Target { name: "gateway", limit: 8_000_000, packed_limit: 6_000_000 },
    Target { name: "migrate", limit: 8_000_000, packed_limit: 8_000_000 },
    Target { name: "artisan", limit: 24_000_000, packed_limit: 14_000_000 },
];

/// Writes the layouts below the target folder, and weighs them.
pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    if options.check {
        contained::may_run()?;
    }
    let programs = release::programs(!options.no_build)?;
    let built = built_files(&programs)?;
    let folder = target()?.join("images");
    let mut heavy = Vec::new();
    report::line(format!(
        "{:<14}{:>12}{:>12}{:>12}{:>12}",
        "image", "bytes", "limit", "packed", "limit"
    ));
    for target in &TARGETS {
        let layout = written(target.name, &built, &folder.join(target.name))?;
        let (size, packed) = (layout.size(), layout.packed()?);
        report::line(format!(
            "{:<14}{size:>12}{:>12}{packed:>12}{:>12}",
            target.name, target.limit, target.packed_limit
        ));
        if size > target.limit || packed > target.packed_limit {
            heavy.push(target.name);
        }
    }
    report::note(format!("OCI layouts in {}", folder.display()));
    if options.check {
        check::run(&folder)?;
    }
    if heavy.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!("larger than they may be: {}", heavy.join(", "))))
}

/// What the Dockerfile's build stage leaves in `/out`.
fn built_files(programs: &Path) -> Result<PathBuf, Failure> {
    let out = target()?.join("image-files");
    std::fs::create_dir_all(&out).doing(format!("making {}", out.display()))?;
    for Target { name, .. } in &TARGETS {
        let from = programs.join(name);
        std::fs::copy(&from, out.join(name)).doing(format!("copying {}", from.display()))?;
    }
    let certificates = roots::certificates()?;
    std::fs::write(out.join(roots::FILE), certificates).doing("writing the certificates")?;
    Ok(out)
}

/// Makes an image twice, and writes it if both are the same.
fn written(name: &str, built: &Path, folder: &Path) -> Result<Layout, Failure> {
    let recipe = Recipe::read(name)?;
    let layout = Layout::of(&recipe, built)?;
    if layout != Layout::of(&recipe, built)? {
        return Err(Failure::new(format!("{name} is not the same twice")));
    }
    layout.write(folder)?;
    Ok(layout)
}

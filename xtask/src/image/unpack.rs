//! An OCI layout, unpacked as a container engine does: every digest is looked at.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::layout::digest;
use crate::command::capture;
use crate::failure::{Doing as _, Failure};

/// An image's files below a folder, and what it says of itself.
#[derive(Debug)]
pub(super) struct Unpacked {
    pub(super) root: PathBuf,
    /// User and group.
    pub(super) user: String,
    pub(super) entrypoint: Vec<String>,
    pub(super) command: Vec<String>,
}

impl Unpacked {
    /// Unpacks it into an empty folder.
    pub(super) fn of(layout: &Path, root: &Path) -> Result<Self, Failure> {
        std::fs::create_dir_all(root).doing(format!("making {}", root.display()))?;
        let index = std::fs::read(layout.join("index.json")).doing("reading index.json")?;
        let index: Value = serde_json::from_slice(&index).doing("reading index.json")?;
        let manifest = parsed(layout, index.pointer("/manifests/0"))?;
        let config = parsed(layout, manifest.get("config"))?;
        for layer in manifest.get("layers").and_then(Value::as_array).into_iter().flatten() {
            let path = found(layout, Some(layer))?;
            let mut tar = Command::new("tar");
            tar.args(["--extract", "--same-permissions", "--directory"]).arg(root);
            capture(tar.arg("--file").arg(path))?;
        }
        let words = |name: &str| {
            let list = config.pointer(&format!("/config/{name}")).and_then(Value::as_array);
            let words = list.into_iter().flatten().filter_map(Value::as_str);
            words.map(str::to_owned).collect()
        };
        let user = config.pointer("/config/User").and_then(Value::as_str);
        Ok(Self {
            root: root.to_owned(),
            user: user.ok_or_else(|| Failure::new("the image names no user"))?.to_owned(),
            entrypoint: words("Entrypoint"),
            command: words("Cmd"),
        })
    }
}

fn parsed(layout: &Path, description: Option<&Value>) -> Result<Value, Failure> {
    let text = std::fs::read(found(layout, description)?).doing("reading a blob")?;
    serde_json::from_slice(&text).doing("reading a blob")
}

/// The file of a blob that is what its digest says.
fn found(layout: &Path, description: Option<&Value>) -> Result<PathBuf, Failure> {
    let named = description.and_then(|d| d.get("digest")).and_then(Value::as_str);
    let named = named.ok_or_else(|| Failure::new("a blob is not named"))?;
    let path = layout.join("blobs").join(named.replace(':', "/"));
    let content = std::fs::read(&path).doing(format!("reading {}", path.display()))?;
    if digest(&content) == named {
        return Ok(path);
    }
    Err(Failure::new(format!("{} is not what its name says", path.display())))
}

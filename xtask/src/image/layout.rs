//! An image as a folder of the OCI image layout (image-spec v1.1).

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::archive;
use super::recipe::Recipe;
use crate::failure::{Doing as _, Failure};

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const CONFIG: &str = "application/vnd.oci.image.config.v1+json";
/// As it is: whoever pushes it compresses it.
const LAYER: &str = "application/vnd.oci.image.layer.v1.tar";

/// All files of the layout.
#[derive(PartialEq, Eq)]
pub(super) struct Layout {
    files: BTreeMap<PathBuf, Vec<u8>>,
    size: u64,
}

impl Layout {
    /// The image of the recipe, with the files that the build stage left in `built`.
    pub(super) fn of(recipe: &Recipe, built: &Path) -> Result<Self, Failure> {
        let mut this = Self { files: BTreeMap::new(), size: 0 };
        let (mut layers, mut differences, mut history) = (Vec::new(), Vec::new(), Vec::new());
        let created = recipe.labels.get("org.opencontainers.image.created");
        for (from, to) in &recipe.copies {
            let path = built.join(from);
            let content = std::fs::read(&path).doing(format!("reading {}", path.display()))?;
            let archive = archive::of(to, &content, recipe.time)?;
            this.size += length(&content);
            differences.push(digest(&archive));
            layers.push(this.blob(LAYER, archive));
            history.push(json!({ "created": created, "created_by": format!("COPY {from} /{to}") }));
        }
        let config = json!({
            "architecture": architecture(),
            "os": "linux",
            "created": created,
            "config": {
                "User": recipe.user,
                "ExposedPorts": recipe.ports.iter().map(|port| (port.clone(), json!({}))).collect::<serde_json::Map<_, _>>(),
                "Entrypoint": recipe.entrypoint,
                "Cmd": recipe.command,
                "WorkingDir": "/",
                "Labels": recipe.labels,
                "StopSignal": recipe.stop_signal,
            },
            "rootfs": { "type": "layers", "diff_ids": differences },
            "history": history,
        });
        let config = this.blob(CONFIG, config.to_string().into_bytes());
        let manifest = json!({ "schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": layers });
        let mut manifest = this.blob(MANIFEST, manifest.to_string().into_bytes());
        let version = recipe.labels.get("org.opencontainers.image.version");
        if let Some(manifest) = manifest.as_object_mut() {
            let name = json!({ "org.opencontainers.image.ref.name": version });
            manifest.insert("annotations".to_owned(), name);
            let platform = json!({ "architecture": architecture(), "os": "linux" });
            manifest.insert("platform".to_owned(), platform);
        }
        let index = json!({ "schemaVersion": 2, "manifests": [manifest] });
        this.files.insert("index.json".into(), index.to_string().into_bytes());
        let marker = json!({ "imageLayoutVersion": "1.0.0" });
        this.files.insert("oci-layout".into(), marker.to_string().into_bytes());
        Ok(this)
    }

    /// How much the image's files take.
    pub(super) const fn size(&self) -> u64 {
        self.size
    }

    /// How many bytes its blobs have, packed.
    pub(super) fn packed(&self) -> Result<u64, Failure> {
        let blobs = self.files.iter().filter(|(path, _)| path.starts_with("blobs"));
        blobs.map(|(_, content)| packed(content)).sum()
    }

    /// Writes it in the place of what was there.
    pub(super) fn write(&self, folder: &Path) -> Result<(), Failure> {
        let doing = || format!("writing {}", folder.display());
        if folder.exists() {
            std::fs::remove_dir_all(folder).doing(doing())?;
        }
        std::fs::create_dir_all(folder.join("blobs/sha256")).doing(doing())?;
        for (path, content) in &self.files {
            std::fs::write(folder.join(path), content).doing(doing())?;
        }
        Ok(())
    }

    /// Keeps a blob under its digest, and describes it.
    fn blob(&mut self, media: &str, content: Vec<u8>) -> Value {
        let digest = digest(&content);
        let description = json!({ "mediaType": media, "digest": digest, "size": length(&content) });
        let name = digest.trim_start_matches("sha256:");
        self.files.insert(Path::new("blobs/sha256").join(name), content);
        description
    }
}

/// How long it is as a registry keeps it.
fn packed(content: &[u8]) -> Result<u64, Failure> {
    let mut command = Command::new("gzip");
    command.args(["-9", "-n", "-c"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut gzip = command.spawn().doing("starting gzip")?;
    let (input, output) = (gzip.stdin.take(), gzip.stdout.take());
    let length = std::thread::scope(|scope| {
        // It writes while it is still written to.
        scope.spawn(move || input.map(|mut input| input.write_all(content)));
        output.map_or(Ok(0), |mut output| std::io::copy(&mut output, &mut std::io::sink()))
    });
    let length = length.doing("reading what gzip packed")?;
    let status = gzip.wait().doing("waiting for gzip")?;
    if status.success() {
        Ok(length)
    } else {
        Err(Failure::new(format!("gzip ended with {status}")))
    }
}

/// `sha256:…`
pub(super) fn digest(content: &[u8]) -> String {
    let mut text = "sha256:".to_owned();
    for byte in Sha256::digest(content) {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

fn length(content: &[u8]) -> u64 {
    u64::try_from(content.len()).unwrap_or(u64::MAX)
}

/// Go's name of it, as images have it.
fn architecture() -> &'static str {
    match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(content: &str) -> Layout {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("one"), content).unwrap();
        let recipe = Recipe {
            user: "65532:65532".to_owned(),
            entrypoint: vec!["/one".to_owned()],
            copies: vec![("one".to_owned(), "one".to_owned())],
            time: 86_400,
            ..Recipe::default()
        };
        Layout::of(&recipe, folder.path()).unwrap()
    }

    #[test]
    fn same_files_are_the_same_image_and_others_another() {
        assert!(layout("a") == layout("a"));
        assert!(layout("a") != layout("b"));
    }

    #[test]
    fn an_image_is_weighed_as_it_is_packed() {
        let (none, zeros) =
            (layout("").packed().unwrap(), layout(&"0".repeat(1 << 20)).packed().unwrap());
        assert!(none > 200 && zeros > none && zeros < none + 10_000, "{none} {zeros}");
    }

    #[test]
    fn every_blob_is_named_by_its_digest_and_is_pointed_to() {
        let layout = layout("a");
        let blobs: Vec<_> =
            layout.files.iter().filter(|(path, _)| path.starts_with("blobs")).collect();
        assert_eq!(blobs.len(), 3);
        for (path, content) in &blobs {
            let name = path.file_name().unwrap().to_str().unwrap();
            assert_eq!(digest(content), format!("sha256:{name}"));
            let is_pointed_to =
                layout.files.values().any(|text| String::from_utf8_lossy(text).contains(name));
            assert!(is_pointed_to, "{name}");
        }
    }
}

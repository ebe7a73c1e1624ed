//! What a pod's manifest says of one container, as far as it can be done without a cluster.

use std::collections::BTreeMap;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::deploy_check::{Object, at, items};
use crate::failure::{Doing as _, Failure};

/// The group that files of volumes belong to (`fsGroup`).
const GROUP: u32 = 65_532;

/// Texts of Secrets by the Secret's name and the key.
pub(crate) type Secrets = BTreeMap<(&'static str, &'static str), String>;

/// One container of a pod.
#[derive(Debug)]
pub(crate) struct Container {
    pub(crate) args: Vec<String>,
    pub(crate) env: Vec<(String, String)>,
    volumes: Vec<Volume>,
}

/// A folder in the container.
#[derive(Debug)]
struct Volume {
    place: String,
    /// What a Secret puts there: file, Secret, key. Without any it is the container's to write to.
    files: Vec<(String, String, String)>,
}

/// A folder of this machine, and where it is in the container.
#[derive(Debug)]
pub(crate) struct Mount {
    pub(crate) from: PathBuf,
    pub(crate) to: String,
    pub(crate) writable: bool,
}

impl Container {
    /// The container of that name, wherever in the objects it is.
    pub(crate) fn find(objects: &[Object], name: &str) -> Result<Self, Failure> {
        for object in objects {
            let containers = object.all_containers();
            let named = containers.into_iter().find(|container| at(container, "/name") == name);
            if let Some((container, pod)) = named.zip(object.pod()) {
                return Ok(Self::read(container, pod));
            }
        }
        Err(Failure::new(format!("the manifests have no container {name}")))
    }

    fn read(container: &Value, pod: &Value) -> Self {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let env = items(container, "/env");
        let mounts = items(container, "/volumeMounts").iter().map(|mount| {
            let volume = items(pod, "/volumes")
                .iter()
                .find(|volume| at(volume, "/name") == at(mount, "/name"))
                .unwrap_or(&Value::Null);
            let secret = text(at(volume, "/secret/secretName"));
            let files = items(volume, "/secret/items")
                .iter()
                .map(|item| (text(at(item, "/path")), secret.clone(), text(at(item, "/key"))));
            Volume { place: text(at(mount, "/mountPath")), files: files.collect() }
        });
        Self {
            args: items(container, "/args").iter().map(text).collect(),
            env: env.iter().map(|one| (text(at(one, "/name")), text(at(one, "/value")))).collect(),
            volumes: mounts.collect(),
        }
    }

    /// Another value for a variable, such as an address that is free on this machine.
    pub(crate) fn set(&mut self, name: &str, value: impl Into<String>) {
        self.env.retain(|(known, _)| known != name);
        self.env.push((name.to_owned(), value.into()));
    }

    /// Another value for a variable that the container has.
    pub(crate) fn replace(&mut self, name: &str, value: impl Into<String>) {
        if let Some((_, known)) = self.env.iter_mut().find(|(known, _)| known == name) {
            *known = value.into();
        }
    }

    /// Has variables name the folders of this machine in the place of those of the container, for a program that runs
    /// without one.
    pub(crate) fn relocate(&mut self, mounts: &[Mount]) {
        for (_, value) in &mut self.env {
            let mounted =
                mounts.iter().find_map(|mount| Some((mount, value.strip_prefix(&mount.to)?)));
            let moved = mounted.map(|(mount, rest)| format!("{}{rest}", mount.from.display()));
            if let Some(moved) = moved {
                *value = moved;
            }
        }
    }

    /// Writes what the Secrets hold below a folder; the folders to mount, and where.
    pub(crate) fn mounts(&self, secrets: &Secrets, below: &Path) -> Result<Vec<Mount>, Failure> {
        let mut mounts = Vec::new();
        for (number, Volume { place, files }) in self.volumes.iter().enumerate() {
            let folder = below.join(number.to_string());
            std::fs::create_dir_all(&folder).doing("making a volume")?;
            let writable = files.is_empty();
            if writable {
                give(&folder, 0o770)?;
            }
            for (file, secret, key) in files {
                let text = secrets
                    .iter()
                    .find(|((name, of), _)| name == secret && of == key)
                    .map(|(_, text)| text)
                    .ok_or_else(|| Failure::new(format!("no Secret {secret} has a key {key}")))?;
                let path = folder.join(file);
                std::fs::write(&path, text).doing("writing a Secret")?;
                give(&path, 0o440)?;
            }
            mounts.push(Mount { from: folder, to: place.clone(), writable });
        }
        Ok(mounts)
    }
}

/// As Kubernetes mounts it: for the pod's group.
fn give(path: &Path, mode: u32) -> Result<(), Failure> {
    let doing = || format!("giving {} to its group", path.display());
    chown(path, None, Some(GROUP)).doing(doing())?;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).doing(doing())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deploy_check::parse;

    const POD: &str = "
kind: Deployment
spec:
  template:
    spec:
      initContainers:
        - { name: gate, args: [wait] }
      containers:
        - name: main
          args: [serve, all]
          env: [{ name: A, value: one }, { name: B, value: two }]
          volumeMounts: [{ name: url, mountPath: /run/url }]
      volumes:
        - name: url
          secret: { secretName: database, items: [{ key: URL, path: url }] }
";

    #[test]
    fn containers_of_both_lists_are_found_by_their_names() {
        let objects = parse(POD).unwrap();
        assert_eq!(Container::find(&objects, "gate").unwrap().args, ["wait"]);
        let mut main = Container::find(&objects, "main").unwrap();
        main.set("A", "other");
        main.env.sort();
        let pairs: Vec<_> = main.env.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        assert_eq!(pairs, [("A", "other"), ("B", "two")]);
        assert_eq!(main.volumes[0].files[0].1, "database");
        assert!(Container::find(&objects, "nobody").is_err());
    }

    #[test]
    fn a_secret_that_is_missing_is_named() {
        let main = Container::find(&parse(POD).unwrap(), "main").unwrap();
        let folder = tempfile::tempdir().unwrap();
        let failure = main.mounts(&Secrets::new(), folder.path()).unwrap_err();
        assert!(failure.to_string().contains("database"), "{failure}");
    }
}

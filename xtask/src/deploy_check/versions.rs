//! The version that is released stands in many files; all of them name the workspace's, and the same images.

use super::verdict;
use crate::failure::{Doing as _, Failure};
use crate::workspace::root;

/// Where the images are, unless a release says otherwise.
const IMAGES: &str = "ghcr.io/artisan-platform/";

const CHART: &str = "deploy/helm/artisan-platform/Chart.yaml";
const BASE: &str = "deploy/kustomize/base/kustomization.yaml";
const CONTRACT: &str = "deploy/kustomize/contract/kustomization.yaml";
const DEV: &str = "deploy/kustomize/overlays/dev/kustomization.yaml";
/// An example, with images of its own; what it replaces are those of the base.
const PRODUCTION: &str = "deploy/kustomize/overlays/production/kustomization.yaml";

/// A file, and what stands before a version in it.
const PLACES: [(&str, &str); 12] = [
    (CHART, "\nversion: "),
    (CHART, "\nappVersion: \""),
    (CHART, IMAGES),
    (BASE, "newTag: "),
    (CONTRACT, "newTag: "),
    (DEV, "newTag: "),
    (".github/actions/migrate/action.yml", IMAGES),
    (".github/workflows/chart.yml", "localhost/artisan-platform/"),
    ("Dockerfile", "ARG VERSION="),
    ("deploy/argocd/application.yaml", "targetRevision: v"),
    ("deploy/flux/helmrelease.yaml", "tag: v"),
    ("deploy/flux/kustomizations.yaml", "tag: v"),
];

/// A file, and what stands before the name of an image in it, which has to be one of ours.
const NAMES: [(&str, &str); 4] = [
    (BASE, "newName: "),
    (CONTRACT, "newName: "),
    (DEV, "newName: "),
    (PRODUCTION, "{ name: ghcr"),
];

pub(super) fn check() -> Result<(), Failure> {
    let read =
        |file: &str| std::fs::read_to_string(root().join(file)).doing(format!("reading {file}"));
    let workspace = read("Cargo.toml")?;
    let version = *after(&workspace, "\nversion = \"")
        .first()
        .ok_or_else(|| Failure::new("Cargo.toml names no version"))?;
    let mut problems = Vec::new();
    for (file, before) in PLACES {
        problems.extend(stale(file, &read(file)?, before, version));
    }
    for (file, before) in NAMES {
        problems.extend(foreign(file, &read(file)?, before));
    }
    verdict(&problems)
}

/// Other versions than the one that is wanted, behind such a text; and that there is none at all.
fn stale(file: &str, text: &str, before: &str, version: &str) -> Vec<String> {
    let found = after(text, before);
    // Of an image the version is what stands behind the colon.
    let named = found.iter().map(|found| found.rsplit_once(':').map_or(*found, |(_, tag)| tag));
    let other = named.filter(|named| *named != version);
    let mut problems: Vec<String> =
        other.map(|other| format!("{file} names {other}, the workspace {version}")).collect();
    if found.is_empty() {
        problems.push(format!("{file} has no version behind {before:?}"));
    }
    problems
}

fn foreign(file: &str, text: &str, before: &str) -> Vec<String> {
    // What `before` holds of the name belongs to it.
    let begun = before.rsplit_once(' ').map_or("", |(_, begun)| begun);
    let named = after(text, before).into_iter().map(|rest| format!("{begun}{rest}"));
    named
        .filter(|name| !name.starts_with(IMAGES))
        .map(|name| format!("{file} names the image {name}, not one of {IMAGES}"))
        .collect()
}

/// What stands behind each occurrence of a text, up to where a word of YAML or of a shell ends.
fn after<'a>(text: &'a str, before: &str) -> Vec<&'a str> {
    let ends = |letter: char| letter.is_whitespace() || "\"',})`".contains(letter);
    text.split(before).skip(1).filter_map(|rest| rest.split(ends).next()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_names_the_version_of_the_workspace() {
        check().unwrap();
    }

    #[test]
    fn a_version_that_stayed_behind_is_found() {
        let text = "images:\n  - { newName: ghcr.io/artisan-platform/a, newTag: 0.1.0 }\n  - { newTag: 0.2.0 }\n";
        assert_eq!(stale("f", text, "newTag: ", "0.2.0"), ["f names 0.1.0, the workspace 0.2.0"]);
        let image = "default: ghcr.io/artisan-platform/migrate:0.1.0\n";
        assert_eq!(stale("f", image, IMAGES, "0.2.0"), ["f names 0.1.0, the workspace 0.2.0"]);
        assert_eq!(stale("f", image, IMAGES, "0.1.0"), [""; 0]);
    }

    #[test]
    fn a_file_that_names_none_any_more_is_found() {
        assert_eq!(
            stale("f", "newTags: 1", "newTag: ", "1"),
            ["f has no version behind \"newTag: \""]
        );
    }

    #[test]
    fn an_image_of_somewhere_else_is_found() {
        let text = "{ name: ghcr.io/artisan-platform/a }, { name: ghcr.io/else/a }";
        let said = foreign("f", text, "{ name: ghcr");
        assert_eq!(
            said,
            ["f names the image ghcr.io/else/a, not one of ghcr.io/artisan-platform/"]
        );
        assert_eq!(foreign("f", "newName: localhost/a,", "newName: ").len(), 1);
    }
}

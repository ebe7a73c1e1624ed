//! What the last stage of a target in the Dockerfile says.

use std::collections::BTreeMap;
use std::process::Command;

use crate::command::capture;
use crate::failure::{Doing as _, Failure};
use crate::workspace::root;

/// An image, but for the contents of its files.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Recipe {
    pub(super) labels: BTreeMap<String, String>,
    pub(super) user: String,
    pub(super) ports: Vec<String>,
    pub(super) stop_signal: String,
    pub(super) entrypoint: Vec<String>,
    pub(super) command: Vec<String>,
    /// From a name in the build stage's `/out` to a path in the image, in order: a layer each.
    pub(super) copies: Vec<(String, String)>,
    /// Seconds since 1970, of the image and of all its files.
    pub(super) time: i64,
}

impl Recipe {
    /// Reads it, with the version, the revision and the time of this checkout.
    pub(super) fn read(target: &str) -> Result<Self, Failure> {
        let path = root().join("Dockerfile");
        let text = std::fs::read_to_string(path).doing("reading the Dockerfile")?;
        let time = epoch()?;
        let created = time::OffsetDateTime::from_unix_timestamp(time).doing("reading the time")?;
        let created = created.format(&time::format_description::well_known::Rfc3339);
        let given = [
            ("VERSION", Some(env!("CARGO_PKG_VERSION").to_owned())),
            ("REVISION", std::env::var("GIT_REVISION").ok()),
            ("CREATED", Some(created.doing("writing the time")?)),
        ];
        let given = given.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
        let mut recipe = Self::parse(&text, target, &given.collect())?;
        recipe.time = time;
        Ok(recipe)
    }

    fn parse(text: &str, target: &str, given: &BTreeMap<String, String>) -> Result<Self, Failure> {
        let text = text.replace("\\\n", " ");
        let head = format!("FROM scratch AS {target}");
        let mut lines = text.lines().skip_while(|line| *line != head);
        if lines.next().is_none() {
            return Err(Failure::new(format!("the Dockerfile has no line {head}")));
        }
        let mut recipe = Self::default();
        let mut arguments = BTreeMap::new();
        let stage = lines.take_while(|line| !line.starts_with("FROM "));
        for line in stage.map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let (instruction, rest) = line.split_once(' ').unwrap_or((line, ""));
            if instruction == "ARG" {
                let (name, default) = rest.split_once('=').unwrap_or((rest, ""));
                let value = given.get(name).map_or(default, String::as_str);
                arguments.insert(format!("${{{name}}}"), value.to_owned());
                continue;
            }
            recipe
                .take(instruction, rest, &arguments)
                .ok_or_else(|| Failure::new(format!("target {target}: what is {line:?}?")))?;
        }
        Ok(recipe)
    }

    /// None where the instruction is not known or not understood: an image must not lack it unnoticed.
    fn take(
        &mut self,
        instruction: &str,
        rest: &str,
        arguments: &BTreeMap<String, String>,
    ) -> Option<()> {
        match instruction {
            "LABEL" => {
                for pair in shlex::split(rest)? {
                    let (name, value) = pair.split_once('=')?;
                    let value = arguments
                        .iter()
                        .fold(value.to_owned(), |value, (name, by)| value.replace(name, by));
                    self.labels.insert(name.to_owned(), value);
                }
            }
            "USER" => rest.clone_into(&mut self.user),
            "STOPSIGNAL" => rest.clone_into(&mut self.stop_signal),
            "EXPOSE" => {
                self.ports.extend(rest.split_whitespace().map(|port| format!("{port}/tcp")));
            }
            "ENTRYPOINT" => self.entrypoint = serde_json::from_str(rest).ok()?,
            "CMD" => self.command = serde_json::from_str(rest).ok()?,
            "COPY" => {
                let (from, to) = rest.strip_prefix("--from=build /out/")?.split_once(' ')?;
                let to = to.strip_prefix('/').filter(|to| !to.ends_with('/'))?;
                self.copies.push((from.to_owned(), to.to_owned()));
            }
            _ => return None,
        }
        Some(())
    }
}

/// `SOURCE_DATE_EPOCH`, or the time of the last commit.
fn epoch() -> Result<i64, Failure> {
    let given = std::env::var("SOURCE_DATE_EPOCH").ok().filter(|text| !text.is_empty());
    let text = match given {
        Some(text) => text,
        None => {
            capture(Command::new("git").current_dir(root()).args(["log", "-1", "--format=%ct"]))?
        }
    };
    text.trim().parse().doing("reading SOURCE_DATE_EPOCH")
}

#[cfg(test)]
mod tests {
    use super::*;

    const STAGE: &str = "FROM x AS build\nRUN y\n\nFROM scratch AS one\n# why\nARG VERSION=0\nARG REVISION=\n\
        LABEL a.title=\"one\" \\\n      a.version=\"${VERSION}\" a.revision=\"${REVISION}\"\n\
        COPY --from=build /out/one /bin/one\nUSER 65532:65532\nEXPOSE 80 90\nSTOPSIGNAL SIGTERM\n\
        ENTRYPOINT [\"/bin/one\"]\nCMD [\"serve\", \"all\"]\nFROM scratch AS two\nUSER 1\n";

    fn parse(target: &str) -> Result<Recipe, Failure> {
        let given = BTreeMap::from([("VERSION".to_owned(), "1.2".to_owned())]);
        Recipe::parse(STAGE, target, &given)
    }

    #[test]
    fn a_stage_ends_where_the_next_one_begins() {
        let one = parse("one").unwrap();
        assert_eq!(one.user, "65532:65532");
        assert_eq!(one.ports, ["80/tcp", "90/tcp"]);
        assert_eq!((one.entrypoint, one.command.len()), (vec!["/bin/one".to_owned()], 2));
        assert_eq!(one.copies, [("one".to_owned(), "bin/one".to_owned())]);
        assert_eq!(parse("two").unwrap().user, "1");
        assert!(parse("three").is_err());
    }

    #[test]
    fn labels_hold_what_the_build_was_told() {
        let labels = parse("one").unwrap().labels;
        let of = |name: &str| labels.get(name).map(String::as_str);
        assert_eq!((of("a.title"), of("a.version")), (Some("one"), Some("1.2")));
        assert_eq!(of("a.revision"), Some(""));
    }

    #[test]
    fn an_instruction_that_is_not_known_is_no_image() {
        let text = STAGE.replace("STOPSIGNAL SIGTERM", "HEALTHCHECK NONE");
        let failure = Recipe::parse(&text, "one", &BTreeMap::new()).unwrap_err();
        assert!(failure.to_string().contains("HEALTHCHECK"), "{failure}");
    }

    #[test]
    fn every_target_of_the_dockerfile_is_understood() {
        for target in super::super::TARGETS {
            let recipe = Recipe::read(target.name).unwrap();
            assert_eq!(recipe.user, "65532:65532", "{}", target.name);
            assert!(!recipe.copies.is_empty(), "{}", target.name);
        }
    }
}

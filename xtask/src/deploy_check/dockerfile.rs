//! The Dockerfile's targets: from nothing, not as root, programs that the workspace builds.

use std::collections::BTreeSet;

use serde_json::Value;

use super::objects::{at, items};
use super::verdict;
use crate::failure::{Doing as _, Failure};
use crate::workspace::{metadata, root};

const TARGETS: [&str; 4] = ["user-service", "gateway", "migrate", "artisan"];

pub(super) fn check() -> Result<(), Failure> {
    let text =
        std::fs::read_to_string(root().join("Dockerfile")).doing("reading the Dockerfile")?;
    let built = programs(&metadata()?);
    let mut problems: Vec<String> =
        TARGETS.iter().flat_map(|target| wrong(&text, target)).collect();
    let unknown = TARGETS.iter().filter(|target| !built.contains(**target));
    problems.extend(unknown.map(|target| format!("no crate builds the program {target}")));
    verdict(&problems)
}

fn wrong(text: &str, target: &str) -> Vec<String> {
    let Some(stage) = stage(text, target) else {
        return vec![format!("there is no target {target}")];
    };
    let entry = format!("ENTRYPOINT [\"/{target}\"]");
    let copy = format!("COPY --from=build /out/{target} /{target}");
    let mut needed = vec!["USER 65532:65532", &entry, &copy, "STOPSIGNAL SIGTERM"];
    if target == "migrate" {
        needed.push("CMD [\"upgrade\", \"head\"]");
    }
    let lacks = |line: &&&str| !stage.iter().any(|found| found == *line);
    needed.iter().filter(lacks).map(|line| format!("target {target} lacks {line}")).collect()
}

/// The lines of the stage that is made from nothing under this name.
fn stage<'a>(text: &'a str, target: &str) -> Option<Vec<&'a str>> {
    let head = format!("FROM scratch AS {target}");
    let mut lines = text.lines().skip_while(|line| *line != head);
    lines.next()?;
    Some(lines.take_while(|line| !line.starts_with("FROM ")).collect())
}

/// The names of the programs that the workspace builds.
fn programs(metadata: &Value) -> BTreeSet<String> {
    let targets =
        items(metadata, "/packages").iter().flat_map(|package| items(package, "/targets"));
    let programs = targets.filter(|target| items(target, "/kind").iter().any(|kind| kind == "bin"));
    programs.filter_map(|program| at(program, "/name").as_str().map(str::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_that_runs_as_root_is_found() {
        let text = "FROM scratch AS gateway\nCOPY --from=build /out/gateway /gateway\n\
                    STOPSIGNAL SIGTERM\nENTRYPOINT [\"/gateway\"]\nFROM x AS y\nUSER 65532:65532\n";
        assert_eq!(wrong(text, "gateway"), ["target gateway lacks USER 65532:65532"]);
        assert_eq!(wrong(text, "migrate"), ["there is no target migrate"]);
    }
}

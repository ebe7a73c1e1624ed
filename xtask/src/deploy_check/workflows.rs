//! The workflows: readable, with least rights, with actions that cannot change under them.

use serde_json::Value;

use super::objects::{at, items};
use super::verdict;
use crate::failure::{Doing as _, Failure};
use crate::workspace::root;

pub(super) fn check() -> Result<(), Failure> {
    let folder = root().join(".github/workflows");
    let mut problems = Vec::new();
    for file in std::fs::read_dir(&folder).doing("listing the workflows")? {
        let path = file.doing("listing the workflows")?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).doing(format!("reading {name}"))?;
        let workflow: Value = serde_saphyr::from_str(&text).doing(format!("reading {name}"))?;
        let found = wrong(&workflow).into_iter().chain(secret_name(&text));
        problems.extend(found.map(|problem| format!("{name}: {problem}")));
    }
    problems.sort();
    verdict(&problems)
}

fn wrong(workflow: &Value) -> Vec<String> {
    let mut problems = Vec::new();
    for part in ["on", "permissions", "concurrency", "jobs"] {
        if workflow.get(part).is_none() {
            problems.push(format!("it has no {part}"));
        }
    }
    if at(workflow, "/permissions")
        .as_object()
        .is_some_and(|rights| rights.values().any(|r| r == "write"))
    {
        problems.push("all jobs may write; let the one that must say so".to_owned());
    }
    for (name, job) in at(workflow, "/jobs").as_object().into_iter().flatten() {
        // What calls another workflow has that one's limits.
        if at(job, "/uses").is_null() && at(job, "/timeout-minutes").is_null() {
            problems.push(format!("job {name} may run for hours"));
        }
        let runs = items(job, "/steps").iter().filter_map(|step| at(step, "/run").as_str());
        if at(job, "/permissions/id-token") == "write"
            && runs.into_iter().any(|run| run.contains("docker.sock"))
        {
            problems.push(format!("job {name} lends Docker to a program, and may sign"));
        }
        let used = items(job, "/steps").iter().filter_map(|step| at(step, "/uses").as_str());
        let loose = used.filter(|action| !is_pinned(action));
        problems
            .extend(loose.map(|action| format!("job {name}: {action} is not pinned by commit")));
    }
    problems
}

/// GitHub empties each output that holds a secret's text, and images are often named after the user who pushes them.
fn secret_name(text: &str) -> Option<String> {
    let names = ["secrets.REGISTRY_USERNAME", "secrets.registry-username"];
    let found = names.into_iter().find(|name| text.contains(name))?;
    Some(format!("{found} would take outputs away that hold it: let it be a variable"))
}

fn is_pinned(action: &str) -> bool {
    let commit = action.rsplit_once('@').map_or("", |(_, commit)| commit);
    action.starts_with("./")
        || (commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_no_commits() {
        assert!(is_pinned("a/b@3d3c42e5aac5ba805825da76410c181273ba90b1"));
        assert!(!is_pinned("a/b@v4") && !is_pinned("a/b"));
    }

    #[test]
    fn nights_run_what_takes_too_long_for_a_change() {
        check().unwrap();
        let path = root().join(".github/workflows/nightly.yml");
        let nightly: Value =
            serde_saphyr::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        assert!(at(&nightly, "/on/schedule/0/cron").is_string());
        let steps = items(&nightly, "/jobs/nightly/steps");
        assert!(steps.iter().any(|step| at(step, "/run") == "bash .ci/nightly"), "{nightly}");
    }

    #[test]
    fn programs_of_others_with_rights_and_names_that_are_secret_are_found() {
        let text = "{on: push, permissions: {}, concurrency: a, jobs: {a: {timeout-minutes: 1, permissions: \
            {id-token: write}, steps: [{run: docker run --volume /var/run/docker.sock:/s x}]}}}";
        assert_eq!(wrong(&serde_saphyr::from_str(text).unwrap()).len(), 1);
        assert!(secret_name("username: ${{ secrets.REGISTRY_USERNAME }}").is_some());
        assert!(secret_name("username: ${{ vars.REGISTRY_USERNAME }}").is_none());
    }

    #[test]
    fn rights_for_all_jobs_and_missing_parts_are_found() {
        let text = "on: push\npermissions: {contents: write}\njobs: {a: {steps: [{uses: x/y@v1}]}}";
        let problems = wrong(&serde_saphyr::from_str(text).unwrap());
        assert_eq!(problems.len(), 4, "{problems:?}");
    }
}

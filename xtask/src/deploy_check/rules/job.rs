use serde_json::{Value, json};

use crate::deploy_check::objects::{Object, at, items};

/// The job is tried again where that can help, ends at once where it cannot, and ends at all.
pub(super) fn ends_as_it_should(objects: &[Object]) -> Vec<String> {
    let jobs = objects.iter().filter(|object| object.kind() == "Job");
    jobs.flat_map(|job| problems(job).into_iter().map(|text| format!("{}: {text}", job.title())))
        .collect()
}

fn problems(job: &Object) -> Vec<String> {
    let mut problems = Vec::new();
    let mut require = |holds: bool, text: &str| {
        if !holds {
            problems.push(text.to_owned());
        }
    };
    let pod = job.pod().unwrap_or(&Value::Null);
    require(at(pod, "/restartPolicy") == "Never", "restartPolicy is not Never");
    let rules = items(job.at("/spec"), "/podFailurePolicy/rules");
    let names = items(pod, "/containers").iter().map(|container| at(container, "/name"));
    let names: Vec<&Value> = names.collect();
    let ends_at_once = rules.iter().any(|rule| {
        at(rule, "/action") == "FailJob"
            && at(rule, "/onExitCodes/operator") == "In"
            && *at(rule, "/onExitCodes/values") == json!([2, 6, 7, 8])
            && names.contains(&at(rule, "/onExitCodes/containerName"))
    });
    require(ends_at_once, "the exit codes that no retry mends do not end it");
    let survives_drain = rules.iter().any(|rule| {
        at(rule, "/action") == "Ignore" && at(rule, "/onPodConditions/0/type") == "DisruptionTarget"
    });
    require(survives_drain, "a drained node counts as a failed try");
    require(job.at("/spec/backoffLimit").is_u64(), "backoffLimit is not set");
    require(job.at("/spec/activeDeadlineSeconds").is_u64(), "it may run for ever");
    let ttl = job.at("/spec/ttlSecondsAfterFinished");
    require(ttl.as_u64().is_none_or(|ttl| ttl >= 60), "it is gone before it is seen");
    // The controller puts the name into a label of the pods.
    require(job.name().len() <= 63, "its name is longer than a label may be");
    problems
}

use serde_json::{Value, json};

use crate::deploy_check::objects::{Object, at, items};

/// Pod Security's level "restricted", and a little more, for every pod and container.
pub(super) fn are_restricted(objects: &[Object]) -> Vec<String> {
    let mut problems = Vec::new();
    for object in objects.iter().filter(|object| object.pod().is_some()) {
        let pod = object.pod().unwrap_or(&Value::Null);
        problems.extend(wrong(&object.title(), pod, &pod_facts()));
        for container in object.all_containers() {
            let title = format!("{}, container {}", object.title(), at(container, "/name"));
            problems.extend(wrong(&title, container, &container_facts()));
            problems.extend(image_problem(&title, container));
            problems.extend(resource_problem(&title, container));
        }
    }
    let accounts = objects.iter().filter(|object| object.kind() == "ServiceAccount");
    let open =
        accounts.filter(|account| *account.at("/automountServiceAccountToken") != json!(false));
    problems.extend(open.map(|account| format!("{} mounts its token", account.title())));
    problems
}

type Facts = Vec<(&'static str, Value)>;

fn pod_facts() -> Facts {
    vec![
        ("/securityContext/runAsNonRoot", json!(true)),
        ("/securityContext/runAsUser", json!(65532)),
        ("/securityContext/seccompProfile/type", json!("RuntimeDefault")),
        ("/automountServiceAccountToken", json!(false)),
        ("/enableServiceLinks", json!(false)),
    ]
}

fn container_facts() -> Facts {
    vec![
        ("/securityContext/allowPrivilegeEscalation", json!(false)),
        ("/securityContext/privileged", json!(false)),
        ("/securityContext/readOnlyRootFilesystem", json!(true)),
        ("/securityContext/capabilities/drop", json!(["ALL"])),
        ("/terminationMessagePolicy", json!("FallbackToLogsOnError")),
    ]
}

fn wrong(title: &str, value: &Value, facts: &Facts) -> Vec<String> {
    let differs = facts.iter().filter(|(pointer, expected)| at(value, pointer) != expected);
    differs
        .map(|(pointer, expected)| {
            format!("{title}: {pointer} is {}, not {expected}", at(value, pointer))
        })
        .collect()
}

/// An image is named by a digest, or by a tag that says a version.
fn image_problem(title: &str, container: &Value) -> Option<String> {
    let image = at(container, "/image").as_str().unwrap_or_default();
    let last = image.rsplit('/').next().unwrap_or_default();
    let is_named = match (last.split_once('@'), last.split_once(':')) {
        (Some((_, digest)), _) => digest.starts_with("sha256:"),
        (None, Some((_, tag))) => !tag.is_empty() && tag != "latest",
        (None, None) => false,
    };
    (!is_named).then(|| format!("{title}: image {image:?} names no version"))
}

fn resource_problem(title: &str, container: &Value) -> Option<String> {
    let needed =
        ["/resources/requests/cpu", "/resources/requests/memory", "/resources/limits/memory"];
    let missing: Vec<&str> =
        needed.into_iter().filter(|pointer| at(container, pointer).is_null()).collect();
    (!missing.is_empty()).then(|| format!("{title}: {} not set", missing.join(", ")))
}

/// Every Secret that the pod can read: volumes, variables and whole environments.
pub(super) fn secrets(object: &Object) -> Vec<String> {
    let volumes = object.pod().map(|pod| items(pod, "/volumes")).unwrap_or_default();
    let mounted = volumes.iter().map(|volume| at(volume, "/secret/secretName"));
    let containers = object.all_containers();
    let variables = containers.iter().flat_map(|container| items(container, "/env"));
    let named = variables.map(|variable| at(variable, "/valueFrom/secretKeyRef/name"));
    let sources = containers.iter().flat_map(|container| items(container, "/envFrom"));
    let whole = sources.map(|source| at(source, "/secretRef/name"));
    let all = mounted.chain(named).chain(whole);
    all.filter_map(|name| name.as_str().map(str::to_owned)).collect()
}

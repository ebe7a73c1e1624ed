use serde_json::Value;

use crate::deploy_check::objects::{Object, at, items, selects};

/// Every selector takes the pods that it means, and no others; every name that is pointed to exists.
pub(super) fn match_labels(objects: &[Object]) -> Vec<String> {
    let mut problems: Vec<String> = objects.iter().filter_map(own_pods).collect();
    problems.extend(objects.iter().filter_map(|object| policy(object, objects)));
    for service in objects.iter().filter(|object| object.kind() == "Service") {
        problems.extend(service_problem(service, objects));
    }
    problems.extend(objects.iter().filter_map(|object| account(object, objects)));
    problems.extend(objects.iter().filter_map(component));
    problems
}

/// The guide's commands find what they are about by this label, however it was installed.
fn component(object: &Object) -> Option<String> {
    object.pod()?;
    let labels = [object.labels("/metadata/labels"), object.pod_labels()];
    let is_found = labels.iter().all(|labels| labels.contains_key("app.kubernetes.io/component"));
    (!is_found).then(|| format!("{} or its pods have no label for the component", object.title()))
}

fn own_pods(object: &Object) -> Option<String> {
    if !object.serves() {
        return None;
    }
    let selector = object.labels("/spec/selector/matchLabels");
    let versioned = selector.keys().any(|key| key.ends_with("/version") || key.ends_with("/chart"));
    (versioned || !selects(&selector, &object.pod_labels()))
        .then(|| format!("{}: the selector does not fit its own pods", object.title()))
}

/// Budgets and network policies.
fn policy(object: &Object, objects: &[Object]) -> Option<String> {
    let selector = match object.kind() {
        "PodDisruptionBudget" => object.labels("/spec/selector/matchLabels"),
        "NetworkPolicy" => object.labels("/spec/podSelector/matchLabels"),
        _ => return None,
    };
    let selected: Vec<&Object> =
        objects.iter().filter(|made| selects(&selector, &made.pod_labels())).collect();
    // Two Jobs, before and after a rollout, may have one policy.
    let is_one = selected.len() == 1 || selected.iter().all(|made| made.kind() == "Job");
    (selected.is_empty() || !is_one)
        .then(|| format!("{} selects the pods of {} objects", object.title(), selected.len()))
}

/// A job's pod behind a service would get its requests.
fn service_problem(service: &Object, objects: &[Object]) -> Option<String> {
    let selector = service.labels("/spec/selector");
    let selected: Vec<&Object> =
        objects.iter().filter(|object| selects(&selector, &object.pod_labels())).collect();
    let [only] = selected.as_slice() else {
        return Some(format!("{} selects the pods of {} objects", service.title(), selected.len()));
    };
    if !only.serves() {
        return Some(format!("{} leads to a {}", service.title(), only.title()));
    }
    let declares = |port: &Value| {
        let declared =
            only.containers("containers").iter().flat_map(|container| items(container, "/ports"));
        declared.into_iter().any(|declared| at(declared, "/name") == at(port, "/targetPort"))
    };
    let ports = items(service.at("/spec"), "/ports");
    let has_all = !ports.is_empty() && ports.iter().all(declares);
    (!has_all)
        .then(|| format!("{} leads to a port that {} does not have", service.title(), only.title()))
}

fn account(object: &Object, objects: &[Object]) -> Option<String> {
    let name = at(object.pod()?, "/serviceAccountName").as_str().unwrap_or("default");
    let exists = name == "default"
        || objects.iter().any(|other| other.kind() == "ServiceAccount" && other.name() == name);
    (!exists)
        .then(|| format!("{} names the service account {name}, which nobody makes", object.title()))
}

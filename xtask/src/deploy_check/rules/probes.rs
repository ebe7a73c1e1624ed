use serde_json::Value;

use super::deployment;
use crate::deploy_check::objects::{Object, at, items};

const PROBES: [&str; 3] = ["startupProbe", "livenessProbe", "readinessProbe"];

/// Every serving container has the three probes, on ports that it has; each deployment waits for what
/// it needs, and is given the time to end.
pub(super) fn are_there(objects: &[Object]) -> Vec<String> {
    let mut problems = Vec::new();
    for object in objects.iter().filter(|object| object.serves()) {
        let title = object.title();
        for container in object.containers("containers") {
            let probes = PROBES.iter().filter_map(|probe| problem(&title, container, probe));
            problems.extend(probes);
        }
        // A database of a trial is somebody else's program.
        if !["mysql", "postgres"].contains(&object.name()) {
            problems.extend(gate_problem(object));
            problems.extend(grace_problem(object));
        }
    }
    problems.extend(kind_problem(objects, "user-service", "grpc"));
    problems.extend(kind_problem(objects, "gateway", "httpGet"));
    problems
}

fn problem(title: &str, container: &Value, probe: &str) -> Option<String> {
    let probe_value = at(container, &format!("/{probe}"));
    if probe_value.is_null() {
        return Some(format!("{title} has no {probe}"));
    }
    if probe_value.get("exec").is_some() {
        return None;
    }
    let port =
        ["/httpGet/port", "/grpc/port", "/tcpSocket/port"].map(|pointer| at(probe_value, pointer));
    let is_known = items(container, "/ports").iter().any(|declared| {
        port.iter()
            .any(|port| at(declared, "/name") == *port || at(declared, "/containerPort") == *port)
    });
    (!is_known).then(|| format!("{title}: {probe} asks a port that the container does not have"))
}

fn kind_problem(objects: &[Object], name: &str, kind: &str) -> Option<String> {
    let container = deployment(objects, name)?.containers("containers").first()?;
    // The kubelet's gRPC probe speaks no TLS.
    let is_encrypted =
        items(container, "/env").iter().any(|variable| at(variable, "/name") == "TLS_CERT");
    let kind = if is_encrypted { "httpGet" } else { kind };
    let is_that = at(container, "/readinessProbe").get(kind).is_some();
    (!is_that).then(|| format!("the readiness probe of {name} is no {kind} probe"))
}

fn gate_problem(object: &Object) -> Option<String> {
    // What migrates by itself has nothing to wait for.
    if object.kind() == "StatefulSet" {
        return None;
    }
    let waits = |container: &Value| at(container, "/args/0") == "wait";
    let has_gate = object.containers("initContainers").iter().any(waits);
    (!has_gate).then(|| format!("{} waits for nothing", object.title()))
}

/// Kubernetes must not kill what is still ending by itself.
fn grace_problem(object: &Object) -> Option<String> {
    let container = object.containers("containers").first()?;
    let seconds = |name: &str| {
        let variable =
            items(container, "/env").iter().find(|variable| at(variable, "/name") == name)?;
        at(variable, "/value").as_str()?.strip_suffix('s')?.parse::<u64>().ok()
    };
    let needed =
        seconds("DRAIN_DELAY").zip(seconds("SHUTDOWN_GRACE")).map(|(drain, grace)| drain + grace);
    let given = object.pod().and_then(|pod| at(pod, "/terminationGracePeriodSeconds").as_u64());
    let is_enough = needed.zip(given).is_some_and(|(needed, given)| needed < given);
    (!is_enough).then(|| format!("{}: {given:?} seconds to end, needed {needed:?}", object.title()))
}

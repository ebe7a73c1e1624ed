use super::{deployment, pods};
use crate::deploy_check::objects::{Object, at, items};

/// The gateway's pods hold no secret but a certificate of their own, and ask a user service that exists; the serving
/// pods do not hold the migrating role's.
pub(super) fn holds_no_secret(objects: &[Object]) -> Vec<String> {
    let mut problems = Vec::new();
    if let Some(gateway) = deployment(objects, "gateway") {
        let secrets: Vec<String> = pods::secrets(gateway)
            .into_iter()
            .filter(|secret| Some(secret.as_str()) != own_certificate(gateway))
            .collect();
        if !secrets.is_empty() {
            problems.push(format!("the gateway's pods hold the secrets {}", secrets.join(", ")));
        }
        problems.extend(variable_problems(gateway));
        problems.extend(upstream_problem(gateway, objects));
    }
    let job = objects.iter().find(|object| object.kind() == "Job");
    let separate = job.map(pods::secrets).unwrap_or_default();
    if let Some(serving) = deployment(objects, "user-service") {
        let held = pods::secrets(serving);
        let shared = separate.iter().filter(|secret| secret.contains("migration"));
        let shared = shared.filter(|secret| held.contains(secret));
        problems.extend(shared.map(|secret| format!("the user service's pods hold {secret}")));
    }
    problems
}

/// The Secret with the files for TLS, where the gateway is told to use them.
fn own_certificate(gateway: &Object) -> Option<&str> {
    let place = variable(gateway, "USER_SERVICE_CA")?.strip_suffix("/ca.crt")?;
    let containers = gateway.all_containers();
    let mut mounts = containers.iter().flat_map(|container| items(container, "/volumeMounts"));
    let name = at(mounts.find(|mount| at(mount, "/mountPath") == place)?, "/name");
    let mut volumes = items(gateway.pod()?, "/volumes").iter();
    at(volumes.find(|volume| at(volume, "/name") == name)?, "/secret/secretName").as_str()
}

fn variable<'a>(object: &'a Object, name: &str) -> Option<&'a str> {
    let containers = object.all_containers();
    let mut all = containers.into_iter().flat_map(|container| items(container, "/env"));
    at(all.find(|variable| at(variable, "/name") == name)?, "/value").as_str()
}

fn variable_problems(gateway: &Object) -> Vec<String> {
    let containers = gateway.all_containers();
    let variables = containers.iter().flat_map(|container| items(container, "/env"));
    let names = variables.filter_map(|variable| at(variable, "/name").as_str());
    let is_foreign = |name: &&str| name.contains("DATABASE") || name.contains("TOKEN_SIGNING");
    names
        .filter(is_foreign)
        .map(|name| format!("the gateway's pods have the variable {name}"))
        .collect()
}

fn upstream_problem(gateway: &Object, objects: &[Object]) -> Option<String> {
    let containers = gateway.all_containers();
    let missing = containers.iter().any(|container| {
        let variable =
            items(container, "/env").iter().find(|v| at(v, "/name") == "USER_SERVICE_URL");
        let url = variable.and_then(|variable| at(variable, "/value").as_str()).unwrap_or_default();
        let (scheme, rest) = url.split_once("://").unwrap_or_default();
        let wanted = if own_certificate(gateway).is_some() { "https" } else { "http" };
        let host = rest.split(':').next().filter(|_| scheme == wanted);
        !objects.iter().any(|object| object.kind() == "Service" && Some(object.name()) == host)
    });
    missing
        .then(|| "a container of the gateway asks a user service that no Service names".to_owned())
}

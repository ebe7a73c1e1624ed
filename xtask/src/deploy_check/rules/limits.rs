use serde_json::Value;

use crate::deploy_check::objects::{Object, at, items};

/// What `docs/operations.md#sizing` says: a process, and what a thread takes unless it is told otherwise.
const PROCESS_KIB: u64 = 40 * 1024;
const THREAD_KIB: u64 = 19 * 1024;

/// What hashes passwords is told with how many threads, and they fit into its limit of memory: left to itself it takes the
/// cores of the node.
pub(super) fn hold_the_threads(objects: &[Object]) -> Vec<String> {
    let mut problems = Vec::new();
    for object in objects.iter().filter(|object| object.serves()) {
        let containers = object.containers("containers").iter();
        let hashing = containers.filter(|container| {
            ["user-service", "artisan"].iter().any(|name| at(container, "/name") == name)
        });
        problems.extend(hashing.filter_map(|container| thread_problem(&object.title(), container)));
    }
    problems
}

fn thread_problem(title: &str, container: &Value) -> Option<String> {
    let number = |name: &str| {
        let mut all = items(container, "/env").iter();
        at(all.find(|variable| at(variable, "/name") == name)?, "/value")
            .as_str()?
            .parse::<u64>()
            .ok()
    };
    let Some(threads) = number("HASH_THREADS") else {
        return Some(format!("{title} hashes with as many threads as the node has cores"));
    };
    let each = number("ARGON2_MEMORY_KIB").unwrap_or(THREAD_KIB);
    let needed = PROCESS_KIB.saturating_add(threads.saturating_mul(each));
    let limit = at(container, "/resources/limits/memory").as_str().and_then(kibibytes);
    (limit.is_none_or(|limit| limit < needed)).then(|| {
        format!("{title}: {threads} threads that hash need {needed} KiB, the limit is {limit:?}")
    })
}

fn kibibytes(limit: &str) -> Option<u64> {
    let (number, unit) = limit.split_at_checked(limit.len().checked_sub(2)?)?;
    let each = match unit {
        "Ki" => 1,
        "Mi" => 1024,
        "Gi" => 1024 * 1024,
        _ => return None,
    };
    number.parse::<u64>().ok()?.checked_mul(each)
}

/// A policy opens what it names: a rule without ports and peers lets everything out, and the DNS of a cluster is at one of two
/// ports.
pub(super) fn open_what_is_named(objects: &[Object]) -> Vec<String> {
    let policies = objects.iter().filter(|object| object.kind() == "NetworkPolicy");
    policies
        .flat_map(|policy| {
            items(policy.at("/spec"), "/egress")
                .iter()
                .filter_map(|rule| rule_problem(&policy.title(), rule))
        })
        .collect()
}

fn rule_problem(title: &str, rule: &Value) -> Option<String> {
    let ports: Vec<u64> =
        items(rule, "/ports").iter().filter_map(|port| at(port, "/port").as_u64()).collect();
    if ports.is_empty() && items(rule, "/to").is_empty() {
        return Some(format!("{title} lets everything out"));
    }
    (ports.contains(&53) && !ports.contains(&5353))
        .then(|| format!("{title} keeps OpenShift's DNS out"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deploy_check::objects::parse;

    fn serving(env: &str, limit: &str) -> Vec<String> {
        let text = format!(
            "kind: Deployment\nmetadata: {{ name: a }}\nspec: {{ template: {{ spec: {{ containers: [{{ name: user-service, \
             env: [{env}], resources: {{ limits: {{ memory: {limit} }} }} }}] }} }} }}\n"
        );
        hold_the_threads(&parse(&text).unwrap())
    }

    #[test]
    fn threads_that_do_not_fit_or_follow_the_cores_are_found() {
        assert_eq!(serving("{ name: HASH_THREADS, value: '3' }", "256Mi"), [""; 0]);
        assert_eq!(serving("{ name: HASH_THREADS, value: '12' }", "256Mi").len(), 1);
        assert_eq!(serving("{ name: HASH_THREADS, value: '12' }", "1Gi"), [""; 0]);
        assert_eq!(serving("", "256Mi").len(), 1);
    }

    #[test]
    fn policies_that_open_all_or_know_one_dns_are_found() {
        let problems = |egress: &str| {
            let text = format!(
                "kind: NetworkPolicy\nmetadata: {{ name: a }}\nspec: {{ egress: [{egress}] }}\n"
            );
            open_what_is_named(&parse(&text).unwrap()).len()
        };
        assert_eq!(problems("{ ports: [{ port: 3306 }] }"), 0);
        assert_eq!(problems("{ ports: [{ port: 53 }, { port: 5353 }] }"), 0);
        assert_eq!(problems("{ ports: [{ port: 53 }] }"), 1);
        assert_eq!(problems("{ ports: }"), 1);
        assert_eq!(problems("{ to: [{ podSelector: {} }] }"), 0);
    }
}

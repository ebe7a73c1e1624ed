#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "tests fail by panicking")]
//! The service config, held against the contract and against `grpc.service_config.ServiceConfig`.

use std::collections::{BTreeMap, BTreeSet};

use artisan_proto::http::ROUTES;
use artisan_proto::{FILE_DESCRIPTOR_SET, SERVICE_CONFIG};
use prost::Message as _;
use prost_types::FileDescriptorSet;
use serde_json::{Map, Value};

/// Reads only, though it is a POST: its request holds a secret.
const READS_BY_POST: [&str; 1] = ["artisan.user.v1.AuthService/IntrospectToken"];

fn config() -> Value {
    serde_json::from_str(SERVICE_CONFIG).unwrap()
}

/// Every method, and whether it streams.
fn methods() -> BTreeMap<String, bool> {
    let set = FileDescriptorSet::decode(FILE_DESCRIPTOR_SET).unwrap();
    let files = set.file.iter().filter(|file| file.package() == "artisan.user.v1");
    files
        .flat_map(|file| &file.service)
        .flat_map(|service| {
            service.method.iter().map(move |method| {
                let name = format!("artisan.user.v1.{}/{}", service.name(), method.name());
                (name, method.server_streaming())
            })
        })
        .collect()
}

/// What each method or service (`pkg.Service/`) is told; a method's own rule comes before its
/// service's.
fn rules() -> BTreeMap<String, Map<String, Value>> {
    let mut rules = BTreeMap::new();
    for rule in config()["methodConfig"].as_array().unwrap() {
        for name in rule["name"].as_array().unwrap() {
            let method = name["method"].as_str().unwrap_or_default();
            let name = format!("{}/{method}", name["service"].as_str().unwrap());
            let before = rules.insert(name.clone(), rule.as_object().unwrap().clone());
            // gRPC refuses the whole config otherwise.
            assert_eq!(before, None, "{name} stands twice");
        }
    }
    rules
}

fn rule_of(method: &str) -> Option<Map<String, Value>> {
    let (service, _) = method.split_once('/').unwrap();
    let mut rules = rules();
    rules.remove(method).or_else(|| rules.remove(&format!("{service}/")))
}

fn seconds(value: &Value) -> f64 {
    value.as_str().unwrap().strip_suffix('s').unwrap().parse().unwrap()
}

#[test]
fn every_name_is_of_the_contract_and_every_method_has_a_rule() {
    let methods = methods();
    for name in rules().keys() {
        let is_service =
            name.ends_with('/') && methods.keys().any(|m| m.starts_with(name.as_str()));
        assert!(is_service || methods.contains_key(name), "{name} is not of the contract");
    }
    for (method, streams) in methods {
        let rule = rule_of(&method).unwrap_or_default();
        assert_eq!(rule.contains_key("timeout"), !streams, "{method}");
        assert!(streams || seconds(&rule["timeout"]) > 0.0, "{method}");
    }
}

#[test]
fn only_what_is_safe_to_repeat_is_repeated() {
    let reads = ROUTES.iter().filter(|route| route.verb == "GET");
    let reads = reads.map(|route| format!("{}/{}", route.service, route.rpc));
    let reads = reads.chain(READS_BY_POST.map(str::to_owned)).collect::<BTreeSet<_>>();
    for (method, streams) in methods() {
        let rule = rule_of(&method).unwrap();
        let is_repeated = rule.contains_key("retryPolicy") || rule.contains_key("hedgingPolicy");
        assert_eq!(is_repeated, reads.contains(&method) && !streams, "{method}");
    }
}

#[test]
fn values_are_those_that_grpc_takes() {
    let known = ["loadBalancingConfig", "methodConfig", "retryThrottling", "healthCheckConfig"];
    assert!(config().as_object().unwrap().keys().all(|key| known.contains(&key.as_str())));
    for (name, rule) in rules() {
        let known = ["name", "timeout", "waitForReady", "retryPolicy"];
        assert!(rule.keys().all(|key| known.contains(&key.as_str())), "{name}");
        let Some(policy) = rule.get("retryPolicy") else { continue };
        // gRFC A6: two to five attempts, positive backoffs, and at least one code.
        assert!((2..=5).contains(&policy["maxAttempts"].as_u64().unwrap()));
        let (first, longest) = (seconds(&policy["initialBackoff"]), seconds(&policy["maxBackoff"]));
        assert!(first > 0.0 && longest >= first);
        assert!(policy["backoffMultiplier"].as_f64().unwrap() > 0.0);
        assert_eq!(policy["retryableStatusCodes"], serde_json::json!(["UNAVAILABLE"]));
    }
    let throttling = &config()["retryThrottling"];
    assert!((1..=1000).contains(&throttling["maxTokens"].as_u64().unwrap()));
    assert!(throttling["tokenRatio"].as_f64().unwrap() > 0.0);
    let checked = config()["healthCheckConfig"]["serviceName"].as_str().unwrap().to_owned();
    assert!(methods().keys().any(|method| method.starts_with(&format!("{checked}/"))));
}

//! What can be done next with an answer.

use serde_json::{Map, Value, json};

use super::super::annotations::HttpBinding;
use super::super::{paths, routes};
use super::{operations, parameters};

/// From a resource that was made to the operations on it; from a page of a list to the next one.
pub(super) fn of(binding: &HttpBinding, bindings: &[HttpBinding]) -> Map<String, Value> {
    let mut links = Map::new();
    let output = binding.method.output();
    // AIP-148: `uid` is the last part of `name`, and the only part of it that a path with one parameter takes.
    if routes::creates(binding) && paths::find_string(&output, "uid").is_some() {
        let made = binding.parsed.segments.len();
        for other in bindings.iter().filter(|other| continues(other, binding, made)) {
            let (_, path) = parameters::path(other);
            let [parameter] = path.as_slice() else { continue };
            let Some(name) = parameter.get("name").and_then(Value::as_str) else { continue };
            let link = json!({
                "operationId": operations::id(other),
                "parameters": {name: "$response.body#/uid"},
            });
            links.insert(other.method.name().to_owned(), link);
        }
    }
    let is_list = paths::find_string(&output, "next_page_token").is_some()
        && paths::find_string(&binding.method.input(), "page_token").is_some();
    if is_list {
        let link = json!({
            "operationId": operations::id(binding),
            "parameters": {"pageToken": "$response.body#/nextPageToken"},
            "description": "The next page: the same request with this token.",
        });
        links.insert("NextPage".to_owned(), link);
    }
    links
}

/// Whether an operation is on what another one makes: its path goes on with the resource's id, and has no verb.
fn continues(other: &HttpBinding, maker: &HttpBinding, made: usize) -> bool {
    let segments = &other.parsed.segments;
    other.parsed.verb.is_none()
        && segments.len() > made
        && segments.iter().zip(&maker.parsed.segments).all(|(one, two)| one == two)
}

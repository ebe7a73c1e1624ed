//! Documents that are nearly right.

use serde_json::{Map, Value};

/// The document with one thing wrong, for every thing in it, and where that is.
///
/// Of a list only the first item is taken: the others have the same schema.
pub(super) fn of(document: &Value) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    mutate(document, "", &mut |place, wrong| {
        let mut mutant = document.clone();
        *mutant.pointer_mut(place).unwrap() = wrong;
        found.push((place.to_owned(), mutant));
    });
    found
}

/// The document without one member, for every member in it, and which one that is.
pub(super) fn without(document: &Value) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    for place in places(document, "") {
        let mut mutant = document.clone();
        let (parent, name) = place.rsplit_once('/').unwrap();
        if let Some(parent) = mutant.pointer_mut(parent).unwrap().as_object_mut() {
            parent.remove(name);
            found.push((place, mutant));
        }
    }
    found
}

/// The pointers to all members and first items.
fn places(part: &Value, place: &str) -> Vec<String> {
    let inner: Vec<(String, &Value)> = match part {
        Value::Object(members) => {
            members.iter().map(|(name, member)| (format!("{place}/{name}"), member)).collect()
        }
        Value::Array(items) => {
            items.iter().take(1).map(|item| (format!("{place}/0"), item)).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    };
    let deeper = inner.iter().flat_map(|(place, part)| places(part, place));
    inner.iter().map(|(place, _)| place.clone()).chain(deeper).collect()
}

fn mutate(part: &Value, place: &str, tell: &mut dyn FnMut(&str, Value)) {
    match part {
        Value::Object(members) => {
            let with = |name: &str, value: Value| {
                let mut changed = members.clone();
                changed.insert(name.to_owned(), value);
                changed
            };
            tell(place, with("unheard_of", Value::Null).into());
            for (name, member) in members {
                let mut renamed: Map<String, Value> = with(&format!("{name}s"), member.clone());
                renamed.remove(name);
                tell(place, renamed.into());
                tell(place, with(name, Value::Object(Map::new())).into());
                mutate(member, &format!("{place}/{name}"), tell);
            }
        }
        Value::Array(items) => {
            if let Some(first) = items.first() {
                tell(&format!("{place}/0"), Value::Object(Map::new()));
                mutate(first, &format!("{place}/0"), tell);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

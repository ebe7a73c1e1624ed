//! Rendered objects, as far as the rules look at them.

use std::collections::BTreeMap;

use serde_json::Value;

/// One Kubernetes object.
#[derive(Clone, Debug)]
pub(crate) struct Object(Value);

/// Labels, or a selector over them.
pub(crate) type Labels = BTreeMap<String, String>;

/// The objects of a stream of YAML documents.
pub(crate) fn parse(text: &str) -> Result<Vec<Object>, serde_saphyr::Error> {
    let documents: Vec<Value> = serde_saphyr::from_multiple(text)?;
    Ok(documents.into_iter().filter(Value::is_object).map(Object).collect())
}

impl Object {
    pub(crate) fn kind(&self) -> &str {
        self.text("/kind")
    }

    pub(crate) fn name(&self) -> &str {
        self.text("/metadata/name")
    }

    /// What messages call it.
    pub(crate) fn title(&self) -> String {
        format!("{} {}", self.kind(), self.name())
    }

    pub(crate) fn at(&self, pointer: &str) -> &Value {
        at(&self.0, pointer)
    }

    pub(crate) fn text(&self, pointer: &str) -> &str {
        self.at(pointer).as_str().unwrap_or_default()
    }

    pub(crate) fn labels(&self, pointer: &str) -> Labels {
        let map = self.at(pointer).as_object().into_iter().flatten();
        map.map(|(key, value)| (key.clone(), value.as_str().unwrap_or_default().to_owned()))
            .collect()
    }

    /// Whether its pods are there to be called.
    pub(crate) fn serves(&self) -> bool {
        ["Deployment", "StatefulSet"].contains(&self.kind())
    }

    /// The pod's specification, if the object makes pods or is one.
    pub(crate) fn pod(&self) -> Option<&Value> {
        let pointer = if self.kind() == "Pod" { "/spec" } else { "/spec/template/spec" };
        Some(self.at(pointer)).filter(|pod| pod.is_object())
    }

    pub(crate) fn pod_labels(&self) -> Labels {
        let is_pod = self.kind() == "Pod";
        self.labels(if is_pod { "/metadata/labels" } else { "/spec/template/metadata/labels" })
    }

    /// The pod's containers, those that run before the others included.
    pub(crate) fn all_containers(&self) -> Vec<&Value> {
        ["initContainers", "containers"]
            .into_iter()
            .flat_map(|list| self.containers(list))
            .collect()
    }

    /// The containers of one of the pod's two lists.
    pub(crate) fn containers(&self, list: &str) -> &[Value] {
        self.pod().map(|pod| items(pod, &format!("/{list}"))).unwrap_or_default()
    }
}

/// The value behind a JSON pointer; null if there is none.
pub(crate) fn at<'a>(value: &'a Value, pointer: &str) -> &'a Value {
    value.pointer(pointer).unwrap_or(&Value::Null)
}

/// The items of a list; none if there is no list.
pub(crate) fn items<'a>(value: &'a Value, pointer: &str) -> &'a [Value] {
    at(value, pointer).as_array().map(Vec::as_slice).unwrap_or_default()
}

/// Whether a selector takes a pod with these labels.
pub(crate) fn selects(selector: &Labels, labels: &Labels) -> bool {
    !selector.is_empty() && selector.iter().all(|(key, value)| labels.get(key) == Some(value))
}

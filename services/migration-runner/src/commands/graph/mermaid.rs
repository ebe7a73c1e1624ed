//! <https://mermaid.js.org/syntax/flowchart.html>

use std::fmt::Write;

use super::{Graph, Node};

const CLASSES: &str = "    \
    classDef applied fill:#cfc,color:#000\n    \
    classDef pending fill:#eee,color:#000,stroke-dasharray:5 3\n    \
    classDef interrupted fill:#fc9,color:#000\n    \
    classDef contract stroke:#c00,stroke-width:3px\n";

/// Writing to a string cannot fail, so the results of `writeln!` are dropped.
pub(super) fn drawn(graph: &Graph) -> String {
    let mut text = "flowchart TD\n".to_owned();
    for node in &graph.nodes {
        let lines: Vec<String> = node.label().iter().map(|line| escaped(line)).collect();
        let _ = writeln!(text, "    {}[\"{}\"]", id(&node.version), lines.join("<br/>"));
    }
    for edge in &graph.edges {
        let arrow = if edge.kind == "revises" { "-->" } else { "-.->" };
        let _ = writeln!(text, "    {} {arrow} {}", id(&edge.from), id(&edge.to));
    }
    text.push_str(CLASSES);
    for class in ["applied", "interrupted", "pending", "contract"] {
        let members = graph.nodes.iter().filter(|node| is_in(node, class));
        let members: Vec<String> = members.map(|node| id(&node.version)).collect();
        if !members.is_empty() {
            let _ = writeln!(text, "    class {} {class}", members.join(","));
        }
    }
    text
}

/// A node may be in several classes.
fn is_in(node: &Node, class: &str) -> bool {
    match (node.applied, node.interrupted) {
        _ if class == "contract" => node.is_contract(),
        (_, Some(true)) => class == "interrupted",
        (Some(true), _) => class == "applied",
        (Some(false), _) => class == "pending",
        (None, _) => false,
    }
}

/// A node's name: a word, also where a version has a sign.
fn id(version: &str) -> String {
    format!("r{}", version.replace('-', "m"))
}

/// Text within a quoted label: whatever has a meaning there is written as an entity, `#…;`.
fn escaped(text: &str) -> String {
    text.chars().fold(String::new(), |mut escaped, c| {
        if c.is_alphanumeric() || " _-.()".contains(c) {
            escaped.push(c);
        } else {
            let _ = write!(escaped, "#{};", u32::from(c));
        }
        escaped
    })
}

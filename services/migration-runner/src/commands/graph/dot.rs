//! <https://graphviz.org/doc/info/lang.html>

use std::fmt::Write;

use super::{Graph, Node};

/// Writing to a string cannot fail, so the results of `writeln!` are dropped.
pub(super) fn drawn(graph: &Graph) -> String {
    let mut text = "digraph migrations {\n    node [shape=box];\n".to_owned();
    for node in &graph.nodes {
        let label = quoted(&node.label().join("\n"));
        let _ = writeln!(text, "    {} [label={label}{}];", quoted(&node.version), look(node));
    }
    for edge in &graph.edges {
        let style = if edge.kind == "revises" { "" } else { " [style=dotted]" };
        let _ = writeln!(text, "    {} -> {}{style};", quoted(&edge.from), quoted(&edge.to));
    }
    text + "}\n"
}

fn look(node: &Node) -> String {
    let fill = match (node.applied, node.interrupted) {
        (_, Some(true)) => ", style=filled, fillcolor=orange",
        (Some(true), _) => ", style=filled, fillcolor=palegreen",
        (Some(false), _) => ", style=dashed",
        (None, _) => "",
    };
    let edge = if node.is_contract() { ", color=red, penwidth=3" } else { "" };
    format!("{fill}{edge}")
}

/// A quoted string, in which a backslash would begin an escape of a label.
fn quoted(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    format!("\"{text}\"")
}

use std::collections::BTreeSet;
use std::fmt::Write;

use artisan_migrate::{Access, History, Revision};
use clap::ValueEnum;
use serde::Serialize;

use super::connect;
use crate::config::Config;
use crate::failure::Failure;
use crate::outcome::{Outcome, Report};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The language of the drawing.
    #[arg(long, value_enum, default_value_t = Language::Mermaid)]
    format: Language,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Language {
    Mermaid,
    Dot,
}

#[derive(Serialize)]
struct Graph {
    nodes: Vec<Node>,
    edges: Vec<Edge>,
    #[serde(skip)]
    language: Language,
}

#[derive(Serialize)]
struct Node {
    version: String,
    name: String,
    phase: &'static str,
    branch: Option<String>,
    head: bool,
    /// Absent without a database.
    #[serde(skip_serializing_if = "Option::is_none")]
    applied: Option<bool>,
}

#[derive(Serialize)]
struct Edge {
    from: String,
    to: String,
    /// `revises` or `depends-on`.
    kind: &'static str,
}

/// The files alone are drawn; with a database it is marked what is applied.
pub(super) async fn run(args: &Args, config: &Config) -> Result<Outcome, Failure> {
    let history = config.history()?;
    let applied = match config.url() {
        Err(_) => None,
        Ok(_) => Some(applied(config).await?),
    };
    let heads: BTreeSet<i64> = history.heads().iter().map(|head| head.version).collect();
    let nodes = history.revisions().iter().map(|revision| Node {
        version: revision.version.to_string(),
        name: revision.name.clone(),
        phase: revision.directives.phase.name(),
        branch: revision.directives.branch.clone(),
        head: heads.contains(&revision.version),
        applied: applied.as_ref().map(|applied| applied.contains(&revision.version.to_string())),
    });
    let nodes = nodes.collect();
    Ok(Outcome::new(Graph { nodes, edges: edges(&history), language: args.format }))
}

async fn applied(config: &Config) -> Result<BTreeSet<String>, Failure> {
    let mut runner = connect(config, Access::Read).await?;
    let report = runner.history_report(None).await;
    runner.close().await;
    let revisions = report?.revisions.into_iter();
    Ok(revisions.filter(|revision| revision.applied).map(|revision| revision.version).collect())
}

fn edges(history: &History) -> Vec<Edge> {
    let of = |revision: &Revision, from: &[i64], kind| -> Vec<Edge> {
        let to = || revision.version.to_string();
        from.iter().map(|from| Edge { from: from.to_string(), to: to(), kind }).collect()
    };
    let all = history.revisions().iter().flat_map(|revision| {
        let mut edges = of(revision, &revision.parents, "revises");
        edges.extend(of(revision, &revision.directives.depends_on, "depends-on"));
        edges
    });
    all.collect()
}

impl Report for Graph {
    fn text(&self) -> String {
        match self.language {
            Language::Mermaid => self.mermaid(),
            Language::Dot => self.dot(),
        }
    }
}

/// Writing to a string cannot fail, so the results of `writeln!` are dropped.
impl Graph {
    /// <https://mermaid.js.org/syntax/flowchart.html>
    fn mermaid(&self) -> String {
        let mut text = "flowchart TD\n".to_owned();
        for node in &self.nodes {
            let label = escaped(&node.label(), "<br/>");
            let _ = writeln!(text, "    r{}[\"{label}\"]{}", node.version, node.class());
        }
        for edge in &self.edges {
            let arrow = if edge.kind == "revises" { "-->" } else { "-.->" };
            let _ = writeln!(text, "    r{} {arrow} r{}", edge.from, edge.to);
        }
        text + "    classDef applied fill:#cfc,color:#000\n    classDef pending fill:#eee,color:#000\n\
                \u{20}   classDef contract stroke:#c00,stroke-width:3px\n"
    }

    /// <https://graphviz.org/doc/info/lang.html>
    fn dot(&self) -> String {
        let mut text = "digraph migrations {\n    node [shape=box];\n".to_owned();
        for node in &self.nodes {
            let label =
                node.label().replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
            let fill = match node.applied {
                Some(true) => ", style=filled, fillcolor=palegreen",
                Some(false) => ", style=dashed",
                None => "",
            };
            let _ = writeln!(text, "    \"{}\" [label=\"{label}\"{fill}];", node.version);
        }
        for edge in &self.edges {
            let style = if edge.kind == "revises" { "" } else { " [style=dotted]" };
            let _ = writeln!(text, "    \"{}\" -> \"{}\"{style};", edge.from, edge.to);
        }
        text + "}\n"
    }
}

impl Node {
    fn label(&self) -> String {
        let mut label = format!("{}\n{}", self.version, self.name);
        let marks = [
            self.branch.clone(),
            self.head.then(|| "head".to_owned()),
            (self.phase == "contract").then(|| "contract".to_owned()),
        ];
        for mark in marks.into_iter().flatten() {
            let _ = write!(label, "\n({mark})");
        }
        label
    }

    fn class(&self) -> &'static str {
        match (self.phase, self.applied) {
            ("contract", _) => ":::contract",
            (_, Some(true)) => ":::applied",
            (_, Some(false)) => ":::pending",
            (_, None) => "",
        }
    }
}

/// Text within a quoted label, where quotes and angle brackets are entities.
fn escaped(text: &str, line_end: &str) -> String {
    let text = text.replace('&', "#amp;").replace('"', "#quot;");
    let text = text.replace('<', "#lt;").replace('>', "#gt;");
    text.replace('\n', line_end)
}

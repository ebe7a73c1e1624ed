mod dot;
mod entities;
mod mermaid;

use std::collections::BTreeMap;

use artisan_migrate::{Access, History, Revision, RevisionFacts, RevisionReport};
use clap::ValueEnum;
use serde::Serialize;

use super::connect;
use crate::config::Config;
use crate::failure::Failure;
use crate::outcome::{Outcome, Report};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The language of the drawing: Mermaid, which code forges draw in Markdown, or Graphviz' DOT.
    #[arg(long, value_enum, default_value_t = Language::Mermaid)]
    format: Language,
    /// Draw the schema of the database instead: its tables and what they refer to, as a Mermaid ER diagram.
    #[arg(long, conflicts_with = "format")]
    schema: bool,
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
    /// Absent without a database, as the next two.
    #[serde(skip_serializing_if = "Option::is_none")]
    applied: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    interrupted: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    current: Option<bool>,
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
    if args.schema {
        return entities::run(config).await;
    }
    let history = config.history()?;
    let told = match config.url() {
        Err(_) => None,
        Ok(_) => Some(told(config).await?),
    };
    let nodes = history.revisions().iter().map(|revision| {
        let facts = RevisionFacts::new(&history, revision);
        let report = told.as_ref().and_then(|told| told.get(&facts.version));
        Node::new(facts, report)
    });
    let nodes = nodes.collect();
    Ok(Outcome::new(Graph { nodes, edges: edges(&history), language: args.format }))
}

/// What the database says about each revision.
async fn told(config: &Config) -> Result<BTreeMap<String, RevisionReport>, Failure> {
    let mut runner = connect(config, Access::Read).await?;
    let report = runner.history_report(None).await;
    runner.close().await;
    let revisions = report?.revisions.into_iter();
    Ok(revisions.map(|report| (report.facts.version.clone(), report)).collect())
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

impl Node {
    fn new(facts: RevisionFacts, report: Option<&RevisionReport>) -> Self {
        Self {
            version: facts.version,
            name: facts.name,
            phase: facts.phase,
            branch: facts.branch,
            head: facts.head,
            applied: report.map(|report| report.applied),
            interrupted: report.map(|report| report.interrupted),
            current: report.map(|report| report.current),
        }
    }

    /// What is written on it, a line each: version, name, and marks.
    fn label(&self) -> Vec<String> {
        let marks = [
            self.branch.clone(),
            self.head.then(|| "head".to_owned()),
            self.is_contract().then(|| "contract".to_owned()),
            (self.current == Some(true)).then(|| "current".to_owned()),
            (self.interrupted == Some(true)).then(|| "interrupted".to_owned()),
        ];
        let marks = marks.into_iter().flatten().map(|mark| format!("({mark})"));
        [self.version.clone(), self.name.clone()].into_iter().chain(marks).collect()
    }

    fn is_contract(&self) -> bool {
        self.phase == "contract"
    }
}

impl Report for Graph {
    fn text(&self) -> String {
        match self.language {
            Language::Mermaid => mermaid::drawn(self),
            Language::Dot => dot::drawn(self),
        }
    }

    fn summary(&self) -> String {
        format!("{} revisions drawn", self.nodes.len())
    }
}

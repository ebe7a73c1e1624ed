//! The graph as a drawing: what tools for Mermaid and DOT have to read.

use super::folder::{Folder, bare, run};
use super::graph::FORKED;

/// A name with everything that means something in either language.
const NASTY: &[(&str, &str)] = &[
    ("1_a\"b'c`d#e;f<g>h&i%j{k}l|m[n]o\\.sql", ""),
    ("2_graph end.sql", "-- phase: contract\n-- branch: \"la-bel\"\n"),
];

fn drawn(format: &str, files: &[(&str, &str)]) -> String {
    let folder = Folder::new(files);
    let mut command = bare(&["graph", "--format", format, "--dir"]);
    command.arg(folder.path());
    run(command).expect(0).stdout
}

#[test]
fn mermaid_has_a_line_per_node_and_edge() {
    let mermaid = drawn("mermaid", &FORKED);
    let mut lines = mermaid.lines();
    assert_eq!(lines.next(), Some("flowchart TD"));
    assert_eq!(lines.next(), Some("    r1[\"1<br/>root\"]"));
    assert!(mermaid.contains("    r3[\"3<br/>store<br/>(shop)\"]\n"), "{mermaid}");
    assert!(mermaid.contains("    r1 --> r3\n    r3 --> r4\n    r4 --> r5\n    r2 -.-> r5\n"));
    assert!(!mermaid.contains("    class "), "nobody knows what is applied: {mermaid}");
}

/// <https://mermaid.js.org/syntax/flowchart.html#special-characters-that-break-syntax>
#[test]
fn mermaid_labels_hold_words_and_entities_only() {
    let mermaid = drawn("mermaid", NASTY);
    let labels: Vec<&str> = mermaid.lines().filter_map(|line| line.strip_prefix("    r")).collect();
    for label in labels.iter().filter(|line| line.contains('[')) {
        let label = label.split_once("[\"").unwrap().1.strip_suffix("\"]").unwrap();
        for text in label.split("<br/>") {
            assert!(!text.contains(['"', '<', '>', '`', '[', '{', '|', '&', '\\']), "{text}");
            let mut entities = text.split('#');
            entities.next();
            for entity in entities {
                let (number, _) = entity.split_once(';').unwrap();
                number.parse::<u32>().unwrap();
            }
        }
    }
    assert!(mermaid.contains("1<br/>a#34;b#39;c#96;d#35;e#59;f#60;"), "{mermaid}");
    assert!(mermaid.contains("    class r2 contract\n"), "{mermaid}");
}

#[test]
fn dot_is_read_back_as_it_was_meant() {
    let statements = dot(&drawn("dot", NASTY));
    let label = |at: usize| statements[at].attribute("label").unwrap();
    assert_eq!(label(1), "1\na\"b'c`d#e;f<g>h&i%j{k}l|m[n]o\\");
    assert_eq!(label(2), "2\ngraph end\n(\"la-bel\")\n(head)\n(contract)");
    assert_eq!(statements[2].attribute("color").as_deref(), Some("red"));
    assert_eq!(statements[3].nodes, ["1", "2"]);
    let statements = dot(&drawn("dot", &FORKED));
    let edges: Vec<String> =
        statements.iter().filter(|s| s.nodes.len() == 2).map(|s| s.nodes.join(">")).collect();
    assert_eq!(edges, ["1>2", "1>3", "3>4", "4>5", "2>5"]);
    assert_eq!(statements.last().unwrap().attribute("style").as_deref(), Some("dotted"));
}

/// A statement of DOT: one node, or two and the edge between them.
#[derive(Debug)]
struct Statement {
    nodes: Vec<String>,
    attributes: Vec<(String, String)>,
}

impl Statement {
    fn attribute(&self, name: &str) -> Option<String> {
        self.attributes.iter().find(|(own, _)| own == name).map(|(_, value)| value.clone())
    }
}

/// Reads what of <https://graphviz.org/doc/info/lang.html> such a drawing may use.
fn dot(text: &str) -> Vec<Statement> {
    let body = text.strip_prefix("digraph migrations {").unwrap();
    let mut tokens = tokens(body.trim_end().strip_suffix('}').unwrap()).into_iter().peekable();
    let mut statements = Vec::new();
    while let Some(first) = tokens.next() {
        let mut statement = Statement { nodes: vec![first], attributes: Vec::new() };
        loop {
            match tokens.next().as_deref() {
                Some("->") => statement.nodes.push(tokens.next().unwrap()),
                Some("[") => loop {
                    let name = tokens.next().unwrap();
                    assert_eq!(tokens.next().as_deref(), Some("="));
                    statement.attributes.push((name, tokens.next().unwrap()));
                    match tokens.next().as_deref() {
                        Some(",") => {}
                        Some("]") => break,
                        other => panic!("{other:?} within attributes"),
                    }
                },
                Some(";") => break,
                other => panic!("{other:?} within a statement"),
            }
        }
        statements.push(statement);
    }
    statements
}

fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, behind) = if first == '"' {
            quoted(&rest[1..])
        } else if let Some(behind) = rest.strip_prefix("->") {
            ("->".to_owned(), behind)
        } else if first.is_alphanumeric() {
            let end = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
            (rest[..end].to_owned(), &rest[end..])
        } else {
            (first.to_string(), &rest[first.len_utf8()..])
        };
        tokens.push(token);
        rest = behind.trim_start();
    }
    tokens
}

fn quoted(text: &str) -> (String, &str) {
    let mut value = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return (value, &text[at + 1..]),
            '\\' => match chars.next().unwrap().1 {
                'n' => value.push('\n'),
                other => value.push(other),
            },
            c => value.push(c),
        }
    }
    panic!("a string does not end: {text}");
}

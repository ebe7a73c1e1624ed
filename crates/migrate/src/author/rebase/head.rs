use std::collections::BTreeMap;

use super::super::list;
use crate::history::is_no_transaction;

/// What the head of a file is to say after its revision, or others that it names, got other versions.
#[derive(Clone, Debug, Default)]
pub(super) struct Change {
    /// What `-- revises:` says; `None` leaves it, with the versions mapped.
    pub(super) revises: Option<Vec<i64>>,
    /// What is taken out of `-- depends-on:`, by the old versions.
    pub(super) dropped: Vec<i64>,
    /// Whether such a line is added where there is none.
    pub(super) adds: bool,
    /// Old versions and new ones, for all directives that name versions.
    pub(super) versions: BTreeMap<i64, i64>,
}

const MARK: char = '\u{feff}';

impl Change {
    /// The text with its directives changed, and everything else as it was, line ends included.
    pub(super) fn apply(&self, text: &str, is_down: bool) -> String {
        let (mark, body) = match text.strip_prefix(MARK) {
            Some(body) => ("\u{feff}", body),
            None => ("", text),
        };
        let mut changed = mark.to_owned();
        let mut is_head = true;
        let mut is_said = false;
        for line in body.split_inclusive('\n') {
            let content = line.trim_end_matches(['\n', '\r']);
            is_head &= content.trim().is_empty() || content.trim_start().starts_with("--");
            match directive(content).filter(|_| is_head) {
                Some((key, value)) => {
                    is_said |= key == "revises";
                    if self.drops_all(key, value) {
                        continue;
                    }
                    changed.push_str(&self.line(key, value).unwrap_or_else(|| content.to_owned()));
                    changed.push_str(line.get(content.len()..).unwrap_or_default());
                }
                None => changed.push_str(line),
            }
        }
        match &self.revises {
            Some(parents) if self.adds && !is_said && !is_down => added(&changed, mark, parents),
            Some(_) | None => changed,
        }
    }

    /// Whether a line says nothing any more.
    fn drops_all(&self, key: &str, value: &str) -> bool {
        let is_dropped = |version: &i64| self.dropped.contains(version);
        key == "depends-on" && versions(value).is_some_and(|named| named.iter().all(is_dropped))
    }

    /// A directive's line, if it has to change.
    fn line(&self, key: &str, value: &str) -> Option<String> {
        let old = || versions(value);
        let new = match (key, &self.revises) {
            ("revises", Some(parents)) => parents.clone(),
            ("depends-on", _) => {
                let mut kept = old()?;
                kept.retain(|version| !self.dropped.contains(version));
                self.mapped(&kept)
            }
            ("revises" | "floor", _) => self.mapped(&old()?),
            _ => return None,
        };
        let is_same = old().is_some_and(|old| old == new);
        (!is_same).then(|| format!("-- {key}: {}", said(&new)))
    }

    /// Versions as they are called now.
    pub(super) fn mapped(&self, versions: &[i64]) -> Vec<i64> {
        versions.iter().map(|old| self.versions.get(old).copied().unwrap_or(*old)).collect()
    }
}

fn versions(value: &str) -> Option<Vec<i64>> {
    value.split(',').map(|part| part.trim().parse().ok()).collect()
}

/// The key and value of a line that reads as a directive.
fn directive(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.trim().strip_prefix("--")?.split_once(':')?;
    Some((key.trim(), value.trim()))
}

fn said(parents: &[i64]) -> String {
    if parents.is_empty() { "base".to_owned() } else { list(parents) }
}

/// The text with the line at its place: first, or behind `-- no-transaction`.
fn added(text: &str, mark: &str, parents: &[i64]) -> String {
    let has_windows_ends =
        text.split_once('\n').is_some_and(|(first_line, _)| first_line.ends_with('\r'));
    let end = if has_windows_ends { "\r\n" } else { "\n" };
    let line = format!("-- revises: {}{end}", said(parents));
    if !is_no_transaction(text) {
        return format!("{mark}{line}{}", text.get(mark.len()..).unwrap_or_default());
    }
    match text.split_once('\n') {
        Some((first, rest)) => format!("{first}\n{line}{rest}"),
        None => format!("{text}\n{line}"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{History, Source};

    fn onto(parents: &[i64]) -> Change {
        Change { revises: Some(parents.to_vec()), adds: true, ..Change::default() }
    }

    #[test]
    fn only_the_line_of_the_parents_changes() {
        for (before, after) in [
            ("-- revises: 1\r\nSELECT 1;\r\n", "-- revises: 2\r\nSELECT 1;\r\n"),
            ("--revises:1 ,  3\nX", "-- revises: 2\nX"),
            ("SELECT 1;\n-- revises: 1\n", "-- revises: 2\nSELECT 1;\n-- revises: 1\n"),
            ("-- revises the users table\nX", "-- revises: 2\n-- revises the users table\nX"),
            ("-- no-transaction\r\nX", "-- no-transaction\r\n-- revises: 2\r\nX"),
            ("-- no-transaction", "-- no-transaction\n-- revises: 2\n"),
            ("\u{feff}-- revises: base\nX", "\u{feff}-- revises: 2\nX"),
            ("\u{feff}X\n", "\u{feff}-- revises: 2\nX\n"),
            ("-- revises: 2\nX", "-- revises: 2\nX"),
            ("", "-- revises: 2\n"),
        ] {
            assert_eq!(onto(&[2]).apply(before, false), after);
        }
        assert_eq!(onto(&[]).apply("-- revises: 1\n", false), "-- revises: base\n");
    }

    #[test]
    fn versions_get_their_new_names_wherever_a_head_names_them() {
        let change = Change { versions: BTreeMap::from([(2, 7), (3, 8)]), ..Change::default() };
        let before = "-- revises: 2, 5\n-- depends-on: 3\n-- floor: 2\n-- note: 2\nSELECT 2;\n";
        let after = "-- revises: 7, 5\n-- depends-on: 8\n-- floor: 7\n-- note: 2\nSELECT 2;\n";
        assert_eq!(change.apply(before, false), after);
        assert_eq!(change.apply("SELECT 1;", false), "SELECT 1;", "no line is added");
    }

    proptest! {
        /// Whatever stands in the file: the runner reads the new parent, and nothing else is new.
        #[test]
        fn any_text_builds_upon_its_new_parent(
            lines in prop::collection::vec(
                prop::sample::select(vec![
                    "-- no-transaction", "-- revises: 1", "-- revises: base", "--", "", "-- a: b",
                    "SELECT 1;", "-- depends-on: 1", "  -- revises: 1", "é", "-- revises",
                ]),
                0..6,
            ),
            end in prop::sample::select(vec!["\n", "\r\n"]),
            mark in prop::sample::select(vec!["", "\u{feff}"]),
        ) {
            let text = format!("{mark}{}{end}", lines.join(end));
            let changed = onto(&[2]).apply(&text, false);
            let files = [("1_a.sql", ""), ("2_b.sql", "")].map(|(n, t)| (n.to_owned(), t.to_owned()));
            let all = files.into_iter().chain([("3_c.sql".to_owned(), changed.clone())]);
            let history = History::build(Source::from_texts(all)).unwrap();
            prop_assert_eq!(&history.find(3).unwrap().parents, &[2]);
            prop_assert_eq!(onto(&[2]).apply(&changed, false), changed.clone());
            let others = |text: &str| -> Vec<String> {
                let lines = text.trim_start_matches(MARK).lines();
                lines.filter(|line| !line.contains("revises:")).map(str::to_owned).collect()
            };
            prop_assert_eq!(others(&changed), others(&text));
            prop_assert_eq!(changed.starts_with(MARK), text.starts_with(MARK));
            prop_assert_eq!(is_no_transaction(&changed), is_no_transaction(&text));
        }
    }
}

//! Two sequences of statements side by side.

use super::ours::Statement;
use super::tally::{Difference, Tally};
use super::{Unit, blank, known};
use crate::engine::Engine;

/// How many statements after a difference are looked through for the next that are alike.
const REACH: usize = 80;

/// Counts what is alike and what is not; what the client sends is its statement with the delimiter
/// and the comments around it.
pub(crate) fn compare(
    engine: Engine,
    unit: &Unit,
    ours: &[Statement],
    theirs: &[String],
    tally: &mut Tally,
) {
    let theirs: Vec<&str> = theirs
        .iter()
        .filter(|text| !blank::is_blank(engine, text))
        .map(|text| blank::skip(engine, text))
        .collect();
    let (mut ours, mut theirs) = (ours, theirs.as_slice());
    loop {
        let same = ours.iter().zip(theirs).take_while(|(a, b)| is_alike(engine, &a.1, b)).count();
        tally.alike += same;
        ours = ours.get(same..).unwrap_or_default();
        theirs = theirs.get(same..).unwrap_or_default();
        if ours.is_empty() && theirs.is_empty() {
            return;
        }
        let (a, b) = next_alike(engine, ours, theirs);
        let difference = Difference {
            place: place(unit, ours),
            ours: ours.iter().take(a).map(|(_, text)| text.clone()).collect(),
            theirs: theirs.iter().take(b).map(|text| (*text).to_owned()).collect(),
        };
        count(engine, difference, tally);
        ours = ours.get(a..).unwrap_or_default();
        theirs = theirs.get(b..).unwrap_or_default();
    }
}

fn count(engine: Engine, difference: Difference, tally: &mut Tally) {
    match known::reason(engine, &difference) {
        Some(reason) => *tally.known.entry(reason).or_default() += difference.size(),
        None => tally.differences.push(difference),
    }
}

fn is_alike(engine: Engine, ours: &str, theirs: &str) -> bool {
    rest_behind(ours, theirs).is_some_and(|rest| blank::is_blank(engine, rest))
}

/// What follows our statement in theirs. White space is passed over: psql sends no empty lines, the
/// others add a space behind a comment and take the backslash from the end of a line.
fn rest_behind<'a>(ours: &str, theirs: &'a str) -> Option<&'a str> {
    let mut chars = dense(theirs);
    let mut end = 0;
    for (_, ours) in dense(ours) {
        let (at, theirs) = chars.next()?;
        if ours != theirs {
            return None;
        }
        end = at + theirs.len_utf8();
    }
    theirs.get(end..)
}

fn dense(text: &str) -> impl Iterator<Item = (usize, char)> {
    let is_dense = |(at, c): &(usize, char)| {
        let is_end = *c == '\\' && text.get(at + 1..).is_some_and(|rest| rest.starts_with('\n'));
        !c.is_whitespace() && !is_end
    };
    text.char_indices().filter(is_dense)
}

/// How many of each are to be passed over, as few as possible, until two are alike.
fn next_alike(engine: Engine, ours: &[Statement], theirs: &[&str]) -> (usize, usize) {
    for distance in 1..REACH {
        for a in 0..=distance {
            let b = distance - a;
            if let (Some(x), Some(y)) = (ours.get(a), theirs.get(b))
                && is_alike(engine, &x.1, y)
            {
                return (a, b);
            }
        }
    }
    (ours.len(), theirs.len())
}

fn place(unit: &Unit, ours: &[Statement]) -> String {
    let line = ours.first().map_or(0, |(line, _)| line.saturating_sub(1));
    format!("{}:{}", unit.file, unit.line + line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(ours: &[&str], theirs: &[&str]) -> Tally {
        let unit = Unit { file: "a.sql".to_owned(), line: 1, text: String::new() };
        let ours: Vec<Statement> =
            ours.iter().zip(1..).map(|(text, line)| (line, (*text).to_owned())).collect();
        let theirs: Vec<String> = theirs.iter().map(|text| (*text).to_owned()).collect();
        let mut tally = Tally::default();
        compare(Engine::Postgres, &unit, &ours, &theirs, &mut tally);
        tally
    }

    #[test]
    fn comments_and_delimiters_around_are_alike() {
        let tally = tally(&["SELECT 1", "SELECT 2"], &["-- a\n;", "SELECT 1 -- b\n;", "SELECT 2"]);
        assert_eq!((tally.alike, tally.differences.len()), (2, 0));
    }

    #[test]
    fn white_space_that_clients_move_is_passed_over() {
        assert_eq!(rest_behind("a/**/b\n\nc\\\nd", "a/**/ b\nc\nd -- e"), Some(" -- e"));
        assert_eq!(rest_behind("a b", "a"), None);
        assert_eq!(rest_behind("a", "b"), None);
    }

    #[test]
    fn a_difference_ends_where_statements_are_alike_again() {
        let tally = tally(&["A", "B", "C D", "E"], &["A;", "B;", "C;", "D;", "E;"]);
        assert_eq!(tally.alike, 3);
        assert_eq!(tally.differences.len(), 1);
        let difference = &tally.differences[0];
        assert_eq!((difference.place.as_str(), difference.size()), ("a.sql:3", 2));
    }

    #[test]
    fn a_missing_end_is_a_difference() {
        assert_eq!(tally(&["A"], &["A;", "B;"]).differences.len(), 1);
        assert_eq!(tally(&["A", "B"], &["A;"]).differences.len(), 1);
    }
}

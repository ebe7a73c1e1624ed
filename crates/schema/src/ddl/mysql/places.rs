use std::collections::BTreeSet;

/// Where a column has to be put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place<'a> {
    /// It comes to stand at the end by itself.
    Last,
    /// Behind another, or before all others.
    Behind(Option<&'a str>),
}

/// Where the columns of a table have to be put, so that they stand in their new order.
#[derive(Debug)]
pub(super) struct Places<'a> {
    order: Vec<&'a str>,
    /// Columns that stand where they are.
    staying: BTreeSet<&'a str>,
}

impl<'a> Places<'a> {
    /// `before` are the columns that are there and stay, `after` all that are to be there.
    ///
    /// As few as possible are moved: the longest run of columns that are in order already stays.
    pub(super) fn between(before: &[&'a str], after: &[&'a str]) -> Self {
        let wanted: Vec<usize> = before
            .iter()
            .filter_map(|column| after.iter().position(|name| name == column))
            .collect();
        let staying = longest_increasing(&wanted);
        let staying = staying.iter().filter_map(|at| after.get(*at).copied()).collect();
        Self { order: after.to_vec(), staying }
    }

    /// Whether a column that was there has to be moved.
    pub(super) fn is_moved(&self, column: &str) -> bool {
        !self.staying.contains(column)
    }

    /// Where a column that is made has to be put.
    pub(super) fn of_added(&self, column: &str) -> Place<'a> {
        let Some(at) = self.order.iter().position(|name| *name == column) else {
            return Place::Last;
        };
        let is_last = self.order.iter().skip(at + 1).all(|behind| !self.staying.contains(behind));
        if is_last { Place::Last } else { Place::Behind(self.before(at)) }
    }

    /// The column behind which one that is moved has to be put; none for the first.
    pub(super) fn of_moved(&self, column: &str) -> Option<&'a str> {
        self.before(self.order.iter().position(|name| *name == column)?)
    }

    fn before(&self, at: usize) -> Option<&'a str> {
        at.checked_sub(1).and_then(|at| self.order.get(at).copied())
    }
}

/// The longest increasing run of numbers, gaps allowed.
fn longest_increasing(numbers: &[usize]) -> Vec<usize> {
    let mut best: Vec<Vec<usize>> = Vec::new();
    for number in numbers {
        let shorter = best.iter().filter(|run| run.last().is_some_and(|last| last < number));
        let mut run = shorter.max_by_key(|run| run.len()).cloned().unwrap_or_default();
        run.push(*number);
        best.push(run);
    }
    best.into_iter().max_by_key(Vec::len).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_column_is_moved_and_not_all_others() {
        let places = Places::between(&["a", "b", "c", "d"], &["d", "a", "b", "c"]);
        let moved: Vec<_> =
            ["a", "b", "c", "d"].into_iter().filter(|one| places.is_moved(one)).collect();
        assert_eq!(moved, ["d"]);
        assert_eq!(places.of_moved("d"), None);
    }

    #[test]
    fn only_columns_at_the_end_need_no_place() {
        let places = Places::between(&["a", "b"], &["x", "a", "y", "b", "z", "w"]);
        assert_eq!(places.of_added("x"), Place::Behind(None));
        assert_eq!(places.of_added("y"), Place::Behind(Some("a")));
        assert_eq!((places.of_added("z"), places.of_added("w")), (Place::Last, Place::Last));
    }
}

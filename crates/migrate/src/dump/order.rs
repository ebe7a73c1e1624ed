use std::collections::{BTreeMap, BTreeSet};

/// An order in which everything stands behind what it needs; otherwise by the items' own order.
///
/// `needs` holds pairs of places in `items`: the first needs the second. Where they go round in a circle,
/// the first of the circle's items goes ahead.
pub(super) fn by_need<T: Ord>(items: Vec<T>, needs: &[(usize, usize)]) -> Vec<T> {
    let mut open: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for (item, needed) in needs {
        if item != needed {
            open.entry(*item).or_default().insert(*needed);
        }
    }
    let mut left: Vec<(T, usize)> =
        items.into_iter().enumerate().map(|(at, item)| (item, at)).collect();
    left.sort();
    let mut done = BTreeSet::new();
    let mut ordered = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let is_free = |at: &usize| {
            open.get(at).is_none_or(|needed| needed.iter().all(|needed| done.contains(needed)))
        };
        let next = left.iter().position(|(_, at)| is_free(at)).unwrap_or(0);
        let (item, at) = left.remove(next);
        done.insert(at);
        ordered.push(item);
    }
    ordered
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_needed_comes_first_and_the_rest_by_name() {
        assert_eq!(by_need(vec!["a", "c", "b"], &[(0, 1)]), ["b", "c", "a"]);
        assert_eq!(by_need(vec!["b", "a"], &[]), ["a", "b"]);
    }

    #[test]
    fn circle_does_not_lose_anything() {
        assert_eq!(by_need(vec!["b", "a"], &[(0, 1), (1, 0)]), ["a", "b"]);
    }
}

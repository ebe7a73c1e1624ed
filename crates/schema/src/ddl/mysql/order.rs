use std::collections::{BTreeMap, BTreeSet};

/// What comes behind what.
#[derive(Debug)]
pub(super) struct Order<T> {
    before: BTreeMap<T, Vec<T>>,
}

impl<T: Ord + Clone> Order<T> {
    pub(super) fn of(all: impl IntoIterator<Item = T>) -> Self {
        Self { before: all.into_iter().map(|one| (one, Vec::new())).collect() }
    }

    /// What is not among those that are put in order changes nothing. Of a circle, what was said first holds.
    pub(super) fn put(&mut self, first: &T, then: &T) {
        if first != then
            && self.before.contains_key(first)
            && let Some(before) = self.before.get_mut(then)
        {
            before.push(first.clone());
        }
    }

    pub(super) fn sorted(&self) -> Vec<T> {
        let mut sorting = Sorting { order: self, seen: BTreeSet::new(), sorted: Vec::new() };
        self.before.keys().for_each(|one| sorting.visit(one));
        sorting.sorted
    }
}

struct Sorting<'a, T> {
    order: &'a Order<T>,
    seen: BTreeSet<T>,
    sorted: Vec<T>,
}

impl<T: Ord + Clone> Sorting<'_, T> {
    fn visit(&mut self, one: &T) {
        if self.seen.insert(one.clone()) {
            self.order.before.get(one).into_iter().flatten().for_each(|first| self.visit(first));
            self.sorted.push(one.clone());
        }
    }
}

/// Whether one stands before another; what is not there stands before everything.
pub(super) fn is_before<T: PartialEq>(sorted: &[T], one: &T, other: &T) -> bool {
    let at = |one: &T| sorted.iter().position(|here| here == one);
    at(one) < at(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn circles_are_broken_where_they_close() {
        let mut order = Order::of(["a", "b", "c"]);
        order.put(&"c", &"a");
        order.put(&"b", &"c");
        order.put(&"a", &"b");
        order.put(&"x", &"a");
        let sorted = order.sorted();
        assert_eq!(sorted, ["b", "c", "a"]);
        assert!(is_before(&sorted, &"b", &"a") && !is_before(&sorted, &"a", &"b"));
        assert!(is_before(&sorted, &"x", &"b"));
    }
}

use std::collections::BTreeMap;

use super::Revision;

/// Which edges are followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Along {
    /// Parents and children: what a branch is.
    Lineage,
    /// Dependencies as well: what must be applied before, or undone before.
    Needs,
}

/// Who builds upon whom, by places in the list of revisions.
///
/// What a revision builds upon is older, so each question is one pass over the list.
#[derive(Clone, Debug, Default)]
pub(super) struct Graph {
    parents: Vec<Vec<usize>>,
    children: Vec<Vec<usize>>,
    /// Parents and dependencies.
    needs: Vec<Vec<usize>>,
    needed_by: Vec<Vec<usize>>,
}

impl Graph {
    /// Of revisions in the order of their versions. Versions that none of them has are left out.
    pub(super) fn new(revisions: &[Revision]) -> Self {
        let place = |version: &i64| revisions.binary_search_by_key(version, |r| r.version).ok();
        let mut graph = Self::default();
        for revision in revisions {
            let mut parents: Vec<usize> = revision.parents.iter().filter_map(place).collect();
            parents.sort_unstable();
            parents.dedup();
            let mut needs = parents.clone();
            needs.extend(revision.directives.depends_on.iter().filter_map(place));
            needs.sort_unstable();
            needs.dedup();
            graph.parents.push(parents);
            graph.needs.push(needs);
        }
        graph.children = turned(&graph.parents);
        graph.needed_by = turned(&graph.needs);
        graph
    }

    /// What the revision at this place names itself.
    pub(super) fn below(&self, place: usize, along: Along) -> &[usize] {
        match along {
            Along::Lineage => at(&self.parents, place),
            Along::Needs => at(&self.needs, place),
        }
    }

    /// What names the revision at this place.
    pub(super) fn above(&self, place: usize, along: Along) -> &[usize] {
        match along {
            Along::Lineage => at(&self.children, place),
            Along::Needs => at(&self.needed_by, place),
        }
    }

    /// The marked places, and all below them.
    pub(super) fn close_downward(&self, marked: &mut [bool], along: Along) {
        for place in (0..marked.len()).rev() {
            if is_marked(marked, place) {
                mark(marked, self.below(place, along));
            }
        }
    }

    /// The marked places, and all above them.
    pub(super) fn close_upward(&self, marked: &mut [bool], along: Along) {
        for place in 0..marked.len() {
            if is_marked(marked, place) {
                mark(marked, self.above(place, along));
            }
        }
    }

    /// Of some places, in order, one that is an ancestor of another, and that other.
    ///
    /// Nothing older than all of them is visited, and no place twice.
    pub(super) fn one_below_another(&self, places: &[usize]) -> Option<(usize, usize)> {
        let oldest = places.first()?;
        let mut open: BTreeMap<usize, usize> = places.iter().map(|at| (*at, *at)).collect();
        while let Some((place, origin)) = open.pop_last() {
            for &below in self.below(place, Along::Lineage).iter().filter(|at| *at >= oldest) {
                if places.binary_search(&below).is_ok() {
                    return Some((below, origin));
                }
                open.insert(below, origin);
            }
        }
        None
    }
}

fn at(edges: &[Vec<usize>], place: usize) -> &[usize] {
    edges.get(place).map_or(&[], Vec::as_slice)
}

fn is_marked(marked: &[bool], place: usize) -> bool {
    marked.get(place).copied().unwrap_or_default()
}

fn mark(marked: &mut [bool], places: &[usize]) {
    for &place in places {
        if let Some(mark) = marked.get_mut(place) {
            *mark = true;
        }
    }
}

/// The same edges, seen from their other ends.
fn turned(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut turned = vec![Vec::new(); edges.len()];
    for (from, ends) in edges.iter().enumerate() {
        for end in ends {
            if let Some(list) = turned.get_mut(*end) {
                list.push(from);
            }
        }
    }
    turned
}

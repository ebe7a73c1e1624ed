use std::borrow::Cow;

use crate::captures::Captures;
use crate::pattern::{Pattern, Segment};
use crate::percent;
use crate::route::Route;

/// Finds the route of a request: a tree of segments in which literals go before `*`, and `*` before
/// `**`, so that the answer does not hang on the order of the routes.
#[derive(Debug)]
pub struct RouteTable {
    routes: &'static [Route],
    nodes: Vec<Node>,
    verbs: Vec<&'static str>,
}

#[derive(Debug, Default)]
struct Node {
    literals: Vec<(&'static str, usize)>,
    any: Option<usize>,
    ends: Vec<&'static Route>,
    rests: Vec<&'static Route>,
}

/// What a path and method lead to.
#[derive(Debug)]
pub enum Lookup<'p> {
    /// A route, and what its variables hold.
    Found(&'static Route, Captures<'p>),
    /// The path is known with these other methods only; sorted.
    MethodNotAllowed(Vec<&'static str>),
    /// The path is not known.
    NotFound,
    /// The path has a malformed escape, or is not UTF-8 when decoded.
    Malformed,
}

const ROOT: usize = 0;

impl RouteTable {
    /// The table of generated routes. Two routes for the same requests are refused when they are
    /// generated; of hand-written ones, the first serves.
    #[must_use]
    pub fn new(routes: &'static [Route]) -> Self {
        let mut table = Self { routes, nodes: vec![Node::default()], verbs: Vec::new() };
        for route in routes {
            table.insert(route);
        }
        table
    }

    /// The routes that the table was made from.
    #[must_use]
    pub fn routes(&self) -> &'static [Route] {
        self.routes
    }

    fn insert(&mut self, route: &'static Route) {
        self.verbs.extend(route.pattern.verb.filter(|verb| !self.verbs.contains(verb)));
        let mut at = ROOT;
        for segment in route.pattern.segments {
            if *segment == Segment::Rest {
                if let Some(node) = self.nodes.get_mut(at) {
                    node.rests.push(route);
                }
                return;
            }
            at = self.child(at, *segment);
        }
        if let Some(node) = self.nodes.get_mut(at) {
            node.ends.push(route);
        }
    }

    /// The node behind a segment, made if there is none.
    fn child(&mut self, at: usize, segment: Segment) -> usize {
        let next = self.nodes.len();
        let Some(node) = self.nodes.get_mut(at) else { return at };
        let known = match segment {
            Segment::Literal(text) => {
                node.literals.iter().find(|(literal, _)| *literal == text).map(|(_, child)| *child)
            }
            Segment::Any | Segment::Rest => node.any,
        };
        if let Some(child) = known {
            return child;
        }
        match segment {
            Segment::Literal(text) => node.literals.push((text, next)),
            Segment::Any | Segment::Rest => node.any = Some(next),
        }
        self.nodes.push(Node::default());
        next
    }

    /// Finds the route of a request by its method and its path, as received.
    #[must_use]
    pub fn find<'p>(&self, verb: &str, path: &'p str) -> Lookup<'p> {
        let Some(path) = path.strip_prefix('/') else { return Lookup::NotFound };
        if percent::decode(path, false).is_none() {
            return Lookup::Malformed;
        }
        let mut search = Search { table: self, method: verb, verb: None, allowed: Vec::new() };
        if let Some((head, custom)) = self.split_verb(path) {
            search.verb = Some(custom);
            match search.run(head) {
                Lookup::NotFound => search.verb = None,
                answer => return answer,
            }
        }
        search.run(path)
    }

    /// Splits the custom verb off, if any route has it. A colon before anything else is text.
    fn split_verb<'p>(&self, path: &'p str) -> Option<(&'p str, &'static str)> {
        let (head, tail) = path.rsplit_once(':')?;
        let tail = percent::decode(tail, false)?;
        self.verbs.iter().find(|verb| **verb == tail).map(|verb| (head, *verb))
    }
}

struct Search<'t> {
    table: &'t RouteTable,
    method: &'t str,
    verb: Option<&'static str>,
    allowed: Vec<&'static str>,
}

impl Search<'_> {
    fn run<'p>(&mut self, path: &'p str) -> Lookup<'p> {
        if let Some(route) = self.descend(ROOT, Some(path)) {
            return match captures(&route.pattern, path) {
                Some(values) => Lookup::Found(route, Captures::new(route.pattern.captures, values)),
                None => Lookup::Malformed,
            };
        }
        if self.allowed.is_empty() {
            return Lookup::NotFound;
        }
        self.allowed.sort_unstable();
        self.allowed.dedup();
        Lookup::MethodNotAllowed(std::mem::take(&mut self.allowed))
    }

    /// Finds a route for what is left of the path; `None` is its end.
    fn descend(&mut self, at: usize, rest: Option<&str>) -> Option<&'static Route> {
        let node = self.table.nodes.get(at)?;
        let Some(rest) = rest else {
            return self.choose(&node.ends).or_else(|| self.choose(&node.rests));
        };
        let (segment, tail) = match rest.split_once('/') {
            Some((segment, tail)) => (segment, Some(tail)),
            None => (rest, None),
        };
        // A variable never takes the slash before it.
        if segment.is_empty() && tail.is_some() {
            return None;
        }
        let decoded = percent::decode(segment, false)?;
        for (literal, child) in &node.literals {
            if *literal == decoded
                && let Some(route) = self.descend(*child, tail)
            {
                return Some(route);
            }
        }
        if let Some(child) = node.any.filter(|_| !segment.is_empty())
            && let Some(route) = self.descend(child, tail)
        {
            return Some(route);
        }
        self.choose(&node.rests)
    }

    fn choose(&mut self, routes: &[&'static Route]) -> Option<&'static Route> {
        let with_verb = || routes.iter().filter(|route| route.pattern.verb == self.verb);
        let method = self.method;
        let found = with_verb()
            .find(|route| route.verb == method)
            .or_else(|| with_verb().find(|route| route.verb == "*"));
        if found.is_none() {
            let others: Vec<_> = with_verb().map(|route| route.verb).collect();
            self.allowed.extend(others);
        }
        found.copied()
    }
}

/// What the variables take of the path.
fn captures<'p>(pattern: &Pattern, path: &'p str) -> Option<Vec<Cow<'p, str>>> {
    let mut values = Vec::with_capacity(pattern.captures.len());
    for capture in pattern.captures {
        let is_open = pattern.segments.get(capture.start..capture.end)?.last()? == &Segment::Rest;
        let tail = skip_segments(path, capture.start);
        let value = if is_open {
            tail
        } else {
            let after = skip_segments(tail, capture.end - capture.start);
            let length = tail.len() - after.len();
            let value = tail.get(..length)?;
            value.strip_suffix('/').unwrap_or(value)
        };
        values.push(percent::decode(value, capture.is_multi)?);
    }
    Some(values)
}

/// What stands behind the first `count` segments.
fn skip_segments(path: &str, count: usize) -> &str {
    let mut rest = path;
    for _ in 0..count {
        rest = rest.split_once('/').map_or("", |(_, tail)| tail);
    }
    rest
}

#[cfg(test)]
#[path = "table/tests.rs"]
mod tests;

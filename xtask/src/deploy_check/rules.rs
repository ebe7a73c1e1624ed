//! What must hold for the objects, however they were rendered.

mod gateway;
mod job;
mod pods;
mod probes;
mod selectors;

use super::objects::Object;
use super::render::Rendered;
use super::verdict;
use crate::failure::Failure;

/// Says what is wrong with objects that are installed together.
type Rule = fn(&[Object]) -> Vec<String>;

const RULES: [Rule; 6] = [
    expected_objects,
    pods::are_restricted,
    probes::are_there,
    selectors::match_labels,
    gateway::holds_no_secret,
    job::ends_as_it_should,
];

/// Puts every rule to every rendering.
pub(super) fn check(renderings: &[Rendered]) -> Result<(), Failure> {
    let mut problems = Vec::new();
    for rendered in renderings {
        let found = RULES.iter().flat_map(|rule| rule(&rendered.objects));
        problems.extend(found.map(|problem| format!("{}: {problem}", rendered.from)));
    }
    verdict(&problems)
}

/// Rules about objects that are not there would pass.
fn expected_objects(objects: &[Object]) -> Vec<String> {
    let expected = [("Deployment", 2), ("Job", 1), ("Service", 3)];
    let count = |kind: &str| objects.iter().filter(|object| object.kind() == kind).count();
    expected
        .into_iter()
        .filter(|(kind, number)| count(kind) != *number)
        .map(|(kind, number)| format!("{} objects of kind {kind} instead of {number}", count(kind)))
        .collect()
}

/// The deployment whose name ends so: names carry the release before them.
fn deployment<'a>(objects: &'a [Object], ending: &str) -> Option<&'a Object> {
    objects.iter().find(|object| object.kind() == "Deployment" && object.name().ends_with(ending))
}

#[cfg(test)]
mod tests;

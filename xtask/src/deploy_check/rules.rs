//! What must hold for the objects, however they were rendered.

mod expected;
mod gateway;
mod job;
mod limits;
mod pods;
mod probes;
mod selectors;

use super::objects::Object;
use super::render::Rendered;
use super::verdict;
use crate::failure::Failure;

/// Says what is wrong with objects that are installed together.
type Rule = fn(&[Object]) -> Vec<String>;

const RULES: [Rule; 7] = [
    pods::are_restricted,
    probes::are_there,
    selectors::match_labels,
    gateway::holds_no_secret,
    job::ends_as_it_should,
    limits::hold_the_threads,
    limits::open_what_is_named,
];

/// Puts every rule to every rendering.
pub(super) fn check(renderings: &[Rendered]) -> Result<(), Failure> {
    let mut problems = Vec::new();
    for rendered in renderings {
        let missing = expected::problems(&rendered.from, &rendered.objects);
        let found = broken(&rendered.objects).into_iter().chain(missing);
        problems.extend(found.map(|problem| format!("{}: {problem}", rendered.from)));
    }
    verdict(&problems)
}

/// What is wrong with objects, whichever there are.
pub(super) fn broken(objects: &[Object]) -> Vec<String> {
    RULES.iter().flat_map(|rule| rule(objects)).collect()
}

/// The deployment whose name ends so: names carry the release before them.
fn deployment<'a>(objects: &'a [Object], ending: &str) -> Option<&'a Object> {
    objects.iter().find(|object| object.kind() == "Deployment" && object.name().ends_with(ending))
}

#[cfg(test)]
mod tests;

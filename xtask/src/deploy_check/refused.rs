//! Values that must not pass the chart's schema, with the words that the refusal must hold.

use super::render::{refusal, template};
use super::verdict;
use crate::failure::Failure;

const LEAST: &str = "one-role-values.yaml";

const REFUSED: [(&str, &str); 14] = [
    ("nonsense=1", "nonsense"),
    ("gateway.image.tag=latest", "tag"),
    ("migrations.strategy=presync", "strategy"),
    ("ingress.enabled=true", "hosts"),
    ("httpRoute.enabled=true", "parentRefs"),
    ("certificate.enabled=true", "issuerRef"),
    ("requestTimeout=1m", "terminationGracePeriodSeconds"),
    ("migrations.ttlSecondsAfterFinished=10", "ttlSecondsAfterFinished"),
    ("database.acquireTimeout=soon", "acquireTimeout"),
    ("database.acquireTimeout=0s", "acquireTimeout"),
    ("requestTimeout=0ms", "requestTimeout"),
    ("gateway.maxBody=0MiB", "maxBody"),
    ("gateway.corsOrigins={https://shop.example/cart}", "corsOrigins"),
    ("gateway.corsOrigins={https://shop.example https://other.example}", "corsOrigins"),
];

pub(super) fn check() -> Result<(), Failure> {
    let mut problems = Vec::new();
    for (setting, word) in REFUSED {
        match refusal(&[setting], LEAST) {
            Ok(said) if said.contains(word) => {}
            Ok(said) => {
                problems.push(format!("{setting} is refused without a word on {word}: {said}"));
            }
            Err(taken) => problems.push(taken.to_string()),
        }
    }
    // Without any value, the chart says what it needs.
    match template(&[], None) {
        Err(failure) if failure.to_string().contains("existingSecret") => {}
        Err(failure) => problems.push(format!("missing secrets are not named: {failure}")),
        Ok(_) => problems.push("the chart renders without a database".to_owned()),
    }
    verdict(&problems)
}

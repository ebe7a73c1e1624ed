use crate::deploy_check::objects::Object;

/// How many objects of a kind there are; those of the chart's and the kustomization's plain form.
const PLAIN: [(&str, usize); 4] =
    [("Deployment", 2), ("StatefulSet", 0), ("Job", 1), ("Service", 3)];

/// Where it is otherwise: what was rendered, the kind, the number.
const OTHERWISE: [(&str, &str, usize); 20] = [
    ("existing-secrets-values", "Service", 5),
    ("hook-values", "Job", 2),
    ("argocd-values", "Job", 2),
    ("init-container-values", "Job", 0),
    ("grpc-only-values", "Deployment", 1),
    ("grpc-only-values", "Service", 2),
    ("standalone-values", "Deployment", 0),
    ("standalone-values", "StatefulSet", 1),
    ("standalone-values", "Job", 0),
    ("standalone-values", "Service", 2),
    ("kustomization dev", "Deployment", 0),
    ("kustomization dev", "StatefulSet", 1),
    ("kustomization dev", "Job", 0),
    ("kustomization dev", "Service", 1),
    ("kustomization mysql", "StatefulSet", 1),
    ("kustomization mysql", "Service", 4),
    ("kustomization postgres", "StatefulSet", 1),
    ("kustomization postgres", "Service", 4),
    ("kustomization contract", "Deployment", 0),
    ("kustomization contract", "Service", 0),
];

/// Rules about objects that are not there would pass.
pub(super) fn problems(from: &str, objects: &[Object]) -> Vec<String> {
    let mut problems = Vec::new();
    for (kind, plain) in PLAIN {
        let otherwise = OTHERWISE.iter().find(|(name, of, _)| from.contains(name) && *of == kind);
        let number = otherwise.map_or(plain, |(_, _, number)| *number);
        let count = objects.iter().filter(|object| object.kind() == kind).count();
        if count != number {
            problems.push(format!("{count} objects of kind {kind} instead of {number}"));
        }
    }
    problems
}

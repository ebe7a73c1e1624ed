use super::*;
use crate::deploy_check::objects::parse;

/// A correct set of objects; each test breaks one thing in it.
const GOOD: &str = include_str!("good.yaml");

fn problems_with(from: &str, to: &str) -> Vec<String> {
    assert!(GOOD.contains(from), "{from} is not in the sample");
    let objects = parse(&GOOD.replacen(from, to, 1)).unwrap();
    let missing = expected::problems("chart", &objects);
    broken(&objects).into_iter().chain(missing).collect()
}

#[test]
fn correct_objects_have_no_problems() {
    assert_eq!(problems_with("", ""), Vec::<String>::new());
}

#[test]
fn each_broken_rule_is_found() {
    for (from, to, word) in [
        ("runAsNonRoot: true", "runAsNonRoot: false", "runAsNonRoot"),
        ("readOnlyRootFilesystem: true", "readOnlyRootFilesystem: false", "readOnlyRootFilesystem"),
        ("image: gateway:1", "image: gateway:latest", "names no version"),
        ("image: gateway:1", "image: registry:5000/gateway", "names no version"),
        ("livenessProbe:", "otherProbe:", "no livenessProbe"),
        ("port: http }", "port: nothing }", "does not have"),
        ("args: [wait]", "args: []", "waits for nothing"),
        (
            "terminationGracePeriodSeconds: 45",
            "terminationGracePeriodSeconds: 30",
            "seconds to end",
        ),
        ("matchLabels: { app: gateway }", "matchLabels: { app: other }", "does not fit"),
        ("selector: { app: gateway }", "selector: { app: migrate }", "leads to a Job"),
        (
            "labels: { app: gateway, app.kubernetes.io/component: gateway }",
            "labels: { app: gateway }",
            "label for the component",
        ),
        ("targetPort: http", "targetPort: nothing", "leads to a port"),
        ("name: PLAIN", "name: DATABASE_URL_FILE", "DATABASE_URL_FILE"),
        ("emptyDir: {}", "secret: { secretName: database }", "hold the secrets"),
        ("http://user-service:50051", "http://elsewhere:50051", "no Service names"),
        ("secretName: serving-database", "secretName: migration-database", "pods hold migration"),
        ("restartPolicy: Never", "restartPolicy: OnFailure", "restartPolicy"),
        ("values: [2, 6, 7, 8]", "values: [2]", "no retry mends"),
        ("activeDeadlineSeconds: 1800", "other: 1", "run for ever"),
        ("kind: Job", "kind: Other", "kind Job"),
        ("HASH_THREADS, value: \"3\"", "HASH_THREADS, value: \"4\"", "threads that hash need"),
    ] {
        let problems = problems_with(from, to);
        assert!(problems.iter().any(|found| found.contains(word)), "{from} → {to}: {problems:?}");
    }
}

//! Protobuf's own conformance suite, with everything that it recommends.

mod conformance {
    use std::path::Path;
    use std::process::Command;

    const VARIABLE: &str = "TEST_CONFORMANCE_RUNNER";

    #[test]
    fn the_official_suite_finds_nothing() {
        let runner = std::env::var_os(VARIABLE).filter(|path| !path.is_empty());
        let runner = runner.unwrap_or_else(|| {
            panic!("{VARIABLE} names no conformance_test_runner: run `cargo xtask test`, or set it")
        });
        let list = Path::new(env!("CARGO_MANIFEST_DIR")).join("suite/failures.txt");
        let output = Command::new(runner)
            .args(["--enforce_recommended", "--output_dir", env!("CARGO_TARGET_TMPDIR")])
            .arg("--failure_list")
            .arg(list)
            .arg(env!("CARGO_BIN_EXE_testee"))
            .output()
            .expect("the runner starts");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
        // Whoever skips everything fails nowhere. What is skipped has no JSON in it, or is of an edition.
        let counts: Vec<&str> = said.lines().filter_map(counts).collect();
        assert_eq!(
            counts,
            ["1377 successes, 1401 skipped, 1 expected failures, 0 unexpected failures."],
            "{said}"
        );
    }

    /// What the runner says at the end of each of its suites in which it tests anything.
    fn counts(line: &str) -> Option<&str> {
        let (_, counts) = line.split_once("CONFORMANCE SUITE PASSED: ")?;
        (!counts.starts_with("0 successes")).then_some(counts)
    }
}

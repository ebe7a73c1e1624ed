//! What users see when the environment is right, and when it is not.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::Write;
use std::net::SocketAddr;

use artisan_runtime::env::{ByteSize, Checker, ConfigError, Env, HumanDuration, List, Var};
use artisan_runtime::secret::Secret;

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
struct Raw {
    http_addr: Var<SocketAddr>,
    grace: Var<HumanDuration>,
    max_body: Var<ByteSize>,
    api_key: Var<Secret>,
    origins: Var<List<String>>,
    workers: Var<u16>,
}

#[derive(Debug)]
struct Config {
    http_addr: SocketAddr,
    grace: HumanDuration,
    max_body: ByteSize,
    api_key: Secret,
    origins: Vec<String>,
    workers: Option<u16>,
}

fn config(env: &Env) -> Result<Config, ConfigError> {
    let raw: Raw = env.load()?;
    let mut check = Checker::new();
    let http_addr = check.or(raw.http_addr, "HTTP_ADDR", SocketAddr::from(([0, 0, 0, 0], 8080)));
    let grace = check.or(raw.grace, "GRACE", HumanDuration::from_secs(30));
    let max_body = check.or(raw.max_body, "MAX_BODY", ByteSize::mib(1));
    let api_key = check.required(raw.api_key, "API_KEY");
    let origins = check.or(raw.origins, "ORIGINS", List::default()).0;
    let workers = check.optional(raw.workers, "WORKERS");
    check.build(|| Some(Config { http_addr, grace, max_body, api_key: api_key?, origins, workers }))
}

fn file(text: &[u8]) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text).unwrap();
    file
}

#[test]
fn defaults_fill_what_is_unset_and_empty_is_unset() {
    let env = Env::from_pairs([("API_KEY", "k"), ("HTTP_ADDR", ""), ("WORKERS", "  ")]);
    let config = config(&env).unwrap();
    assert_eq!(config.http_addr.port(), 8080);
    assert_eq!(config.grace, HumanDuration::from_secs(30));
    assert_eq!(config.max_body, ByteSize::mib(1));
    assert!(config.origins.is_empty());
    assert_eq!(config.workers, None);
}

#[test]
fn values_are_trimmed_and_parsed() {
    let env = Env::from_pairs([
        ("HTTP_ADDR", " [::1]:9000\n"),
        ("GRACE", "1h30m"),
        ("MAX_BODY", "2MiB"),
        ("API_KEY", " k "),
        ("ORIGINS", "https://a.example, https://b.example"),
        ("WORKERS", " 8"),
    ]);
    let config = config(&env).unwrap();
    assert_eq!(config.http_addr, "[::1]:9000".parse().unwrap());
    assert_eq!(config.grace, HumanDuration::from_secs(5400));
    assert_eq!(config.max_body, ByteSize::mib(2));
    assert_eq!(config.api_key.expose(), "k");
    assert_eq!(config.origins, ["https://a.example", "https://b.example"]);
    assert_eq!(config.workers, Some(8));
}

#[test]
fn every_bad_variable_is_named_at_once_and_no_value_is_echoed() {
    let env = Env::from_pairs([
        ("HTTP_ADDR", "hunter2"),
        ("GRACE", "hunter2"),
        ("MAX_BODY", "hunter2"),
        ("WORKERS", "hunter2"),
    ]);
    let error = config(&env).unwrap_err();
    let named: Vec<_> = error.problems().iter().map(|p| p.variable.as_str()).collect();
    assert_eq!(named, ["HTTP_ADDR", "GRACE", "MAX_BODY", "API_KEY", "WORKERS"]);
    let text = error.to_string();
    assert_eq!(text.lines().count(), 5, "{text}");
    assert!(!text.contains("hunter2"), "{text}");
    assert!(text.contains("API_KEY: is not set"), "{text}");
    assert!(text.contains("127.0.0.1:8080"), "says what to write: {text}");
}

#[test]
fn a_file_gives_the_value_unless_the_variable_itself_is_set() {
    let secret = file(b"from file\n");
    let path = secret.path().to_str().unwrap();
    let env = Env::from_pairs([("API_KEY_FILE", path)]);
    assert_eq!(config(&env).unwrap().api_key.expose(), "from file");
    let env = Env::from_pairs([("API_KEY_FILE", path), ("API_KEY", "direct")]);
    assert_eq!(config(&env).unwrap().api_key.expose(), "direct");
    let env = Env::from_pairs([("API_KEY_FILE", path), ("API_KEY", "")]);
    assert_eq!(config(&env).unwrap().api_key.expose(), "from file");
}

#[test]
fn an_unreadable_file_is_one_problem_among_the_others() {
    let env = Env::from_pairs([("API_KEY_FILE", "/nowhere/at/all"), ("WORKERS", "many")]);
    let text = config(&env).unwrap_err().to_string();
    assert!(text.contains("API_KEY: API_KEY_FILE: cannot read /nowhere/at/all"), "{text}");
    assert!(text.contains("WORKERS: is not a whole number"), "{text}");
}

#[test]
fn an_empty_file_is_a_problem_whether_or_not_the_value_is_needed() {
    let empty = file(b"\n");
    let path = empty.path().to_str().unwrap();
    let text = config(&Env::from_pairs([("API_KEY_FILE", path)])).unwrap_err().to_string();
    assert!(text.contains(&format!("API_KEY: API_KEY_FILE: {path} is empty")), "{text}");
    let env = Env::from_pairs([("API_KEY", "k"), ("WORKERS_FILE", path)]);
    let text = config(&env).unwrap_err().to_string();
    assert!(text.contains(&format!("WORKERS: WORKERS_FILE: {path} is empty")), "{text}");
    assert_eq!(env.get("WORKERS").unwrap_err().to_string(), text);
    let env = Env::from_pairs([("API_KEY", "k"), ("WORKERS_FILE", "")]);
    assert_eq!(config(&env).unwrap().workers, None);
}

#[test]
fn a_binary_file_is_a_problem() {
    let secret = file(&[0xff, 0xfe, 0x00]);
    let env = Env::from_pairs([("API_KEY_FILE", secret.path())]);
    assert!(config(&env).unwrap_err().to_string().contains("cannot read"));
}

#[test]
fn a_file_in_utf16_is_a_problem_and_not_echoed() {
    let text: Vec<u8> = "hunter2".encode_utf16().flat_map(u16::to_be_bytes).collect();
    let secret = file(&text);
    let text = config(&Env::from_pairs([("API_KEY_FILE", secret.path())])).unwrap_err().to_string();
    assert!(text.contains("is not text in UTF-8"), "{text}");
    assert!(!text.replace('\0', "").contains("hunter2"), "{text}");
}

#[cfg(unix)]
#[test]
fn text_that_is_not_utf8_matters_only_where_it_is_read() {
    use std::ffi::OsString;
    use std::os::unix::ffi::OsStringExt;
    let bad = OsString::from_vec(vec![0xff]);
    let env = Env::from_pairs([("API_KEY", OsString::from("k")), ("UNRELATED", bad.clone())]);
    assert!(config(&env).is_ok());
    let text = config(&env.with("WORKERS", bad)).unwrap_err().to_string();
    assert_eq!(text, "WORKERS: is not UTF-8");
}

#[test]
fn a_default_yields_to_everything_else() {
    let env = Env::from_pairs([("A", "set"), ("B", "")]).or("A", "default").or("B", "default");
    assert_eq!(env.get("A").unwrap().as_deref(), Some("set"));
    assert_eq!(env.get("B").unwrap().as_deref(), Some("default"));
}

#[test]
fn printing_an_environment_shows_names_only() {
    let env = Env::from_pairs([("API_KEY", "hunter2")]);
    assert_eq!(format!("{env:?}"), r#"{"API_KEY"}"#);
}

#[test]
fn fields_that_are_not_vars_fail_without_their_value() {
    #[derive(Debug, serde::Deserialize)]
    struct Plain {
        #[expect(dead_code, reason = "only its parsing matters")]
        port: u16,
    }
    let text = Env::from_pairs([("PORT", "hunter2")]).load::<Plain>().unwrap_err().to_string();
    assert_eq!(text, "PORT: does not parse");
    let text = Env::from_pairs([("X", "y")]).load::<Plain>().unwrap_err().to_string();
    assert_eq!(text, "PORT: is not set");
}

//! `artisan export` and `artisan import FILE`: the platform moves to another database.

use std::path::Path;

use artisan_testkit::{Engine, TestDatabase};
use serde_json::Value;

use crate::client::Caller;
use crate::platform::{Ended, Platform, run_command};

mod filled;
mod interrupted;
mod moves;
mod refused;

const ADMIN: [(&str, &str); 2] = [
    ("BOOTSTRAP_ADMIN_EMAIL", "root@example.com"),
    ("BOOTSTRAP_ADMIN_PASSWORD", "Root-password-1"),
];

/// A mail server that nobody has started: what is to be sent waits.
const MAILS: [(&str, &str); 3] = [
    ("SMTP_URL", "smtp://127.0.0.1:1?tls=none"),
    ("MAIL_FROM", "no-reply@shop.example"),
    ("MAIL_LINK_URL", "https://shop.example"),
];

/// The platform on a database, with a key that is the same wherever the database is.
async fn serve(folder: &Path, url: &str) -> (Platform, Caller) {
    let key = folder.join("key.pem");
    let mut variables = vec![("DATABASE_URL", url), ADMIN[0], ADMIN[1]];
    variables.extend(MAILS);
    if key.exists() {
        variables.push(("TOKEN_SIGNING_KEY_FILE", "key.pem"));
    }
    let platform = Platform::start(folder, &variables).await;
    if !key.exists() {
        // Made beside the database of the first start.
        let made = url
            .strip_prefix("sqlite://")
            .map_or(Path::new("data"), |path| Path::new(path).parent().expect("a folder"));
        std::fs::copy(folder.join(made).join("token-signing-key.pem"), &key).expect("a key");
    }
    let admin = Caller::anonymous(&platform.http).sign_in(ADMIN[0].1, ADMIN[1].1).await;
    (platform, admin)
}

/// A database that is migrated and empty.
async fn migrated(engine: Engine) -> TestDatabase {
    let database = TestDatabase::create(engine).await;
    migrate(&database).await;
    database
}

async fn migrate(database: &TestDatabase) {
    let files = match database.engine() {
        Engine::Sqlite => artisan_migrations::SQLITE,
        Engine::MySql | Engine::MariaDb => artisan_migrations::MYSQL,
        Engine::Postgres => artisan_migrations::POSTGRES,
    };
    let files = files.iter().map(|file| (file.name, file.text));
    artisan_migrate::upgrade_to_head(database.url(), files).await.expect("it is migrated");
}

async fn run(folder: &Path, url: &str, arguments: &[&str]) -> Ended {
    run_command(folder, &[("DATABASE_URL", url)], arguments).await
}

/// The report of a command that ends well.
async fn report(folder: &Path, url: &str, arguments: &[&str]) -> Value {
    let ended = run(folder, url, &[arguments, &["--output", "json"]].concat()).await;
    assert_eq!(ended.code, Some(0), "{}{}", ended.stdout, ended.stderr);
    serde_json::from_str(&ended.stdout).expect("JSON")
}

/// The lines of a file but for the first and the last, which tell of the place.
fn rows(folder: &Path, name: &str) -> Vec<String> {
    let text = std::fs::read_to_string(folder.join(name)).expect("a file");
    let mut lines: Vec<String> = text.lines().skip(1).map(str::to_owned).collect();
    lines.pop();
    lines
}

/// The sum of a number of each table in a report.
fn total(report: &Value, key: &str) -> u64 {
    let tables = report["tables"].as_array().expect("tables").iter();
    tables.map(|table| table[key].as_u64().expect("a number")).sum()
}

//! From an empty folder to a signed-in user, and again after a restart.

use artisan_testkit::TestDatabase;

use crate::client::Caller;
use crate::examples::{self, PASSWORD};
use crate::platform::{Platform, run_command};

artisan_testkit::on_every_engine! { registered_user_survives_a_restart }

async fn registered_user_survives_a_restart(database: TestDatabase) {
    let folder = tempfile::tempdir().expect("a folder");
    let variables = [("DATABASE_URL", database.url())];
    let platform = Platform::start(folder.path(), &variables).await;
    let caller = Caller::anonymous(&platform.http);

    let created = caller.post("/v1/users", &examples::buyer("joao@example.com")).await;
    assert_eq!(created.status, 201, "{}", created.text);
    assert_eq!(created.text_at("/buyer/fullName"), "João da Silva");
    assert!(created.json.get("password").is_none());
    let name = created.text_at("/name").to_owned();
    assert_eq!(created.header("location"), format!("/v1/{name}"));
    assert!(platform.stop().await.success(), "SIGTERM is a clean end");

    let platform = Platform::start(folder.path(), &variables).await;
    let me = Caller::anonymous(&platform.http).sign_in("JOAO@example.com", PASSWORD).await;
    let found = me.get("/v1/users/me").await;
    assert_eq!(found.text_at("/name"), name);
    assert_eq!(found.header("etag"), created.header("etag"));
}

#[tokio::test(flavor = "multi_thread")]
async fn first_start_makes_everything_it_needs() {
    let folder = tempfile::tempdir().expect("a folder");
    let platform = Platform::start(folder.path(), &[]).await;
    let data = folder.path().join("data");
    assert!(data.join("artisan.db").is_file());
    let password = std::fs::read_to_string(data.join("admin-password")).expect("a password file");
    assert!(!platform.banner.contains(password.trim()), "shown on a terminal only");
    assert!(platform.banner.contains("admin-password"));

    let anonymous = Caller::anonymous(&platform.http);
    let admin = anonymous.sign_in("admin@artisan.localhost", password.trim()).await;
    let users = admin.get("/v1/users").await;
    assert_eq!(users.status, 200, "{}", users.text);
    assert_eq!(users.json["users"].as_array().expect("users").len(), 1);

    let metrics = Caller::anonymous(&platform.admin).get("/metrics").await;
    assert!(metrics.text.contains("# TYPE"), "{}", metrics.text);
    assert_eq!(anonymous.get("/readyz").await.text, "ok\n");
    assert_eq!(anonymous.get("/metrics").await.status, 404, "metrics are not for the public");
    assert_eq!(anonymous.get("/openapi.json").await.text_at("/openapi"), "3.1.0");
}

#[tokio::test(flavor = "multi_thread")]
async fn printed_lines_work_when_pasted() {
    let folder = tempfile::tempdir().expect("a folder");
    let platform = Platform::start(folder.path(), &[]).await;
    let lines: Vec<&str> = platform
        .banner
        .lines()
        .filter(|line| line.starts_with("curl") || line.starts_with("TOKEN="))
        .collect();
    assert_eq!(lines.len(), 3, "{}", platform.banner);
    let output = tokio::process::Command::new("sh")
        .args(["-ec", &lines.join("\necho\n")])
        .output()
        .await
        .expect("a shell with curl");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let answers: Vec<&str> = text.lines().filter(|line| line.starts_with('{')).collect();
    assert_eq!(answers.len(), 2, "{text}");
    for answer in answers {
        let user: serde_json::Value = serde_json::from_str(answer).expect("JSON");
        assert_eq!(user["buyer"]["fullName"], "João da Silva", "{answer}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn forgotten_admin_password_is_replaced() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("data/admin-password");
    let platform = Platform::start(folder.path(), &[]).await;
    let first = std::fs::read_to_string(&file).expect("a password");
    assert!(platform.stop().await.success());

    let reset = std::process::Command::new(env!("CARGO_BIN_EXE_artisan"))
        .arg("reset-admin")
        .env_clear()
        .current_dir(folder.path())
        .output()
        .expect("it runs");
    assert!(reset.status.success(), "{}", String::from_utf8_lossy(&reset.stderr));
    let second = std::fs::read_to_string(&file).expect("a password");
    assert_ne!(first, second);
    for said in [&reset.stdout, &reset.stderr] {
        let said = String::from_utf8_lossy(said);
        assert!(!said.contains(second.trim()), "shown on a terminal only: {said}");
    }

    let platform = Platform::start(folder.path(), &[]).await;
    let caller = Caller::anonymous(&platform.http);
    caller.sign_in("admin@artisan.localhost", second.trim()).await;
    let old = serde_json::json!({"email": "admin@artisan.localhost", "password": first.trim()});
    caller.post("/v1/sessions", &old).await.assert_problem(401, "CREDENTIALS_WRONG");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_banner_names_the_administrator_that_there_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let named =
        [("BOOTSTRAP_ADMIN_EMAIL", "boss@example.com"), ("BOOTSTRAP_ADMIN_PASSWORD", "Chefe-1234")];
    let file = folder.path().join("data/admin-password");
    assert!(Platform::start(folder.path(), &named).await.stop().await.success());
    std::fs::write(&file, "Outra-9876\n").expect("a file");
    let platform = Platform::start(folder.path(), &[]).await;
    let line =
        "  administrator  an address of its own; `artisan reset-admin` makes a new password\n";
    assert!(platform.banner.contains(line), "{}", platform.banner);
    assert!(platform.stop().await.success());

    let ended = run_command(folder.path(), &[], &["reset-admin"]).await;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert!(ended.stdout.contains("boss@example.com"), "{}", ended.stdout);
    let platform = Platform::start(folder.path(), &[]).await;
    let line = "  administrator  an address of its own, password in data/admin-password\n";
    assert!(platform.banner.contains(line), "{}", platform.banner);
}

#[tokio::test(flavor = "multi_thread")]
async fn new_admin_password_is_shown_on_a_terminal() {
    let folder = tempfile::tempdir().expect("a folder");
    assert!(Platform::start(folder.path(), &[]).await.stop().await.success());
    let program = env!("CARGO_BIN_EXE_artisan");
    for redirection in ["", ">answer"] {
        let terminal = std::process::Command::new("script")
            .args(["-qec", &format!("'{program}' reset-admin {redirection}"), "/dev/null"])
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .current_dir(folder.path())
            .stdin(std::process::Stdio::null())
            .output()
            .expect("a terminal");
        let shown = String::from_utf8_lossy(&terminal.stdout);
        assert!(terminal.status.success(), "{shown}");
        let password = std::fs::read_to_string(folder.path().join("data/admin-password"));
        let password = password.expect("a password");
        assert!(shown.contains(&format!("The password: {}", password.trim())), "{shown}");
        let answer = std::fs::read_to_string(folder.path().join("answer")).unwrap_or_default();
        assert!(!answer.contains(password.trim()), "{answer}");
        assert_eq!(answer.contains("has a new password"), !redirection.is_empty(), "{answer}");
    }
}

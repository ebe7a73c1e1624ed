//! Mails over HTTP, sent by the running program: to a folder, to a server that is slow, and after a kill.

use std::path::Path;
use std::time::Duration;

use artisan_testkit::{SmtpBehaviour, SmtpServer, TestDatabase};
use serde_json::json;

use crate::client::Caller;
use crate::examples::{self, PASSWORD};
use crate::platform::{Platform, run};

artisan_testkit::on_every_engine! { forgotten_password_and_changed_address_over_http }

const PAGES: &str = "https://shop.example";

fn variables<'a>(database: &'a TestDatabase, smtp: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("DATABASE_URL", database.url()),
        ("SMTP_URL", smtp),
        ("MAIL_FROM", "no-reply@shop.example"),
        ("MAIL_LINK_URL", PAGES),
    ]
}

/// The token in the one mail of the folder to an address whose link leads to a page; waits for it.
async fn token(folder: &Path, to: &str, page: &str) -> String {
    let start = format!("{PAGES}/{page}#token=");
    let find = || {
        let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
        let mails = files.filter(|file| file.path().extension().is_some_and(|e| e == "eml"));
        let texts = mails.filter_map(|file| std::fs::read_to_string(file.path()).ok());
        let unfolded = texts.map(|text| text.replace("=\r\n", "").replace("=3D", "="));
        let mut tokens =
            unfolded.filter(|text| text.contains(&format!("To: {to}\r\n"))).filter_map(|text| {
                let rest = text.split_once(&start)?.1.to_owned();
                Some(
                    rest.chars()
                        .take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c))
                        .collect::<String>(),
                )
            });
        tokens.next()
    };
    for _ in 0..600 {
        if let Some(token) = find() {
            return token;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("no mail to {to} with {start}");
}

async fn forgotten_password_and_changed_address_over_http(database: TestDatabase) {
    let folder = tempfile::tempdir().expect("a folder");
    let mails = folder.path().join("mails");
    let smtp = format!("file:{}", mails.display());
    let platform = Platform::start(folder.path(), &variables(&database, &smtp)).await;
    let anyone = Caller::anonymous(&platform.http);
    let created = anyone.post("/v1/users", &examples::buyer("ana@example.com")).await;
    assert_eq!(created.status, 201, "{}", created.text);
    let verify = json!({"token": token(&mails, "ana@example.com", "verify-email").await});
    let verified = anyone.post("/v1/users:verifyEmail", &verify).await;
    assert_eq!(verified.json["emailVerified"], true, "{}", verified.text);
    anyone.post("/v1/users:verifyEmail", &verify).await.assert_problem(400, "MAIL_TOKEN_INVALID");

    for email in ["ANA@example.com", "nobody@example.com"] {
        let asked = anyone.post("/v1/users:requestPasswordReset", &json!({"email": email})).await;
        assert_eq!((asked.status, asked.text.as_str()), (200, "{}"), "{email}");
    }
    let token_of_reset = token(&mails, "ana@example.com", "reset-password").await;
    let reset = json!({"token": token_of_reset, "newPassword": "Outra-Senha-2"});
    let answer = anyone.post("/v1/users:resetPassword", &reset).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let old = json!({"email": "ana@example.com", "password": PASSWORD});
    anyone.post("/v1/sessions", &old).await.assert_problem(401, "CREDENTIALS_WRONG");

    let ana = anyone.sign_in("ana@example.com", "Outra-Senha-2").await;
    let changed = ana.patch("/v1/users/me", "", &json!({"email": "ana@nova.example"})).await;
    assert_eq!(changed.text_at("/email"), "ana@example.com", "not before it is verified");
    let again = ana.post("/v1/users/me:requestEmailVerification", &json!({})).await;
    assert_eq!(again.status, 200, "{}", again.text);
    // The mail that was replaced may have gone out before; its token serves no more.
    let mut verified = None;
    for _ in 0..600 {
        let token = token(&mails, "ana@nova.example", "verify-email").await;
        let answer = anyone.post("/v1/users:verifyEmail", &json!({"token": token})).await;
        if answer.status == 200 {
            verified = Some(answer);
            break;
        }
        answer.assert_problem(400, "MAIL_TOKEN_INVALID");
        remove_mails_with(&mails, &token);
    }
    assert_eq!(verified.expect("a verification").text_at("/email"), "ana@nova.example");
    assert!(platform.stop().await.success());
    let log = std::fs::read_to_string(folder.path().join("log")).expect("a log");
    for secret in ["ana@", "nobody@", token_of_reset.as_str()] {
        assert!(!log.contains(secret), "{secret} is in the log: {log}");
    }
}

fn remove_mails_with(folder: &Path, token: &str) {
    for file in std::fs::read_dir(folder).expect("a folder").flatten() {
        let text = std::fs::read_to_string(file.path()).unwrap_or_default();
        if text.replace("=\r\n", "").contains(token) {
            std::fs::remove_file(file.path()).expect("a file");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_killed_program_was_sending_is_sent_by_the_next() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = TestDatabase::create(artisan_testkit::Engine::Sqlite).await;
    let server = SmtpServer::start().await;
    server.next([SmtpBehaviour::KeepAndDrop]);
    let smtp = format!("smtp://127.0.0.1:{}?tls=none", server.port());
    let platform = Platform::start(folder.path(), &variables(&database, &smtp)).await;
    let anyone = Caller::anonymous(&platform.http);
    anyone.post("/v1/users", &examples::buyer("ana@example.com")).await;
    server.wait_for(1).await;
    platform.kill().await;
    // The claim, or the pause after a failure, would have to pass: it is cut short here.
    database.execute("UPDATE mails SET due_time = 0").await;
    let _platform = Platform::start(folder.path(), &variables(&database, &smtp)).await;
    let mails = server.wait_for(2).await;
    let id = |at: usize| {
        let line =
            mails.get(at).and_then(|mail| mail.data.lines().find(|l| l.starts_with("Message-ID")));
        line.map(str::to_owned).expect("a Message-ID")
    };
    assert_eq!(id(0), id(1));
    assert_eq!(mails.first().map(|mail| &mail.to), mails.get(1).map(|mail| &mail.to));
}

#[tokio::test(flavor = "multi_thread")]
async fn mails_are_in_the_log_unless_told_otherwise() {
    let folder = tempfile::tempdir().expect("a folder");
    let platform = Platform::start(folder.path(), &[]).await;
    let anyone = Caller::anonymous(&platform.http);
    anyone.post("/v1/users", &examples::buyer("ana@example.com")).await;
    for _ in 0..600 {
        let log = std::fs::read_to_string(folder.path().join("log")).expect("a log");
        if log.contains("verify-email#token=") {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("no mail in the log");
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_settings_for_mails_are_named_at_start() {
    let folder = tempfile::tempdir().expect("a folder");
    let variables = [
        ("SMTP_URL", "smtp://me:hunter2@mail.example.com?tls=perhaps"),
        ("MAIL_FROM", "nobody"),
        ("MAIL_LINK_URL", "shop.example"),
        ("MAIL_LANGUAGE", "fr"),
        ("EMAIL_VERIFICATION_TTL", "never"),
    ];
    let (code, text) = run(folder.path(), &variables).await;
    assert_eq!(code, Some(2), "{text}");
    for (name, _) in variables {
        assert_eq!(text.matches(name).count(), 1, "{name}: {text}");
    }
    assert!(!text.contains("hunter2"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_server_that_hangs_does_not_hold_up_the_end() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = TestDatabase::create(artisan_testkit::Engine::Sqlite).await;
    let server = SmtpServer::start().await;
    server.next([SmtpBehaviour::Hang]);
    let smtp = format!("smtp://127.0.0.1:{}?tls=none", server.port());
    let platform = Platform::start(folder.path(), &variables(&database, &smtp)).await;
    let anyone = Caller::anonymous(&platform.http);
    anyone.post("/v1/users", &examples::buyer("ana@example.com")).await;
    while server.connections() == 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let started = std::time::Instant::now();
    assert!(platform.stop().await.success());
    assert!(started.elapsed() < Duration::from_secs(15), "{:?}", started.elapsed());
}

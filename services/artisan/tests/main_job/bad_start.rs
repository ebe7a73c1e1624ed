//! What cannot start says in one line what to do, with the right exit code and no secret.

use artisan_testkit::{Engine, TestDatabase};

use crate::platform::{Platform, run, run_command};

#[tokio::test(flavor = "multi_thread")]
async fn every_bad_variable_is_named_at_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let variables = [("ACCESS_TOKEN_TTL", "soon"), ("HTTP_ADDR", "here"), ("HASH_QUEUE", "-1")];
    let (code, text) = run(folder.path(), &variables).await;
    assert_eq!(code, Some(2), "{text}");
    for (name, _) in variables {
        assert!(text.contains(name), "{name} is missing in: {text}");
    }
    assert!(!folder.path().join("data").exists(), "nothing was made");
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_database_url_is_told_without_its_password() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = "oracle://scott:tiger-secret@db/orcl";
    let (code, text) = run(folder.path(), &[("DATABASE_URL", url)]).await;
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains("DATABASE_URL"), "{text}");
    assert!(!text.contains("tiger-secret"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn taken_port_is_told_with_its_variable() {
    let folder = tempfile::tempdir().expect("a folder");
    let platform = Platform::start(folder.path(), &[]).await;
    let taken = platform.http.trim_start_matches("http://").to_owned();
    let other = tempfile::tempdir().expect("a folder");
    let (code, text) = run(other.path(), &[("HTTP_ADDR", &taken)]).await;
    assert_ne!(code, Some(0), "{text}");
    assert!(text.contains("HTTP_ADDR") && text.contains(&taken), "{text}");
    assert!(!text.contains("panicked"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn unreadable_signing_key_is_told_with_its_variable() {
    let folder = tempfile::tempdir().expect("a folder");
    let variables = [("TOKEN_SIGNING_KEY_FILE", "/nowhere/key.pem")];
    let (code, text) = run(folder.path(), &variables).await;
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains("TOKEN_SIGNING_KEY_FILE"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn empty_file_of_the_database_url_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("url"), "").expect("a file");
    let (code, text) = run(folder.path(), &[("DATABASE_URL_FILE", "url")]).await;
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains("DATABASE_URL_FILE: url is empty"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_of_another_program_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = TestDatabase::create(Engine::Sqlite).await;
    database.execute("CREATE TABLE users (id INTEGER)").await;
    let (code, text) = run(folder.path(), &[("DATABASE_URL", database.url())]).await;
    assert_ne!(code, Some(0), "{text}");
    assert!(text.contains("if the database is another program's"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_database_is_restored() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("bad.db"), "no database at all ".repeat(99)).expect("a file");
    let (code, text) = run(folder.path(), &[("DATABASE_URL", "sqlite:bad.db")]).await;
    assert_ne!(code, Some(0), "{text}");
    assert!(text.contains("restored from a backup"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn spoilt_key_file_is_told_with_its_path() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    std::fs::create_dir(&data).expect("a folder");
    std::fs::write(data.join("token-signing-key.pem"), "hunter2").expect("a file");
    let (code, text) = run(folder.path(), &[]).await;
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains("data/token-signing-key.pem holds no signing key"), "{text}");
    assert!(!text.contains("hunter2"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_administrator_the_way_out_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = TestDatabase::create(Engine::Sqlite).await;
    let url = [("DATABASE_URL", database.url())];
    assert!(Platform::start(folder.path(), &url).await.stop().await.success());
    database.execute("UPDATE users SET state = 'INACTIVE'").await;
    for command in [&[][..], &["reset-admin"]] {
        let ended = run_command(folder.path(), &url, command).await;
        assert_eq!(ended.code, Some(1), "{}", ended.stderr);
        for text in ["no active administrator", "BOOTSTRAP_ADMIN_EMAIL", "BOOTSTRAP_ADMIN_PASSWORD"]
        {
            assert!(ended.stderr.contains(text), "{command:?}: {}", ended.stderr);
        }
    }
    let named = [
        ("BOOTSTRAP_ADMIN_EMAIL", "boss@example.com"),
        ("BOOTSTRAP_ADMIN_PASSWORD", "Chefe-1234"),
        url[0],
    ];
    assert!(Platform::start(folder.path(), &named).await.stop().await.success());
}

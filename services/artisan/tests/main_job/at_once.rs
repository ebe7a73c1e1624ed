//! Several programs in one folder, and what cannot be written there.

use std::path::Path;

use crate::client::Caller;
use crate::platform::{Ended, Platform, run, run_command};

const EMAIL: &str = "admin@artisan.localhost";

fn password(folder: &Path) -> String {
    let text = std::fs::read_to_string(folder.join("data/admin-password")).expect("a password");
    text.trim().to_owned()
}

async fn reset(folder: &Path) -> Ended {
    run_command(folder, &[], &["reset-admin"]).await
}

/// Files that were begun and never put in their place.
fn left_behind(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder.join("data")).expect("a folder");
    let names = entries.map(|entry| entry.expect("an entry").file_name());
    let names = names.map(|name| name.into_string().expect("UTF-8"));
    names
        .filter(|name| Path::new(name).extension().is_some_and(|extension| extension == "new"))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn starts_at_once_share_a_key_and_a_password() {
    let folder = tempfile::tempdir().expect("a folder");
    let start = || Platform::start(folder.path(), &[]);
    let (one, two, three) = tokio::join!(start(), start(), start());
    let password = password(folder.path());
    let mut keys = Vec::new();
    for platform in [&one, &two, &three] {
        let caller = Caller::anonymous(&platform.http);
        keys.push(caller.get("/.well-known/jwks.json").await.text);
        caller.sign_in(EMAIL, &password).await;
    }
    assert!(keys.iter().all(|key| *key == keys[0]), "{keys:?}");
    assert_eq!(left_behind(folder.path()), [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn resets_at_once_leave_the_password_that_holds() {
    let folder = tempfile::tempdir().expect("a folder");
    let platform = Platform::start(folder.path(), &[]).await;
    let reset = || reset(folder.path());
    let (a, b, c, d) = tokio::join!(reset(), reset(), reset(), reset());
    for ended in [a, b, c, d] {
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    }
    Caller::anonymous(&platform.http).sign_in(EMAIL, &password(folder.path())).await;
    assert_eq!(left_behind(folder.path()), [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_waits_for_whoever_has_the_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    let platform = Platform::start(folder.path(), &[]).await;
    let old = password(folder.path());
    let held = std::fs::File::open(folder.path().join("data/.lock")).expect("a lock");
    held.lock().expect("nobody else has it");
    let mut reset = std::pin::pin!(reset(folder.path()));
    let waited = tokio::time::timeout(std::time::Duration::from_secs(2), reset.as_mut()).await;
    assert!(waited.is_err(), "{waited:?}");
    assert_eq!(password(folder.path()), old);
    Caller::anonymous(&platform.http).sign_in(EMAIL, &old).await;
    drop(held);
    assert_eq!(reset.await.code, Some(0));
    Caller::anonymous(&platform.http).sign_in(EMAIL, &password(folder.path())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_that_cannot_be_written_is_not_changed() {
    let folder = tempfile::tempdir().expect("a folder");
    let platform = Platform::start(folder.path(), &[]).await;
    let old = password(folder.path());
    let file = folder.path().join("data/admin-password");
    std::fs::remove_file(&file).expect("a file");
    std::fs::create_dir(&file).expect("a folder");
    let ended = reset(folder.path()).await;
    assert_eq!(ended.code, Some(1), "{}", ended.stderr);
    assert!(ended.stderr.contains("data/admin-password is a folder"), "{}", ended.stderr);
    Caller::anonymous(&platform.http).sign_in(EMAIL, &old).await;
    assert_eq!(left_behind(folder.path()), [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_without_a_database_makes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let ended = reset(folder.path()).await;
    assert_eq!(ended.code, Some(2), "{}", ended.stderr);
    let told = "there is no database at data/artisan.db";
    assert!(ended.stderr.contains(told), "{}", ended.stderr);
    assert!(!folder.path().join("data").exists(), "nothing was made");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_in_the_place_of_the_folder_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("data"), "theirs").expect("a file");
    let (code, text) = run(folder.path(), &[]).await;
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains("data is no folder"), "{text}");
}

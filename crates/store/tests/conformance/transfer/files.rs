//! Files that are not what was exported.

use std::fs::File;

use artisan_migrations::EXPAND_VERSIONS;
use artisan_store::transfer::{FileProblem, ImportError, Progress, Target, import};
use artisan_testkit::{Engine, TestDatabase};

use super::{EXTREMES, OPTIONS, TIMEOUT, exported, file_of, fresh, imported};

artisan_testkit::on_every_engine! { a_file_that_was_cut_off_or_edited_changes_nothing }

async fn a_file_that_was_cut_off_or_edited_changes_nothing(database: TestDatabase) {
    let file = file_of(EXTREMES).await;
    let text = std::str::from_utf8(&file).expect("text");
    let there = fresh(database.engine()).await;
    let cut = &file[..file.len() - 1];
    let half = &file[..file.len() / 2];
    let edited = text.replacen("João", "Joao", 1);
    let added = text.replacen("[\"relay\",0]\n", "[\"relay\",0]\n[\"zebra\",0]\n", 1);
    for (name, bytes) in
        [("cut", cut), ("half", half), ("edited", edited.as_bytes()), ("added", added.as_bytes())]
    {
        let ended = imported(&there, bytes).await;
        let Err(ImportError::File(error)) = &ended else { panic!("{name}: {ended:?}") };
        let expected = match name {
            "edited" => FileProblem::Digest("buyers"),
            "added" => FileProblem::Digest("guards"),
            _ => FileProblem::Truncated,
        };
        assert_eq!(error.problem, expected, "{name}");
        assert_eq!(exported(&there).await.1.rows(), 0, "{name}");
    }
    imported(&there, &file).await.expect("the file itself");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_changes_while_it_is_imported_is_told() {
    let bytes = file_of(EXTREMES).await;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("export");
    std::fs::write(&path, &bytes).expect("a file");
    let there = fresh(Engine::Sqlite).await;
    let target = Target::connect(there.url(), EXPAND_VERSIONS, TIMEOUT).expect("a good URL");
    let observer = |progress| {
        if matches!(progress, Progress::Checked { .. }) {
            std::fs::write(&path, &bytes[..bytes.len() / 2]).expect("a file");
        }
    };
    let mut file = File::open(&path).expect("a file");
    let ended = import(&target, &mut file, OPTIONS, &observer).await;
    target.close().await;
    assert!(matches!(ended, Err(ImportError::Changed(_))), "{ended:?}");
}

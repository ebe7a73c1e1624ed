//! Checksums are sqlx's own, byte for byte, whatever stands in a file.

use std::collections::BTreeSet;

use artisan_migrate::{Engine, History, Source};
use sqlx::migrate::{Migrator, ResolveConfig, ResolveWith};

#[tokio::test]
async fn checksums_and_descriptions_are_those_of_sqlx() {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [
        ("1_plain.sql", "SELECT 1;\n"),
        ("2_windows.up.sql", "SELECT 1;\r\nSELECT 2;\r\n"),
        ("2_windows.down.sql", "SELECT 3;\r\n"),
        ("3_mark.sql", "\u{feff}-- no-transaction\nSELECT 'é \t ß';"),
        ("4_empty.sql", ""),
        ("0005_many_words__here.sql", "\r\n \t\u{feff}"),
        ("template.up.sql", "sqlx ignores it"),
        ("notes_a.txt", "and that"),
    ] {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let sets: [&[char]; 4] = [&[], &['\r'], &[' ', '\t', '\r', '\n', '\u{feff}'], &['é']];
    for ignored in sets {
        let ignored: BTreeSet<char> = ignored.iter().copied().collect();
        let mut config = ResolveConfig::new();
        config.ignore_chars(ignored.iter().copied());
        let theirs = Migrator::new(ResolveWith(folder.path(), config)).await.unwrap();
        let theirs: Vec<_> = theirs
            .iter()
            .filter(|migration| !migration.migration_type.is_down_migration())
            .map(|m| (m.version, m.description.to_string(), m.checksum.to_vec(), m.no_tx))
            .collect();
        let source = Source::directory(folder.path(), Engine::Sqlite).unwrap().ignoring(ignored);
        let history = History::build(source).unwrap();
        let ours: Vec<_> = history
            .revisions()
            .iter()
            .map(|r| (r.version, r.description(), r.checksum(), r.up.no_transaction))
            .collect();
        assert_eq!(ours, theirs);
        assert_eq!(ours.len(), 5);
    }
}

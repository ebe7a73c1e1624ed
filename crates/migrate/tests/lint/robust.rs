use artisan_migrate::Engine;
use proptest::prelude::*;

use super::cases::findings;

const ENGINES: [Engine; 4] = [Engine::Sqlite, Engine::MySql, Engine::MariaDb, Engine::Postgres];

const WORDS: [&str; 44] = [
    "ALTER",
    "TABLE",
    "t",
    "ADD",
    "COLUMN",
    "DROP",
    "CONSTRAINT",
    "CHECK",
    "(",
    ")",
    ",",
    ";",
    "NOT",
    "NULL",
    "DEFAULT",
    "CREATE",
    "INDEX",
    "ON",
    "UNIQUE",
    "REFERENCES",
    "PRIMARY",
    "KEY",
    "MODIFY",
    "CHANGE",
    "RENAME",
    "TO",
    "TYPE",
    "VALUE",
    "'x'",
    "\"q\"",
    "`b`",
    "GENERATED",
    "AS",
    "IDENTITY",
    "STORED",
    "WITH",
    "UPDATE",
    "DELETE",
    "FROM",
    "-- lint:allow",
    "\n",
    "=",
    "ALGORITHM",
    ".",
];

proptest! {
    #[test]
    fn any_order_of_words_is_survived(picks in prop::collection::vec(prop::sample::select(&WORDS[..]), 0..25)) {
        let text = picks.join(" ");
        for engine in ENGINES {
            findings(engine, &["CREATE TABLE t (a int);"], &text);
        }
    }

    #[test]
    fn any_text_is_survived(text in ".{0,80}") {
        for engine in ENGINES {
            findings(engine, &[], &text);
        }
    }
}

#[test]
fn what_is_not_understood_is_passed_over() {
    let strange = "FROBNICATE TABLE t SET fire TO 'water';\nSELECT * FROM t WHERE a = 'DROP TABLE t';\n\
                   EXPLAIN DELETE FROM t;\nCOMMENT ON TABLE t IS 'TRUNCATE t';\n";
    for engine in ENGINES {
        let found = findings(engine, &["CREATE TABLE t (a int, PRIMARY KEY (a));"], strange);
        let found: Vec<_> = found.iter().filter(|finding| finding.code != "MG042").collect();
        assert!(found.is_empty(), "{engine}: {found:?}");
    }
}

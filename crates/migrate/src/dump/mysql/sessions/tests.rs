use artisan_testkit::TestDatabase;

use super::*;
use crate::backend::connect;
use crate::dump::{self, SchemaReport};
use crate::{Access, DatabaseUrl, Options};

const EVERYWHERE: [&str; 3] = ["ANSI_QUOTES", "NO_BACKSLASH_ESCAPES", "ANSI,NO_BACKSLASH_ESCAPES"];

artisan_testkit::on_engine!(mysql, MySql, schema_is_the_same_in_every_mode);
artisan_testkit::on_engine!(
    mariadb,
    MariaDb,
    schema_is_the_same_in_every_mode,
    schema_of_mariadb_leaves_nothing_out,
);

const SCHEMA: &str = r#"
    CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, e ENUM('😀','b"') DEFAULT 'b"',
      p VARCHAR(20) DEFAULT 'C:\\x' COMMENT 'a\nb', d DATE, parent INT,
      ts TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6),
      CONSTRAINT k FOREIGN KEY (parent) REFERENCES t (id)) COMMENT='x' ROW_FORMAT=COMPACT;
    CREATE VIEW w AS SELECT id, p FROM t WHERE p <> '\\';
    CREATE VIEW a AS SELECT id FROM w;"#;

async fn schema_is_the_same_in_every_mode(database: TestDatabase) {
    made_again(&database, &EVERYWHERE).await;
}

async fn schema_of_mariadb_leaves_nothing_out(database: TestDatabase) {
    let modes = ["NO_FIELD_OPTIONS,NO_TABLE_OPTIONS,NO_KEY_OPTIONS", "ORACLE"];
    made_again(&database, &modes).await;
}

/// Reads in each mode, and plays what is printed in the same.
async fn made_again(database: &TestDatabase, modes: &[&str]) {
    let url: DatabaseUrl = DatabaseUrl::parse(database.url()).unwrap();
    let mut backend = connect(&url, Access::Write, &Options::default()).await.unwrap();
    backend.run(SCHEMA).await.unwrap();
    let read = async |backend: &mut dyn Backend| -> SchemaReport {
        dump::read(backend, &[]).await.unwrap()
    };
    let usual = read(backend.as_mut()).await;
    assert!(usual.sql.contains("enum('😀','b\"')"), "{}", usual.sql);
    for own in modes {
        let set = format!("SET sql_mode = 'PIPES_AS_CONCAT,{own}'");
        backend.run(&set).await.unwrap();
        let before = mode(backend.as_mut()).await.unwrap();
        let found = read(backend.as_mut()).await;
        assert_eq!(found.objects, usual.objects, "{own}");
        assert_eq!(mode(backend.as_mut()).await.unwrap(), before);
        backend.run("DROP VIEW a, w").await.unwrap();
        backend.run("DROP TABLE t").await.unwrap();
        backend.run(&found.sql).await.unwrap();
        assert_eq!(mode(backend.as_mut()).await.unwrap(), before);
        assert_eq!(read(backend.as_mut()).await.objects, usual.objects, "{own}: {}", found.sql);
    }
    backend.close().await;
}

//! Tables that change places look the same before and after.

use artisan_testkit::TestDatabase;

use super::database::{texts, upgrade};
use super::interrupted::interrupt;

artisan_testkit::on_engine!(
    mariadb,
    MariaDb,
    exchanged_names_are_not_exchanged_back,
    exchanged_partition_is_not_exchanged_back
);
artisan_testkit::on_engine!(
    mysql,
    MySql,
    exchanged_names_are_not_exchanged_back,
    exchanged_partition_is_not_exchanged_back
);

async fn exchanged_names_are_not_exchanged_back(database: TestDatabase) {
    let swap = "RENAME TABLE a TO tmp, b TO a, tmp TO b";
    let broken = "RENAME TABLE a TO tmp, b TO a, tmp TO b;\nWRONG;\n";
    let mended = "RENAME TABLE a TO tmp, b TO a, tmp TO b;\n";
    database.execute("CREATE TABLE a (i INTEGER)").await;
    database.execute("CREATE TABLE b (i INTEGER)").await;
    database.execute("INSERT INTO a VALUES (1)").await;
    database.execute("INSERT INTO b VALUES (2)").await;
    for has_run in [true, false] {
        upgrade(&database, &[("1_a.sql", broken)], "head").await.unwrap_err();
        interrupt(&database, 0).await;
        if !has_run {
            database.execute(swap).await;
        }
        upgrade(&database, &[("1_a.sql", mended)], "head").await.unwrap();
        assert_eq!(texts(&database, "SELECT CAST(i AS CHAR(9)) FROM a").await, ["2"], "{has_run}");
        database.execute(swap).await;
        database.execute("DELETE FROM _sqlx_migrations").await;
    }
}

async fn exchanged_partition_is_not_exchanged_back(database: TestDatabase) {
    let broken = "ALTER TABLE p EXCHANGE PARTITION p0 WITH TABLE t;\nWRONG;\n";
    let mended = "ALTER TABLE p EXCHANGE PARTITION p0 WITH TABLE t;\n";
    let make =
        "CREATE TABLE p (i INTEGER) PARTITION BY RANGE (i) (PARTITION p0 VALUES LESS THAN (9))";
    database.execute(make).await;
    database.execute("CREATE TABLE t (i INTEGER)").await;
    database.execute("INSERT INTO t VALUES (1)").await;
    for has_run in [true, false] {
        upgrade(&database, &[("1_a.sql", broken)], "head").await.unwrap_err();
        interrupt(&database, 0).await;
        if !has_run {
            database.execute("ALTER TABLE p EXCHANGE PARTITION p0 WITH TABLE t").await;
        }
        upgrade(&database, &[("1_a.sql", mended)], "head").await.unwrap();
        assert_eq!(texts(&database, "SELECT CAST(i AS CHAR(9)) FROM p").await, ["1"], "{has_run}");
        database.execute("ALTER TABLE p EXCHANGE PARTITION p0 WITH TABLE t").await;
        database.execute("DELETE FROM _sqlx_migrations").await;
    }
}

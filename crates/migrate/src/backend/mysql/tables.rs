/// The first is sqlx's own, word for word in its meaning; its rows share a transaction with those of files,
/// whatever the server makes tables of otherwise.
pub(in crate::backend) const TABLES: [(&str, &str); 3] = [
    (
        "{applied}",
        "CREATE TABLE IF NOT EXISTS {applied} (
    version BIGINT PRIMARY KEY,
    description TEXT NOT NULL,
    installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    success BOOLEAN NOT NULL,
    checksum BLOB NOT NULL,
    execution_time BIGINT NOT NULL
) ENGINE = InnoDB",
    ),
    (
        "_migrate_revisions",
        "CREATE TABLE IF NOT EXISTS _migrate_revisions (
    version BIGINT PRIMARY KEY,
    name TEXT NOT NULL,
    phase VARCHAR(16) NOT NULL,
    floor BIGINT NOT NULL,
    outline BLOB NOT NULL,
    down_file TEXT,
    down_script LONGTEXT
) ENGINE = InnoDB CHARACTER SET utf8mb4",
    ),
    (
        "_migrate_journal",
        "CREATE TABLE IF NOT EXISTS _migrate_journal (
    version BIGINT NOT NULL,
    direction VARCHAR(8) NOT NULL,
    step BIGINT NOT NULL,
    state VARCHAR(16) NOT NULL,
    digest VARCHAR(128) NOT NULL,
    picture LONGTEXT,
    session_id BIGINT NOT NULL,
    session_since VARCHAR(64) NOT NULL,
    runner TEXT NOT NULL,
    started_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (version, direction, step)
) ENGINE = InnoDB CHARACTER SET utf8mb4",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_all_tables_share_transactions() {
        assert!(TABLES.iter().all(|(_, sql)| sql.contains("ENGINE = InnoDB")));
    }
}

/// The first is sqlx's own, word for word in its meaning.
pub(in crate::backend) const TABLES: [(&str, &str); 3] = [
    (
        "{applied}",
        "CREATE TABLE IF NOT EXISTS {applied} (
    version BIGINT PRIMARY KEY,
    description TEXT NOT NULL,
    installed_on TIMESTAMPTZ NOT NULL DEFAULT now(),
    success BOOLEAN NOT NULL,
    checksum BYTEA NOT NULL,
    execution_time BIGINT NOT NULL
)",
    ),
    (
        "_migrate_revisions",
        "CREATE TABLE IF NOT EXISTS _migrate_revisions (
    version BIGINT PRIMARY KEY,
    name TEXT NOT NULL,
    phase TEXT NOT NULL,
    floor BIGINT NOT NULL,
    outline BYTEA NOT NULL,
    down_file TEXT,
    down_script TEXT
)",
    ),
    (
        "_migrate_journal",
        "CREATE TABLE IF NOT EXISTS _migrate_journal (
    version BIGINT NOT NULL,
    direction TEXT NOT NULL,
    step BIGINT NOT NULL,
    state TEXT NOT NULL,
    digest TEXT NOT NULL,
    picture TEXT,
    session_id BIGINT NOT NULL,
    session_since TEXT NOT NULL,
    runner TEXT NOT NULL,
    started_on TIMESTAMPTZ NOT NULL DEFAULT now(),
    PRIMARY KEY (version, direction, step)
)",
    ),
];

/// Everybody but the owner may read at most.
pub(in crate::backend) const CLOSING: &str = "DO $do$ DECLARE other text; BEGIN FOR other IN \
    SELECT DISTINCT CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END \
    FROM pg_class c, aclexplode(c.relacl) a WHERE c.oid = to_regclass('{table}') \
    AND a.grantee <> c.relowner LOOP EXECUTE format('REVOKE INSERT, UPDATE, DELETE, TRUNCATE, \
    REFERENCES, TRIGGER ON %s FROM %s', to_regclass('{table}'), other); END LOOP; END $do$";

-- Calls that made or changed a user under a request id, and what was answered: the same call again gets
-- the same answer. `key_hash` is of the caller, the method and the id; `fingerprint` is a keyed hash of the
-- request, since a request may hold a password.
CREATE TABLE request_ids (
    key_hash    BINARY(32)  NOT NULL,
    fingerprint BINARY(32)  NOT NULL,
    user_id     BINARY(16)  NOT NULL,
    answer      BLOB        NOT NULL,
    expire_time DATETIME(6) NOT NULL,
    PRIMARY KEY (key_hash),
    CONSTRAINT request_ids_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    INDEX request_ids_user_id_idx (user_id),
    INDEX request_ids_expire_time_idx (expire_time)
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;

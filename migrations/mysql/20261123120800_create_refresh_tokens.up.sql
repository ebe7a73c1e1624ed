-- The refresh tokens of a session, by their SHA-256. A token is used once: `use_time` and
-- `successor_hash` are set by the rotation, and a second use revokes the session.
CREATE TABLE refresh_tokens (
    token_hash     BINARY(32)  NOT NULL,
    session_id     BINARY(16)  NOT NULL,
    create_time    DATETIME(6) NOT NULL,
    expire_time    DATETIME(6) NOT NULL,
    use_time       DATETIME(6),
    successor_hash BINARY(32),
    PRIMARY KEY (token_hash),
    CONSTRAINT refresh_tokens_session_id_fkey FOREIGN KEY (session_id) REFERENCES sessions (id) ON DELETE CASCADE,
    INDEX refresh_tokens_session_id_idx (session_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;

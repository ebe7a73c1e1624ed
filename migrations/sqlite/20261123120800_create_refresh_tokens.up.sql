-- The refresh tokens of a session, by their SHA-256. A token is used once: `use_time` and
-- `successor_hash` are set by the rotation, and a second use revokes the session.
CREATE TABLE refresh_tokens (
    token_hash     BLOB    NOT NULL CHECK (length(token_hash) = 32),
    session_id     BLOB    NOT NULL CHECK (length(session_id) = 16),
    create_time    INTEGER NOT NULL,
    expire_time    INTEGER NOT NULL,
    use_time       INTEGER,
    successor_hash BLOB    CHECK (length(successor_hash) = 32),
    CONSTRAINT refresh_tokens_pkey PRIMARY KEY (token_hash),
    CONSTRAINT refresh_tokens_session_id_fkey FOREIGN KEY (session_id) REFERENCES sessions (id) ON DELETE CASCADE
) STRICT;

CREATE INDEX refresh_tokens_session_id_idx ON refresh_tokens (session_id);

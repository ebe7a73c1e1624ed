-- The refresh tokens of a session, by their SHA-256. A token is used once: `use_time` and
-- `successor_hash` are set by the rotation, and a second use revokes the session.
CREATE TABLE refresh_tokens (
    token_hash     bytea       NOT NULL,
    session_id     uuid        NOT NULL,
    create_time    timestamptz NOT NULL,
    expire_time    timestamptz NOT NULL,
    use_time       timestamptz,
    successor_hash bytea,
    CONSTRAINT refresh_tokens_pkey PRIMARY KEY (token_hash),
    CONSTRAINT refresh_tokens_session_id_fkey FOREIGN KEY (session_id) REFERENCES sessions (id) ON DELETE CASCADE
);

CREATE INDEX refresh_tokens_session_id_idx ON refresh_tokens (session_id);

-- A sign-in, and the family of the refresh tokens that descend from it.
CREATE TABLE sessions (
    id           uuid        NOT NULL,
    user_id      uuid        NOT NULL,
    create_time  timestamptz NOT NULL,
    refresh_time timestamptz NOT NULL,
    expire_time  timestamptz NOT NULL,
    revoke_time  timestamptz,
    CONSTRAINT sessions_pkey PRIMARY KEY (id),
    CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE INDEX sessions_user_id_idx ON sessions (user_id, create_time);

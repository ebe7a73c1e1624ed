-- A sign-in, and the family of the refresh tokens that descend from it.
CREATE TABLE sessions (
    id           BLOB    NOT NULL CHECK (length(id) = 16),
    user_id      BLOB    NOT NULL CHECK (length(user_id) = 16),
    create_time  INTEGER NOT NULL,
    refresh_time INTEGER NOT NULL,
    expire_time  INTEGER NOT NULL,
    revoke_time  INTEGER,
    CONSTRAINT sessions_pkey PRIMARY KEY (id),
    CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) STRICT;

CREATE INDEX sessions_user_id_idx ON sessions (user_id, create_time);

-- Calls that made or changed a user under a request id, and what was answered: the same call again gets
-- the same answer. `key_hash` is of the caller, the method and the id; `fingerprint` is a keyed hash of the
-- request, since a request may hold a password.
CREATE TABLE request_ids (
    key_hash    BLOB    NOT NULL CHECK (length(key_hash) = 32),
    fingerprint BLOB    NOT NULL CHECK (length(fingerprint) = 32),
    user_id     BLOB    NOT NULL CHECK (length(user_id) = 16),
    answer      BLOB    NOT NULL,
    expire_time INTEGER NOT NULL,
    CONSTRAINT request_ids_pkey PRIMARY KEY (key_hash),
    CONSTRAINT request_ids_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) STRICT;

CREATE INDEX request_ids_user_id_idx ON request_ids (user_id);
CREATE INDEX request_ids_expire_time_idx ON request_ids (expire_time);

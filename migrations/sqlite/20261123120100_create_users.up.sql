-- An account. Ids and times are made by the service; `revision` rises with each write and is the
-- source of the etag. `email` keeps the bytes as given, `email_key` is the form that must be unique:
-- lower case and NFC, made by the service, compared byte by byte. A deleted account keeps its e-mail
-- until `purge_time`.
CREATE TABLE users (
    id             BLOB    NOT NULL CHECK (length(id) = 16),
    email          TEXT    NOT NULL CHECK (length(email) <= 320),
    email_key      TEXT    NOT NULL CHECK (length(email_key) <= 320),
    email_verified INTEGER NOT NULL CHECK (email_verified IN (0, 1)),
    state          TEXT    NOT NULL,
    revision       INTEGER NOT NULL,
    create_time    INTEGER NOT NULL,
    update_time    INTEGER NOT NULL,
    delete_time    INTEGER,
    purge_time     INTEGER,
    CONSTRAINT users_pkey PRIMARY KEY (id),
    CONSTRAINT users_email_key_unique UNIQUE (email_key),
    CONSTRAINT users_state_check CHECK (state IN ('ACTIVE', 'INACTIVE', 'PENDING'))
) STRICT;

CREATE INDEX users_create_time_idx ON users (create_time, id);

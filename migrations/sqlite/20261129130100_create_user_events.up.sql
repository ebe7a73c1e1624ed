-- What happened to an account, and who did it: written in the transaction that did it. No e-mail address
-- and no secret stands here; the row outlives the account. `sequence` numbers committed events in one
-- order for all readers, and is given after the commit.
CREATE TABLE user_events (
    id          BLOB    NOT NULL CHECK (length(id) = 16),
    user_id     BLOB    NOT NULL CHECK (length(user_id) = 16),
    kind        TEXT    NOT NULL CHECK (length(kind) <= 50),
    actor_id    BLOB    CHECK (length(actor_id) = 16),
    request_id  TEXT    NOT NULL CHECK (length(request_id) <= 128),
    details     TEXT    NOT NULL CHECK (length(details) <= 2000),
    create_time INTEGER NOT NULL,
    sequence    INTEGER,
    CONSTRAINT user_events_pkey PRIMARY KEY (id),
    CONSTRAINT user_events_sequence_unique UNIQUE (sequence)
) STRICT;

CREATE INDEX user_events_user_id_idx ON user_events (user_id, create_time, id);

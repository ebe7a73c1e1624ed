-- Mails to be sent, written together with what they tell of. `due_time` is when to try next: whoever moves it
-- forward has the mail until then. `seed` is what its token is made of, together with a secret that is not in
-- the database. A mail that was sent is deleted; one that was given up has a `dead_time`.
CREATE TABLE mails (
    id          BLOB    NOT NULL CHECK (length(id) = 16),
    kind        TEXT    NOT NULL CHECK (length(kind) <= 40),
    user_id     BLOB    CHECK (length(user_id) = 16),
    email       TEXT    NOT NULL CHECK (length(email) <= 320),
    seed        BLOB    CHECK (length(seed) = 32),
    create_time INTEGER NOT NULL,
    expire_time INTEGER NOT NULL,
    due_time    INTEGER NOT NULL,
    attempts    INTEGER NOT NULL,
    failure     TEXT    CHECK (length(failure) <= 100),
    dead_time   INTEGER,
    CONSTRAINT mails_pkey PRIMARY KEY (id),
    CONSTRAINT mails_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) STRICT;

CREATE INDEX mails_due_time_idx ON mails (dead_time, due_time);

CREATE INDEX mails_user_id_idx ON mails (user_id);

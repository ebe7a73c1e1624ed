-- Mails to be sent, written together with what they tell of. `due_time` is when to try next: whoever moves it
-- forward has the mail until then. `seed` is what its token is made of, together with a secret that is not in
-- the database. A mail that was sent is deleted; one that was given up has a `dead_time`.
CREATE TABLE mails (
    id          uuid         NOT NULL,
    kind        varchar(40)  NOT NULL,
    user_id     uuid,
    email       varchar(320) NOT NULL,
    seed        bytea,
    create_time timestamptz  NOT NULL,
    expire_time timestamptz  NOT NULL,
    due_time    timestamptz  NOT NULL,
    attempts    bigint       NOT NULL,
    failure     varchar(100),
    dead_time   timestamptz,
    CONSTRAINT mails_pkey PRIMARY KEY (id),
    CONSTRAINT mails_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE INDEX mails_due_time_idx ON mails (dead_time, due_time);

CREATE INDEX mails_user_id_idx ON mails (user_id);

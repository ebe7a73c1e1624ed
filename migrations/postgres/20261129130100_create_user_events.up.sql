-- What happened to an account, and who did it: written in the transaction that did it. No e-mail address
-- and no secret stands here; the row outlives the account. `sequence` numbers committed events in one
-- order for all readers, and is given after the commit.
CREATE TABLE user_events (
    id          uuid          NOT NULL,
    user_id     uuid          NOT NULL,
    kind        varchar(50)   NOT NULL,
    actor_id    uuid,
    request_id  varchar(128)  NOT NULL,
    details     varchar(2000) NOT NULL,
    create_time timestamptz   NOT NULL,
    sequence    bigint,
    CONSTRAINT user_events_pkey PRIMARY KEY (id),
    CONSTRAINT user_events_sequence_unique UNIQUE (sequence)
);

CREATE INDEX user_events_user_id_idx ON user_events (user_id, create_time, id);

-- What happened to an account, and who did it: written in the transaction that did it. No e-mail address
-- and no secret stands here; the row outlives the account. `sequence` numbers committed events in one
-- order for all readers, and is given after the commit.
CREATE TABLE user_events (
    id          BINARY(16)    NOT NULL,
    user_id     BINARY(16)    NOT NULL,
    kind        VARCHAR(50)   NOT NULL,
    actor_id    BINARY(16),
    request_id  VARCHAR(128)  NOT NULL,
    details     VARCHAR(2000) NOT NULL,
    create_time DATETIME(6)   NOT NULL,
    sequence    BIGINT,
    PRIMARY KEY (id),
    CONSTRAINT user_events_sequence_unique UNIQUE (sequence),
    INDEX user_events_user_id_idx (user_id, create_time, id)
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;

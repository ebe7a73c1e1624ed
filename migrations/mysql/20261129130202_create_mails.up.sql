-- Mails to be sent, written together with what they tell of. `due_time` is when to try next: whoever moves it
-- forward has the mail until then. `seed` is what its token is made of, together with a secret that is not in
-- the database. A mail that was sent is deleted; one that was given up has a `dead_time`.
CREATE TABLE mails (
    id          BINARY(16)   NOT NULL,
    kind        VARCHAR(40)  NOT NULL,
    user_id     BINARY(16),
    email       VARCHAR(320) NOT NULL,
    seed        BINARY(32),
    create_time DATETIME(6)  NOT NULL,
    expire_time DATETIME(6)  NOT NULL,
    due_time    DATETIME(6)  NOT NULL,
    attempts    BIGINT       NOT NULL,
    failure     VARCHAR(100),
    dead_time   DATETIME(6),
    PRIMARY KEY (id),
    CONSTRAINT mails_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    INDEX mails_due_time_idx (dead_time, due_time),
    INDEX mails_user_id_idx (user_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;

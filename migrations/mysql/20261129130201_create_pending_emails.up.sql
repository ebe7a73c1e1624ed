-- An address that an account shall have once its owner has shown that mail arrives there. Whether it is free
-- is decided then, by the unique key of users.
CREATE TABLE pending_emails (
    user_id     BINARY(16)   NOT NULL,
    email       VARCHAR(320) NOT NULL,
    create_time DATETIME(6)  NOT NULL,
    PRIMARY KEY (user_id),
    CONSTRAINT pending_emails_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;

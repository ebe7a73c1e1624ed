-- A sign-in, and the family of the refresh tokens that descend from it.
CREATE TABLE sessions (
    id           BINARY(16)  NOT NULL,
    user_id      BINARY(16)  NOT NULL,
    create_time  DATETIME(6) NOT NULL,
    refresh_time DATETIME(6) NOT NULL,
    expire_time  DATETIME(6) NOT NULL,
    revoke_time  DATETIME(6),
    PRIMARY KEY (id),
    CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    INDEX sessions_user_id_idx (user_id, create_time)
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;

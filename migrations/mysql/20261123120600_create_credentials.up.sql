-- The password of an account, as a PHC string. It stands apart from users, so that no
-- read of a user touches it.
CREATE TABLE credentials (
    user_id       BINARY(16)   NOT NULL,
    password_hash VARCHAR(512) NOT NULL,
    update_time   DATETIME(6)  NOT NULL,
    PRIMARY KEY (user_id),
    CONSTRAINT credentials_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;

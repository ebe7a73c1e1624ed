-- The profile of an account that buys. An empty text is an absent one.
CREATE TABLE buyers (
    user_id   BINARY(16)   NOT NULL,
    full_name VARCHAR(255) NOT NULL,
    phone     VARCHAR(20)  NOT NULL,
    PRIMARY KEY (user_id),
    CONSTRAINT buyers_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;

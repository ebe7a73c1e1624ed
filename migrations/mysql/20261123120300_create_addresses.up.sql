-- The address of one account, shared with no other. An empty text is an absent one.
CREATE TABLE addresses (
    user_id      BINARY(16)   NOT NULL,
    street       VARCHAR(255) NOT NULL,
    number       VARCHAR(20)  NOT NULL,
    complement   VARCHAR(100) NOT NULL,
    neighborhood VARCHAR(100) NOT NULL,
    city         VARCHAR(100) NOT NULL,
    state        VARCHAR(2)   NOT NULL,
    zip_code     VARCHAR(10)  NOT NULL,
    country      VARCHAR(100) NOT NULL,
    PRIMARY KEY (user_id),
    CONSTRAINT addresses_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;

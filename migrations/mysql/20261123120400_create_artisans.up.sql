-- The profile of an account that sells. An empty text is an absent one.
CREATE TABLE artisans (
    user_id    BINARY(16)    NOT NULL,
    store_name VARCHAR(255)  NOT NULL,
    bio        VARCHAR(1000) NOT NULL,
    phone      VARCHAR(20)   NOT NULL,
    state      VARCHAR(20)   NOT NULL,
    PRIMARY KEY (user_id),
    CONSTRAINT artisans_state_check CHECK (state IN ('ACTIVE', 'PENDING', 'SUSPENDED')),
    CONSTRAINT artisans_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;

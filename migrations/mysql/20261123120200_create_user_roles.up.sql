-- What an account may do beyond its own resources: a row per granted role.
CREATE TABLE user_roles (
    user_id    BINARY(16)  NOT NULL,
    role       VARCHAR(20) NOT NULL,
    grant_time DATETIME(6) NOT NULL,
    PRIMARY KEY (user_id, role),
    CONSTRAINT user_roles_role_check CHECK (role IN ('ADMIN')),
    CONSTRAINT user_roles_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    INDEX user_roles_role_idx (role, user_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;

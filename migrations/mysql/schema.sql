-- The schema that the migrations lead to, for reading and for `migrate revision --autogenerate`.
-- Runs on MySQL and on MariaDB. Ids are 16 raw bytes, times are UTC; utf8mb4_bin compares text by
-- code point, and both servers have it.

-- An account. Ids and times are made by the service; `revision` rises with each write and is the
-- source of the etag. `email` keeps the bytes as given, `email_key` is the form that must be unique:
-- lower case and NFC, made by the service, compared byte by byte. A deleted account keeps its e-mail
-- until `purge_time`.
CREATE TABLE users (
    id             BINARY(16)   NOT NULL,
    email          VARCHAR(320) NOT NULL,
    email_key      VARCHAR(320) NOT NULL,
    email_verified BOOLEAN      NOT NULL,
    state          VARCHAR(20)  NOT NULL,
    revision       BIGINT       NOT NULL,
    create_time    DATETIME(6)  NOT NULL,
    update_time    DATETIME(6)  NOT NULL,
    delete_time    DATETIME(6),
    purge_time     DATETIME(6),
    PRIMARY KEY (id),
    CONSTRAINT users_email_key_unique UNIQUE (email_key),
    CONSTRAINT users_state_check CHECK (state IN ('ACTIVE', 'INACTIVE', 'PENDING')),
    INDEX users_create_time_idx (create_time, id)
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;

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

-- The profile of an account that buys. An empty text is an absent one.
CREATE TABLE buyers (
    user_id   BINARY(16)   NOT NULL,
    full_name VARCHAR(255) NOT NULL,
    phone     VARCHAR(20)  NOT NULL,
    PRIMARY KEY (user_id),
    CONSTRAINT buyers_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;

-- The password of an account, as a PHC string. It stands apart from users, so that no
-- read of a user touches it.
CREATE TABLE credentials (
    user_id       BINARY(16)   NOT NULL,
    password_hash VARCHAR(512) NOT NULL,
    update_time   DATETIME(6)  NOT NULL,
    PRIMARY KEY (user_id),
    CONSTRAINT credentials_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;

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

-- The refresh tokens of a session, by their SHA-256. A token is used once: `use_time` and
-- `successor_hash` are set by the rotation, and a second use revokes the session.
CREATE TABLE refresh_tokens (
    token_hash     BINARY(32)  NOT NULL,
    session_id     BINARY(16)  NOT NULL,
    create_time    DATETIME(6) NOT NULL,
    expire_time    DATETIME(6) NOT NULL,
    use_time       DATETIME(6),
    successor_hash BINARY(32),
    PRIMARY KEY (token_hash),
    CONSTRAINT refresh_tokens_session_id_fkey FOREIGN KEY (session_id) REFERENCES sessions (id) ON DELETE CASCADE,
    INDEX refresh_tokens_session_id_idx (session_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;

-- Rows that a transaction updates first, so that what it then reads holds until it commits: `admins`
-- guards the number of active admins.
CREATE TABLE guards (
    name     VARCHAR(50) NOT NULL,
    revision BIGINT      NOT NULL,
    PRIMARY KEY (name)
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;

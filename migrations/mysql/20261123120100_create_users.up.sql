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

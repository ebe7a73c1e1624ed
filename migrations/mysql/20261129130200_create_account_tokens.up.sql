-- What a mail gives its reader to show: by its SHA-256, one of a kind for each account, so that a new one
-- replaces the older. Used, it is deleted. `email_key` is the address that it was sent to.
CREATE TABLE account_tokens (
    user_id     BINARY(16)   NOT NULL,
    kind        VARCHAR(20)  NOT NULL,
    token_hash  BINARY(32)   NOT NULL,
    mail_id     BINARY(16)   NOT NULL,
    email_key   VARCHAR(320) NOT NULL,
    create_time DATETIME(6)  NOT NULL,
    expire_time DATETIME(6)  NOT NULL,
    PRIMARY KEY (user_id, kind),
    CONSTRAINT account_tokens_token_hash_unique UNIQUE (token_hash),
    CONSTRAINT account_tokens_kind_check CHECK (kind IN ('RESET_PASSWORD', 'VERIFY_EMAIL')),
    CONSTRAINT account_tokens_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    INDEX account_tokens_expire_time_idx (expire_time)
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;

-- What a mail gives its reader to show: by its SHA-256, one of a kind for each account, so that a new one
-- replaces the older. Used, it is deleted. `email_key` is the address that it was sent to.
CREATE TABLE account_tokens (
    user_id     uuid         NOT NULL,
    kind        varchar(20)  NOT NULL,
    token_hash  bytea        NOT NULL,
    mail_id     uuid         NOT NULL,
    email_key   varchar(320) COLLATE "C" NOT NULL,
    create_time timestamptz  NOT NULL,
    expire_time timestamptz  NOT NULL,
    CONSTRAINT account_tokens_pkey PRIMARY KEY (user_id, kind),
    CONSTRAINT account_tokens_token_hash_unique UNIQUE (token_hash),
    CONSTRAINT account_tokens_kind_check CHECK (kind IN ('RESET_PASSWORD', 'VERIFY_EMAIL')),
    CONSTRAINT account_tokens_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE INDEX account_tokens_expire_time_idx ON account_tokens (expire_time);

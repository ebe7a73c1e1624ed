-- What a mail gives its reader to show: by its SHA-256, one of a kind for each account, so that a new one
-- replaces the older. Used, it is deleted. `email_key` is the address that it was sent to.
CREATE TABLE account_tokens (
    user_id     BLOB    NOT NULL CHECK (length(user_id) = 16),
    kind        TEXT    NOT NULL,
    token_hash  BLOB    NOT NULL CHECK (length(token_hash) = 32),
    mail_id     BLOB    NOT NULL CHECK (length(mail_id) = 16),
    email_key   TEXT    NOT NULL CHECK (length(email_key) <= 320),
    create_time INTEGER NOT NULL,
    expire_time INTEGER NOT NULL,
    CONSTRAINT account_tokens_pkey PRIMARY KEY (user_id, kind),
    CONSTRAINT account_tokens_token_hash_unique UNIQUE (token_hash),
    CONSTRAINT account_tokens_kind_check CHECK (kind IN ('RESET_PASSWORD', 'VERIFY_EMAIL')),
    CONSTRAINT account_tokens_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) STRICT;

CREATE INDEX account_tokens_expire_time_idx ON account_tokens (expire_time);

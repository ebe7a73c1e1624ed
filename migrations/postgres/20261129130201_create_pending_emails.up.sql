-- An address that an account shall have once its owner has shown that mail arrives there. Whether it is free
-- is decided then, by the unique key of users.
CREATE TABLE pending_emails (
    user_id     uuid         NOT NULL,
    email       varchar(320) NOT NULL,
    create_time timestamptz  NOT NULL,
    CONSTRAINT pending_emails_pkey PRIMARY KEY (user_id),
    CONSTRAINT pending_emails_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);

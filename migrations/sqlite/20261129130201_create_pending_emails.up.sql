-- An address that an account shall have once its owner has shown that mail arrives there. Whether it is free
-- is decided then, by the unique key of users.
CREATE TABLE pending_emails (
    user_id     BLOB    NOT NULL CHECK (length(user_id) = 16),
    email       TEXT    NOT NULL CHECK (length(email) <= 320),
    create_time INTEGER NOT NULL,
    CONSTRAINT pending_emails_pkey PRIMARY KEY (user_id),
    CONSTRAINT pending_emails_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) STRICT;

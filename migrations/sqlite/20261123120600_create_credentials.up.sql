-- The password of an account, as a PHC string. It stands apart from users, so that no
-- read of a user touches it.
CREATE TABLE credentials (
    user_id       BLOB    NOT NULL CHECK (length(user_id) = 16),
    password_hash TEXT    NOT NULL CHECK (length(password_hash) <= 512),
    update_time   INTEGER NOT NULL,
    CONSTRAINT credentials_pkey PRIMARY KEY (user_id),
    CONSTRAINT credentials_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) STRICT;

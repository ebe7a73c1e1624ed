-- The password of an account, as a PHC string. It stands apart from users, so that no
-- read of a user touches it.
CREATE TABLE credentials (
    user_id       uuid         NOT NULL,
    password_hash varchar(512) NOT NULL,
    update_time   timestamptz  NOT NULL,
    CONSTRAINT credentials_pkey PRIMARY KEY (user_id),
    CONSTRAINT credentials_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);

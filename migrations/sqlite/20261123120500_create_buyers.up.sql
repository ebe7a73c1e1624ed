-- The profile of an account that buys. An empty text is an absent one.
CREATE TABLE buyers (
    user_id   BLOB NOT NULL CHECK (length(user_id) = 16),
    full_name TEXT NOT NULL CHECK (length(full_name) <= 255),
    phone     TEXT NOT NULL CHECK (length(phone) <= 20),
    CONSTRAINT buyers_pkey PRIMARY KEY (user_id),
    CONSTRAINT buyers_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) STRICT;

-- The profile of an account that sells. An empty text is an absent one.
CREATE TABLE artisans (
    user_id    BLOB NOT NULL CHECK (length(user_id) = 16),
    store_name TEXT NOT NULL CHECK (length(store_name) <= 255),
    bio        TEXT NOT NULL CHECK (length(bio) <= 1000),
    phone      TEXT NOT NULL CHECK (length(phone) <= 20),
    state      TEXT NOT NULL,
    CONSTRAINT artisans_pkey PRIMARY KEY (user_id),
    CONSTRAINT artisans_state_check CHECK (state IN ('ACTIVE', 'PENDING', 'SUSPENDED')),
    CONSTRAINT artisans_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) STRICT;

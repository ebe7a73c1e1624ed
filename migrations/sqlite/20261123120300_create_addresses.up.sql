-- The address of one account, shared with no other. An empty text is an absent one.
CREATE TABLE addresses (
    user_id      BLOB NOT NULL CHECK (length(user_id) = 16),
    street       TEXT NOT NULL CHECK (length(street) <= 255),
    number       TEXT NOT NULL CHECK (length(number) <= 20),
    complement   TEXT NOT NULL CHECK (length(complement) <= 100),
    neighborhood TEXT NOT NULL CHECK (length(neighborhood) <= 100),
    city         TEXT NOT NULL CHECK (length(city) <= 100),
    state        TEXT NOT NULL CHECK (length(state) <= 2),
    zip_code     TEXT NOT NULL CHECK (length(zip_code) <= 10),
    country      TEXT NOT NULL CHECK (length(country) <= 100),
    CONSTRAINT addresses_pkey PRIMARY KEY (user_id),
    CONSTRAINT addresses_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) STRICT;

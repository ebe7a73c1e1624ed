-- Who does what only one replica does, and until when.
CREATE TABLE leases (
    name        TEXT    NOT NULL CHECK (length(name) <= 50),
    holder      BLOB    NOT NULL CHECK (length(holder) = 16),
    expire_time INTEGER NOT NULL,
    CONSTRAINT leases_pkey PRIMARY KEY (name)
) STRICT;

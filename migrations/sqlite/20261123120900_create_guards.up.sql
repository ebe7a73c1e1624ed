-- Rows that a transaction updates first, so that what it then reads holds until it commits: `admins`
-- guards the number of active admins.
CREATE TABLE guards (
    name     TEXT    NOT NULL CHECK (length(name) <= 50),
    revision INTEGER NOT NULL,
    CONSTRAINT guards_pkey PRIMARY KEY (name)
) STRICT;

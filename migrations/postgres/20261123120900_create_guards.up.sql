-- Rows that a transaction updates first, so that what it then reads holds until it commits: `admins`
-- guards the number of active admins.
CREATE TABLE guards (
    name     varchar(50) NOT NULL,
    revision bigint      NOT NULL,
    CONSTRAINT guards_pkey PRIMARY KEY (name)
);

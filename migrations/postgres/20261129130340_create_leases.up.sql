-- Who does what only one replica does, and until when.
CREATE TABLE leases (
    name        varchar(50) NOT NULL,
    holder      uuid        NOT NULL,
    expire_time timestamptz NOT NULL,
    CONSTRAINT leases_pkey PRIMARY KEY (name)
);

-- An account. Ids and times are made by the service; `revision` rises with each write and is the
-- source of the etag. `email` keeps the bytes as given, `email_key` is the form that must be unique:
-- lower case and NFC, made by the service, compared byte by byte. A deleted account keeps its e-mail
-- until `purge_time`.
CREATE TABLE users (
    id             uuid         NOT NULL,
    email          varchar(320) NOT NULL,
    email_key      varchar(320) COLLATE "C" NOT NULL,
    email_verified boolean      NOT NULL,
    state          varchar(20)  NOT NULL,
    revision       bigint       NOT NULL,
    create_time    timestamptz  NOT NULL,
    update_time    timestamptz  NOT NULL,
    delete_time    timestamptz,
    purge_time     timestamptz,
    CONSTRAINT users_pkey PRIMARY KEY (id),
    CONSTRAINT users_email_key_unique UNIQUE (email_key),
    CONSTRAINT users_state_check CHECK (state IN ('ACTIVE', 'INACTIVE', 'PENDING'))
);

CREATE INDEX users_create_time_idx ON users (create_time, id);

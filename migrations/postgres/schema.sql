-- The schema that the migrations lead to, for reading and for `migrate revision --autogenerate`.
-- Times are UTC; lengths count code points.

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

-- What an account may do beyond its own resources: a row per granted role.
CREATE TABLE user_roles (
    user_id    uuid        NOT NULL,
    role       varchar(20) NOT NULL,
    grant_time timestamptz NOT NULL,
    CONSTRAINT user_roles_pkey PRIMARY KEY (user_id, role),
    CONSTRAINT user_roles_role_check CHECK (role IN ('ADMIN')),
    CONSTRAINT user_roles_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE INDEX user_roles_role_idx ON user_roles (role, user_id);

-- The address of one account, shared with no other. An empty text is an absent one.
CREATE TABLE addresses (
    user_id      uuid         NOT NULL,
    street       varchar(255) NOT NULL,
    number       varchar(20)  NOT NULL,
    complement   varchar(100) NOT NULL,
    neighborhood varchar(100) NOT NULL,
    city         varchar(100) NOT NULL,
    state        varchar(2)   NOT NULL,
    zip_code     varchar(10)  NOT NULL,
    country      varchar(100) NOT NULL,
    CONSTRAINT addresses_pkey PRIMARY KEY (user_id),
    CONSTRAINT addresses_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);

-- The profile of an account that sells. An empty text is an absent one.
CREATE TABLE artisans (
    user_id    uuid          NOT NULL,
    store_name varchar(255)  NOT NULL,
    bio        varchar(1000) NOT NULL,
    phone      varchar(20)   NOT NULL,
    state      varchar(20)   NOT NULL,
    CONSTRAINT artisans_pkey PRIMARY KEY (user_id),
    CONSTRAINT artisans_state_check CHECK (state IN ('ACTIVE', 'PENDING', 'SUSPENDED')),
    CONSTRAINT artisans_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);

-- The profile of an account that buys. An empty text is an absent one.
CREATE TABLE buyers (
    user_id   uuid         NOT NULL,
    full_name varchar(255) NOT NULL,
    phone     varchar(20)  NOT NULL,
    CONSTRAINT buyers_pkey PRIMARY KEY (user_id),
    CONSTRAINT buyers_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);

-- The password of an account, as a PHC string. It stands apart from users, so that no
-- read of a user touches it.
CREATE TABLE credentials (
    user_id       uuid         NOT NULL,
    password_hash varchar(512) NOT NULL,
    update_time   timestamptz  NOT NULL,
    CONSTRAINT credentials_pkey PRIMARY KEY (user_id),
    CONSTRAINT credentials_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);

-- A sign-in, and the family of the refresh tokens that descend from it.
CREATE TABLE sessions (
    id           uuid        NOT NULL,
    user_id      uuid        NOT NULL,
    create_time  timestamptz NOT NULL,
    refresh_time timestamptz NOT NULL,
    expire_time  timestamptz NOT NULL,
    revoke_time  timestamptz,
    CONSTRAINT sessions_pkey PRIMARY KEY (id),
    CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE INDEX sessions_user_id_idx ON sessions (user_id, create_time);

-- The refresh tokens of a session, by their SHA-256. A token is used once: `use_time` and
-- `successor_hash` are set by the rotation, and a second use revokes the session.
CREATE TABLE refresh_tokens (
    token_hash     bytea       NOT NULL,
    session_id     uuid        NOT NULL,
    create_time    timestamptz NOT NULL,
    expire_time    timestamptz NOT NULL,
    use_time       timestamptz,
    successor_hash bytea,
    CONSTRAINT refresh_tokens_pkey PRIMARY KEY (token_hash),
    CONSTRAINT refresh_tokens_session_id_fkey FOREIGN KEY (session_id) REFERENCES sessions (id) ON DELETE CASCADE
);

CREATE INDEX refresh_tokens_session_id_idx ON refresh_tokens (session_id);

-- Rows that a transaction updates first, so that what it then reads holds until it commits: `admins`
-- guards the number of active admins.
CREATE TABLE guards (
    name     varchar(50) NOT NULL,
    revision bigint      NOT NULL,
    CONSTRAINT guards_pkey PRIMARY KEY (name)
);

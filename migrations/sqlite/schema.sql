-- The schema that the migrations lead to, for reading and for `migrate revision --autogenerate`.
-- Ids are 16 raw bytes, times are microseconds since 1970 in UTC, booleans 0 and 1; length() of
-- text counts code points.

-- An account. Ids and times are made by the service; `revision` rises with each write and is the
-- source of the etag. `email` keeps the bytes as given, `email_key` is the form that must be unique:
-- lower case and NFC, made by the service, compared byte by byte. A deleted account keeps its e-mail
-- until `purge_time`.
CREATE TABLE users (
    id             BLOB    NOT NULL CHECK (length(id) = 16),
    email          TEXT    NOT NULL CHECK (length(email) <= 320),
    email_key      TEXT    NOT NULL CHECK (length(email_key) <= 320),
    email_verified INTEGER NOT NULL CHECK (email_verified IN (0, 1)),
    state          TEXT    NOT NULL,
    revision       INTEGER NOT NULL,
    create_time    INTEGER NOT NULL,
    update_time    INTEGER NOT NULL,
    delete_time    INTEGER,
    purge_time     INTEGER,
    CONSTRAINT users_pkey PRIMARY KEY (id),
    CONSTRAINT users_email_key_unique UNIQUE (email_key),
    CONSTRAINT users_state_check CHECK (state IN ('ACTIVE', 'INACTIVE', 'PENDING'))
) STRICT;

CREATE INDEX users_create_time_idx ON users (create_time, id);

-- What an account may do beyond its own resources: a row per granted role.
CREATE TABLE user_roles (
    user_id    BLOB    NOT NULL CHECK (length(user_id) = 16),
    role       TEXT    NOT NULL,
    grant_time INTEGER NOT NULL,
    CONSTRAINT user_roles_pkey PRIMARY KEY (user_id, role),
    CONSTRAINT user_roles_role_check CHECK (role IN ('ADMIN')),
    CONSTRAINT user_roles_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) STRICT;

CREATE INDEX user_roles_role_idx ON user_roles (role, user_id);

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

-- The profile of an account that buys. An empty text is an absent one.
CREATE TABLE buyers (
    user_id   BLOB NOT NULL CHECK (length(user_id) = 16),
    full_name TEXT NOT NULL CHECK (length(full_name) <= 255),
    phone     TEXT NOT NULL CHECK (length(phone) <= 20),
    CONSTRAINT buyers_pkey PRIMARY KEY (user_id),
    CONSTRAINT buyers_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) STRICT;

-- The password of an account, as a PHC string. It stands apart from users, so that no
-- read of a user touches it.
CREATE TABLE credentials (
    user_id       BLOB    NOT NULL CHECK (length(user_id) = 16),
    password_hash TEXT    NOT NULL CHECK (length(password_hash) <= 512),
    update_time   INTEGER NOT NULL,
    CONSTRAINT credentials_pkey PRIMARY KEY (user_id),
    CONSTRAINT credentials_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) STRICT;

-- A sign-in, and the family of the refresh tokens that descend from it.
CREATE TABLE sessions (
    id           BLOB    NOT NULL CHECK (length(id) = 16),
    user_id      BLOB    NOT NULL CHECK (length(user_id) = 16),
    create_time  INTEGER NOT NULL,
    refresh_time INTEGER NOT NULL,
    expire_time  INTEGER NOT NULL,
    revoke_time  INTEGER,
    CONSTRAINT sessions_pkey PRIMARY KEY (id),
    CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) STRICT;

CREATE INDEX sessions_user_id_idx ON sessions (user_id, create_time);

-- The refresh tokens of a session, by their SHA-256. A token is used once: `use_time` and
-- `successor_hash` are set by the rotation, and a second use revokes the session.
CREATE TABLE refresh_tokens (
    token_hash     BLOB    NOT NULL CHECK (length(token_hash) = 32),
    session_id     BLOB    NOT NULL CHECK (length(session_id) = 16),
    create_time    INTEGER NOT NULL,
    expire_time    INTEGER NOT NULL,
    use_time       INTEGER,
    successor_hash BLOB    CHECK (length(successor_hash) = 32),
    CONSTRAINT refresh_tokens_pkey PRIMARY KEY (token_hash),
    CONSTRAINT refresh_tokens_session_id_fkey FOREIGN KEY (session_id) REFERENCES sessions (id) ON DELETE CASCADE
) STRICT;

CREATE INDEX refresh_tokens_session_id_idx ON refresh_tokens (session_id);

-- Rows that a transaction updates first, so that what it then reads holds until it commits: `admins`
-- guards the number of active admins.
CREATE TABLE guards (
    name     TEXT    NOT NULL CHECK (length(name) <= 50),
    revision INTEGER NOT NULL,
    CONSTRAINT guards_pkey PRIMARY KEY (name)
) STRICT;

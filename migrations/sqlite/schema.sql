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
-- guards the number of active admins; the revision of `events` is the last sequence that was given.
CREATE TABLE guards (
    name     TEXT    NOT NULL CHECK (length(name) <= 50),
    revision INTEGER NOT NULL,
    CONSTRAINT guards_pkey PRIMARY KEY (name)
) STRICT;

-- What happened to an account, and who did it: written in the transaction that did it. No e-mail address
-- and no secret stands here; the row outlives the account. `sequence` numbers committed events in one
-- order for all readers, and is given after the commit.
CREATE TABLE user_events (
    id          BLOB    NOT NULL CHECK (length(id) = 16),
    user_id     BLOB    NOT NULL CHECK (length(user_id) = 16),
    kind        TEXT    NOT NULL CHECK (length(kind) <= 50),
    actor_id    BLOB    CHECK (length(actor_id) = 16),
    request_id  TEXT    NOT NULL CHECK (length(request_id) <= 128),
    details     TEXT    NOT NULL CHECK (length(details) <= 2000),
    create_time INTEGER NOT NULL,
    sequence    INTEGER,
    CONSTRAINT user_events_pkey PRIMARY KEY (id),
    CONSTRAINT user_events_sequence_unique UNIQUE (sequence)
) STRICT;

CREATE INDEX user_events_user_id_idx ON user_events (user_id, create_time, id);

-- What a mail gives its reader to show: by its SHA-256, one of a kind for each account, so that a new one
-- replaces the older. Used, it is deleted. `email_key` is the address that it was sent to.
CREATE TABLE account_tokens (
    user_id     BLOB    NOT NULL CHECK (length(user_id) = 16),
    kind        TEXT    NOT NULL,
    token_hash  BLOB    NOT NULL CHECK (length(token_hash) = 32),
    mail_id     BLOB    NOT NULL CHECK (length(mail_id) = 16),
    email_key   TEXT    NOT NULL CHECK (length(email_key) <= 320),
    create_time INTEGER NOT NULL,
    expire_time INTEGER NOT NULL,
    CONSTRAINT account_tokens_pkey PRIMARY KEY (user_id, kind),
    CONSTRAINT account_tokens_token_hash_unique UNIQUE (token_hash),
    CONSTRAINT account_tokens_kind_check CHECK (kind IN ('RESET_PASSWORD', 'VERIFY_EMAIL')),
    CONSTRAINT account_tokens_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) STRICT;

CREATE INDEX account_tokens_expire_time_idx ON account_tokens (expire_time);

-- An address that an account shall have once its owner has shown that mail arrives there. Whether it is free
-- is decided then, by the unique key of users.
CREATE TABLE pending_emails (
    user_id     BLOB    NOT NULL CHECK (length(user_id) = 16),
    email       TEXT    NOT NULL CHECK (length(email) <= 320),
    create_time INTEGER NOT NULL,
    CONSTRAINT pending_emails_pkey PRIMARY KEY (user_id),
    CONSTRAINT pending_emails_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) STRICT;

-- Mails to be sent, written together with what they tell of. `due_time` is when to try next: whoever moves it
-- forward has the mail until then. `seed` is what its token is made of, together with a secret that is not in
-- the database. A mail that was sent is deleted; one that was given up has a `dead_time`.
CREATE TABLE mails (
    id          BLOB    NOT NULL CHECK (length(id) = 16),
    kind        TEXT    NOT NULL CHECK (length(kind) <= 40),
    user_id     BLOB    CHECK (length(user_id) = 16),
    email       TEXT    NOT NULL CHECK (length(email) <= 320),
    seed        BLOB    CHECK (length(seed) = 32),
    create_time INTEGER NOT NULL,
    expire_time INTEGER NOT NULL,
    due_time    INTEGER NOT NULL,
    attempts    INTEGER NOT NULL,
    failure     TEXT    CHECK (length(failure) <= 100),
    dead_time   INTEGER,
    CONSTRAINT mails_pkey PRIMARY KEY (id),
    CONSTRAINT mails_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) STRICT;

CREATE INDEX mails_due_time_idx ON mails (dead_time, due_time);

CREATE INDEX mails_user_id_idx ON mails (user_id);

-- How many mails were asked for since `window_time`, by the SHA-256 of an address or an account.
CREATE TABLE mail_limits (
    subject     BLOB    NOT NULL CHECK (length(subject) = 32),
    window_time INTEGER NOT NULL,
    mails       INTEGER NOT NULL,
    CONSTRAINT mail_limits_pkey PRIMARY KEY (subject)
) STRICT;

CREATE INDEX mail_limits_window_time_idx ON mail_limits (window_time);

-- Lists of users by state, and the users whose time has come to be purged.
CREATE INDEX users_state_idx ON users (state, create_time, id);
CREATE INDEX users_purge_time_idx ON users (purge_time);

-- Lists of users by the name of the shop and by the full name.
CREATE INDEX artisans_store_name_idx ON artisans (store_name, user_id);
CREATE INDEX buyers_full_name_idx ON buyers (full_name, user_id);

-- Lists of users by city and by the state of the address.
CREATE INDEX addresses_city_idx ON addresses (city, user_id);
CREATE INDEX addresses_state_idx ON addresses (state, user_id);

-- Calls that made or changed a user under a request id, and what was answered: the same call again gets
-- the same answer. `key_hash` is of the caller, the method and the id; `fingerprint` is a keyed hash of the
-- request, since a request may hold a password.
CREATE TABLE request_ids (
    key_hash    BLOB    NOT NULL CHECK (length(key_hash) = 32),
    fingerprint BLOB    NOT NULL CHECK (length(fingerprint) = 32),
    user_id     BLOB    NOT NULL CHECK (length(user_id) = 16),
    answer      BLOB    NOT NULL,
    expire_time INTEGER NOT NULL,
    CONSTRAINT request_ids_pkey PRIMARY KEY (key_hash),
    CONSTRAINT request_ids_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) STRICT;

CREATE INDEX request_ids_user_id_idx ON request_ids (user_id);
CREATE INDEX request_ids_expire_time_idx ON request_ids (expire_time);

-- Who does what only one replica does, and until when.
CREATE TABLE leases (
    name        TEXT    NOT NULL CHECK (length(name) <= 50),
    holder      BLOB    NOT NULL CHECK (length(holder) = 16),
    expire_time INTEGER NOT NULL,
    CONSTRAINT leases_pkey PRIMARY KEY (name)
) STRICT;

-- Who has written lately: what a replica must have before it answers them.
CREATE INDEX user_events_actor_id_idx ON user_events (actor_id, create_time);

-- Attempts to sign in that count, by a keyed hash of what they are counted for: an account where they came
-- from, an account, an origin. `user_id` stands where the password was shown from there: an account is known
-- there, and others cannot lock it out.
CREATE TABLE sign_in_attempts (
    subject      BLOB    NOT NULL CHECK (length(subject) = 32),
    user_id      BLOB    CHECK (length(user_id) = 16),
    failures     INTEGER NOT NULL,
    failure_time INTEGER NOT NULL,
    expire_time  INTEGER NOT NULL,
    CONSTRAINT sign_in_attempts_pkey PRIMARY KEY (subject),
    CONSTRAINT sign_in_attempts_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) STRICT;

CREATE INDEX sign_in_attempts_user_id_idx ON sign_in_attempts (user_id);
CREATE INDEX sign_in_attempts_expire_time_idx ON sign_in_attempts (expire_time);

-- Sessions and refresh tokens whose time is over, to be swept.
CREATE INDEX sessions_expire_time_idx ON sessions (expire_time);
CREATE INDEX refresh_tokens_expire_time_idx ON refresh_tokens (expire_time);

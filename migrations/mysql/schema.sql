-- The schema that the migrations lead to, for reading and for `migrate revision --autogenerate`.
-- Runs on MySQL and on MariaDB. Ids are 16 raw bytes, times are UTC; utf8mb4_bin compares text by
-- code point, and both servers have it.

-- An account. Ids and times are made by the service; `revision` rises with each write and is the
-- source of the etag. `email` keeps the bytes as given, `email_key` is the form that must be unique:
-- lower case and NFC, made by the service, compared byte by byte. A deleted account keeps its e-mail
-- until `purge_time`.
CREATE TABLE users (
    id             BINARY(16)   NOT NULL,
    email          VARCHAR(320) NOT NULL,
    email_key      VARCHAR(320) NOT NULL,
    email_verified BOOLEAN      NOT NULL,
    state          VARCHAR(20)  NOT NULL,
    revision       BIGINT       NOT NULL,
    create_time    DATETIME(6)  NOT NULL,
    update_time    DATETIME(6)  NOT NULL,
    delete_time    DATETIME(6),
    purge_time     DATETIME(6),
    PRIMARY KEY (id),
    CONSTRAINT users_email_key_unique UNIQUE (email_key),
    CONSTRAINT users_state_check CHECK (state IN ('ACTIVE', 'INACTIVE', 'PENDING')),
    INDEX users_create_time_idx (create_time, id)
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;

-- What an account may do beyond its own resources: a row per granted role.
CREATE TABLE user_roles (
    user_id    BINARY(16)  NOT NULL,
    role       VARCHAR(20) NOT NULL,
    grant_time DATETIME(6) NOT NULL,
    PRIMARY KEY (user_id, role),
    CONSTRAINT user_roles_role_check CHECK (role IN ('ADMIN')),
    CONSTRAINT user_roles_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    INDEX user_roles_role_idx (role, user_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;

-- The address of one account, shared with no other. An empty text is an absent one.
CREATE TABLE addresses (
    user_id      BINARY(16)   NOT NULL,
    street       VARCHAR(255) NOT NULL,
    number       VARCHAR(20)  NOT NULL,
    complement   VARCHAR(100) NOT NULL,
    neighborhood VARCHAR(100) NOT NULL,
    city         VARCHAR(100) NOT NULL,
    state        VARCHAR(2)   NOT NULL,
    zip_code     VARCHAR(10)  NOT NULL,
    country      VARCHAR(100) NOT NULL,
    PRIMARY KEY (user_id),
    CONSTRAINT addresses_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;

-- The profile of an account that sells. An empty text is an absent one.
CREATE TABLE artisans (
    user_id    BINARY(16)    NOT NULL,
    store_name VARCHAR(255)  NOT NULL,
    bio        VARCHAR(1000) NOT NULL,
    phone      VARCHAR(20)   NOT NULL,
    state      VARCHAR(20)   NOT NULL,
    PRIMARY KEY (user_id),
    CONSTRAINT artisans_state_check CHECK (state IN ('ACTIVE', 'PENDING', 'SUSPENDED')),
    CONSTRAINT artisans_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;

-- The profile of an account that buys. An empty text is an absent one.
CREATE TABLE buyers (
    user_id   BINARY(16)   NOT NULL,
    full_name VARCHAR(255) NOT NULL,
    phone     VARCHAR(20)  NOT NULL,
    PRIMARY KEY (user_id),
    CONSTRAINT buyers_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;

-- The password of an account, as a PHC string. It stands apart from users, so that no
-- read of a user touches it.
CREATE TABLE credentials (
    user_id       BINARY(16)   NOT NULL,
    password_hash VARCHAR(512) NOT NULL,
    update_time   DATETIME(6)  NOT NULL,
    PRIMARY KEY (user_id),
    CONSTRAINT credentials_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;

-- A sign-in, and the family of the refresh tokens that descend from it.
CREATE TABLE sessions (
    id           BINARY(16)  NOT NULL,
    user_id      BINARY(16)  NOT NULL,
    create_time  DATETIME(6) NOT NULL,
    refresh_time DATETIME(6) NOT NULL,
    expire_time  DATETIME(6) NOT NULL,
    revoke_time  DATETIME(6),
    PRIMARY KEY (id),
    CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    INDEX sessions_user_id_idx (user_id, create_time)
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;

-- The refresh tokens of a session, by their SHA-256. A token is used once: `use_time` and
-- `successor_hash` are set by the rotation, and a second use revokes the session.
CREATE TABLE refresh_tokens (
    token_hash     BINARY(32)  NOT NULL,
    session_id     BINARY(16)  NOT NULL,
    create_time    DATETIME(6) NOT NULL,
    expire_time    DATETIME(6) NOT NULL,
    use_time       DATETIME(6),
    successor_hash BINARY(32),
    PRIMARY KEY (token_hash),
    CONSTRAINT refresh_tokens_session_id_fkey FOREIGN KEY (session_id) REFERENCES sessions (id) ON DELETE CASCADE,
    INDEX refresh_tokens_session_id_idx (session_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;

-- Rows that a transaction updates first, so that what it then reads holds until it commits: `admins`
-- guards the number of active admins; the revision of `events` is the last sequence that was given.
CREATE TABLE guards (
    name     VARCHAR(50) NOT NULL,
    revision BIGINT      NOT NULL,
    PRIMARY KEY (name)
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;

-- What happened to an account, and who did it: written in the transaction that did it. No e-mail address
-- and no secret stands here; the row outlives the account. `sequence` numbers committed events in one
-- order for all readers, and is given after the commit.
CREATE TABLE user_events (
    id          BINARY(16)    NOT NULL,
    user_id     BINARY(16)    NOT NULL,
    kind        VARCHAR(50)   NOT NULL,
    actor_id    BINARY(16),
    request_id  VARCHAR(128)  NOT NULL,
    details     VARCHAR(2000) NOT NULL,
    create_time DATETIME(6)   NOT NULL,
    sequence    BIGINT,
    PRIMARY KEY (id),
    CONSTRAINT user_events_sequence_unique UNIQUE (sequence),
    INDEX user_events_user_id_idx (user_id, create_time, id)
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;

-- What a mail gives its reader to show: by its SHA-256, one of a kind for each account, so that a new one
-- replaces the older. Used, it is deleted. `email_key` is the address that it was sent to.
CREATE TABLE account_tokens (
    user_id     BINARY(16)   NOT NULL,
    kind        VARCHAR(20)  NOT NULL,
    token_hash  BINARY(32)   NOT NULL,
    mail_id     BINARY(16)   NOT NULL,
    email_key   VARCHAR(320) NOT NULL,
    create_time DATETIME(6)  NOT NULL,
    expire_time DATETIME(6)  NOT NULL,
    PRIMARY KEY (user_id, kind),
    CONSTRAINT account_tokens_token_hash_unique UNIQUE (token_hash),
    CONSTRAINT account_tokens_kind_check CHECK (kind IN ('RESET_PASSWORD', 'VERIFY_EMAIL')),
    CONSTRAINT account_tokens_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    INDEX account_tokens_expire_time_idx (expire_time)
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;

-- An address that an account shall have once its owner has shown that mail arrives there. Whether it is free
-- is decided then, by the unique key of users.
CREATE TABLE pending_emails (
    user_id     BINARY(16)   NOT NULL,
    email       VARCHAR(320) NOT NULL,
    create_time DATETIME(6)  NOT NULL,
    PRIMARY KEY (user_id),
    CONSTRAINT pending_emails_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;

-- Mails to be sent, written together with what they tell of. `due_time` is when to try next: whoever moves it
-- forward has the mail until then. `seed` is what its token is made of, together with a secret that is not in
-- the database. A mail that was sent is deleted; one that was given up has a `dead_time`.
CREATE TABLE mails (
    id          BINARY(16)   NOT NULL,
    kind        VARCHAR(40)  NOT NULL,
    user_id     BINARY(16),
    email       VARCHAR(320) NOT NULL,
    seed        BINARY(32),
    create_time DATETIME(6)  NOT NULL,
    expire_time DATETIME(6)  NOT NULL,
    due_time    DATETIME(6)  NOT NULL,
    attempts    BIGINT       NOT NULL,
    failure     VARCHAR(100),
    dead_time   DATETIME(6),
    PRIMARY KEY (id),
    CONSTRAINT mails_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    INDEX mails_due_time_idx (dead_time, due_time),
    INDEX mails_user_id_idx (user_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;

-- How many mails were asked for since `window_time`, by the SHA-256 of an address or an account.
CREATE TABLE mail_limits (
    subject     BINARY(32)  NOT NULL,
    window_time DATETIME(6) NOT NULL,
    mails       BIGINT      NOT NULL,
    PRIMARY KEY (subject),
    INDEX mail_limits_window_time_idx (window_time)
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;

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
    key_hash    BINARY(32)  NOT NULL,
    fingerprint BINARY(32)  NOT NULL,
    user_id     BINARY(16)  NOT NULL,
    answer      BLOB        NOT NULL,
    expire_time DATETIME(6) NOT NULL,
    PRIMARY KEY (key_hash),
    CONSTRAINT request_ids_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    INDEX request_ids_user_id_idx (user_id),
    INDEX request_ids_expire_time_idx (expire_time)
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;

-- Who does what only one replica does, and until when.
CREATE TABLE leases (
    name        VARCHAR(50) NOT NULL,
    holder      BINARY(16)  NOT NULL,
    expire_time DATETIME(6) NOT NULL,
    PRIMARY KEY (name)
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;

-- Who has written lately: what a replica must have before it answers them.
CREATE INDEX user_events_actor_id_idx ON user_events (actor_id, create_time);

-- Attempts to sign in that count, by a keyed hash of what they are counted for: an account where they came
-- from, an account, an origin. `user_id` stands where the password was shown from there: an account is known
-- there, and others cannot lock it out.
CREATE TABLE sign_in_attempts (
    subject      BINARY(32)  NOT NULL,
    user_id      BINARY(16),
    failures     BIGINT      NOT NULL,
    failure_time DATETIME(6) NOT NULL,
    expire_time  DATETIME(6) NOT NULL,
    PRIMARY KEY (subject),
    CONSTRAINT sign_in_attempts_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    INDEX sign_in_attempts_user_id_idx (user_id),
    INDEX sign_in_attempts_expire_time_idx (expire_time)
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;

-- Sessions and refresh tokens whose time is over, to be swept.
CREATE INDEX sessions_expire_time_idx ON sessions (expire_time);
CREATE INDEX refresh_tokens_expire_time_idx ON refresh_tokens (expire_time);

-- Attempts to sign in that count, by a keyed hash of what they are counted for: an account where they came
-- from, an account, an origin. `user_id` stands where the password was shown from there: an account is known
-- there, and others cannot lock it out.
CREATE TABLE sign_in_attempts (
    subject      bytea       NOT NULL,
    user_id      uuid,
    failures     bigint      NOT NULL,
    failure_time timestamptz NOT NULL,
    expire_time  timestamptz NOT NULL,
    CONSTRAINT sign_in_attempts_pkey PRIMARY KEY (subject),
    CONSTRAINT sign_in_attempts_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE INDEX sign_in_attempts_user_id_idx ON sign_in_attempts (user_id);
CREATE INDEX sign_in_attempts_expire_time_idx ON sign_in_attempts (expire_time);

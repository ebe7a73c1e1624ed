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

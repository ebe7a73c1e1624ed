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

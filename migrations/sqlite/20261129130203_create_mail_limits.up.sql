-- How many mails were asked for since `window_time`, by the SHA-256 of an address or an account.
CREATE TABLE mail_limits (
    subject     BLOB    NOT NULL CHECK (length(subject) = 32),
    window_time INTEGER NOT NULL,
    mails       INTEGER NOT NULL,
    CONSTRAINT mail_limits_pkey PRIMARY KEY (subject)
) STRICT;

CREATE INDEX mail_limits_window_time_idx ON mail_limits (window_time);

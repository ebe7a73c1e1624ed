-- How many mails were asked for since `window_time`, by the SHA-256 of an address or an account.
CREATE TABLE mail_limits (
    subject     bytea       NOT NULL,
    window_time timestamptz NOT NULL,
    mails       bigint      NOT NULL,
    CONSTRAINT mail_limits_pkey PRIMARY KEY (subject)
);

CREATE INDEX mail_limits_window_time_idx ON mail_limits (window_time);

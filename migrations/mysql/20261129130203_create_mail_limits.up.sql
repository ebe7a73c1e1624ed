-- How many mails were asked for since `window_time`, by the SHA-256 of an address or an account.
CREATE TABLE mail_limits (
    subject     BINARY(32)  NOT NULL,
    window_time DATETIME(6) NOT NULL,
    mails       BIGINT      NOT NULL,
    PRIMARY KEY (subject),
    INDEX mail_limits_window_time_idx (window_time)
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;

-- Who does what only one replica does, and until when.
CREATE TABLE leases (
    name        VARCHAR(50) NOT NULL,
    holder      BINARY(16)  NOT NULL,
    expire_time DATETIME(6) NOT NULL,
    PRIMARY KEY (name)
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;

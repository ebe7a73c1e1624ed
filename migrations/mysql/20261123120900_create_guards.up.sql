-- Rows that a transaction updates first, so that what it then reads holds until it commits: `admins`
-- guards the number of active admins.
CREATE TABLE guards (
    name     VARCHAR(50) NOT NULL,
    revision BIGINT      NOT NULL,
    PRIMARY KEY (name)
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;

-- The address of one account, shared with no other. An empty text is an absent one.
CREATE TABLE addresses (
    user_id      uuid         NOT NULL,
    street       varchar(255) NOT NULL,
    number       varchar(20)  NOT NULL,
    complement   varchar(100) NOT NULL,
    neighborhood varchar(100) NOT NULL,
    city         varchar(100) NOT NULL,
    state        varchar(2)   NOT NULL,
    zip_code     varchar(10)  NOT NULL,
    country      varchar(100) NOT NULL,
    CONSTRAINT addresses_pkey PRIMARY KEY (user_id),
    CONSTRAINT addresses_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);

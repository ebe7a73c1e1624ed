-- The profile of an account that buys. An empty text is an absent one.
CREATE TABLE buyers (
    user_id   uuid         NOT NULL,
    full_name varchar(255) NOT NULL,
    phone     varchar(20)  NOT NULL,
    CONSTRAINT buyers_pkey PRIMARY KEY (user_id),
    CONSTRAINT buyers_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);

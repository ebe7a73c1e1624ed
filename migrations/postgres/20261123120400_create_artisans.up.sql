-- The profile of an account that sells. An empty text is an absent one.
CREATE TABLE artisans (
    user_id    uuid          NOT NULL,
    store_name varchar(255)  NOT NULL,
    bio        varchar(1000) NOT NULL,
    phone      varchar(20)   NOT NULL,
    state      varchar(20)   NOT NULL,
    CONSTRAINT artisans_pkey PRIMARY KEY (user_id),
    CONSTRAINT artisans_state_check CHECK (state IN ('ACTIVE', 'PENDING', 'SUSPENDED')),
    CONSTRAINT artisans_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);

-- What an account may do beyond its own resources: a row per granted role.
CREATE TABLE user_roles (
    user_id    uuid        NOT NULL,
    role       varchar(20) NOT NULL,
    grant_time timestamptz NOT NULL,
    CONSTRAINT user_roles_pkey PRIMARY KEY (user_id, role),
    CONSTRAINT user_roles_role_check CHECK (role IN ('ADMIN')),
    CONSTRAINT user_roles_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE INDEX user_roles_role_idx ON user_roles (role, user_id);

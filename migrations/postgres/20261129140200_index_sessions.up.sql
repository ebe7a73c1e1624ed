-- Sessions and refresh tokens whose time is over, to be swept.
-- lint:allow PG101 nothing was released before: no table is large yet
CREATE INDEX sessions_expire_time_idx ON sessions (expire_time);
-- lint:allow PG101 nothing was released before: no table is large yet
CREATE INDEX refresh_tokens_expire_time_idx ON refresh_tokens (expire_time);

-- Sessions and refresh tokens whose time is over, to be swept.
CREATE INDEX sessions_expire_time_idx ON sessions (expire_time);
CREATE INDEX refresh_tokens_expire_time_idx ON refresh_tokens (expire_time);

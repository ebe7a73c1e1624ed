DROP INDEX refresh_tokens_expire_time_idx ON refresh_tokens;
DROP INDEX sessions_expire_time_idx ON sessions;

DROP INDEX users_purge_time_idx ON users;
DROP INDEX users_state_idx ON users;

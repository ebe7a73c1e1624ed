-- Lists of users by state, and the users whose time has come to be purged.
CREATE INDEX users_state_idx ON users (state, create_time, id);
CREATE INDEX users_purge_time_idx ON users (purge_time);

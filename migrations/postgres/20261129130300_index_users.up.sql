-- Lists of users by state, and the users whose time has come to be purged.
-- lint:allow PG101 nothing was released before: no table is large yet
CREATE INDEX users_state_idx ON users (state, create_time, id);
-- lint:allow PG101 nothing was released before: no table is large yet
CREATE INDEX users_purge_time_idx ON users (purge_time);

DROP INDEX users_purge_time_idx;
DROP INDEX users_state_idx;

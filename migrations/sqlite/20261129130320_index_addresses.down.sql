DROP INDEX addresses_state_idx;
DROP INDEX addresses_city_idx;

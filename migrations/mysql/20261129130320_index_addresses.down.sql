DROP INDEX addresses_state_idx ON addresses;
DROP INDEX addresses_city_idx ON addresses;

-- Lists of users by city and by the state of the address.
CREATE INDEX addresses_city_idx ON addresses (city, user_id);
CREATE INDEX addresses_state_idx ON addresses (state, user_id);

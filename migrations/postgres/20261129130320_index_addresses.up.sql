-- Lists of users by city and by the state of the address.
-- In the order of code points, which a prefix is a range of.
-- lint:allow PG101 nothing was released before: no table is large yet
CREATE INDEX addresses_city_idx ON addresses (city COLLATE "C", user_id);
-- lint:allow PG101 nothing was released before: no table is large yet
CREATE INDEX addresses_state_idx ON addresses (state COLLATE "C", user_id);

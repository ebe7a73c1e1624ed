-- Lists of users by the name of the shop and by the full name.
-- In the order of code points, which a prefix is a range of.
-- lint:allow PG101 nothing was released before: no table is large yet
CREATE INDEX artisans_store_name_idx ON artisans (store_name COLLATE "C", user_id);
-- lint:allow PG101 nothing was released before: no table is large yet
CREATE INDEX buyers_full_name_idx ON buyers (full_name COLLATE "C", user_id);

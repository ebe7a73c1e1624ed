-- Lists of users by the name of the shop and by the full name.
CREATE INDEX artisans_store_name_idx ON artisans (store_name, user_id);
CREATE INDEX buyers_full_name_idx ON buyers (full_name, user_id);

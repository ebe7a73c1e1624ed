DROP INDEX buyers_full_name_idx ON buyers;
DROP INDEX artisans_store_name_idx ON artisans;

DROP INDEX buyers_full_name_idx;
DROP INDEX artisans_store_name_idx;

DROP INDEX user_events_actor_id_idx;

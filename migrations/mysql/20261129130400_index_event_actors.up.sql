-- Who has written lately: what a replica must have before it answers them.
CREATE INDEX user_events_actor_id_idx ON user_events (actor_id, create_time);

-- Who has written lately: what a replica must have before it answers them.
-- lint:allow PG101 nothing was released before: no table is large yet
CREATE INDEX user_events_actor_id_idx ON user_events (actor_id, create_time);

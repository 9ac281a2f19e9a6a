-- What belongs together for a caller. Unknown for calls from before.
ALTER TABLE spans ADD COLUMN IF NOT EXISTS session_id String CODEC(ZSTD(1)) AFTER user_id;

-- From now on `stored_at` is when a row was inserted, by this server's clock: what was marked for deletion before a content
-- came again must not take the newer row with it, and a merge keeps the newest.
ALTER TABLE contents MODIFY COLUMN stored_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') CODEC(Delta, ZSTD(1));

-- What a deletion under way is about: calls and contents by name. A job's partition is dropped when it ends.
CREATE TABLE IF NOT EXISTS erasures
(
    project_id LowCardinality(String),
    job_id String,
    kind LowCardinality(String),
    trace_id String,
    span_id String,
    digest String,
    request_id String,
    started_at DateTime64(9, 'UTC')
)
ENGINE = MergeTree
PARTITION BY job_id
ORDER BY (project_id, kind, trace_id, span_id, digest);

-- Parts that were written anew without what was deleted leave the disk soon, on every server alike.
ALTER TABLE spans MODIFY SETTING old_parts_lifetime = 5, cleanup_delay_period = 5, max_cleanup_delay_period = 10, cleanup_delay_period_random_add = 1;
ALTER TABLE contents MODIFY SETTING old_parts_lifetime = 5, cleanup_delay_period = 5, max_cleanup_delay_period = 10, cleanup_delay_period_random_add = 1;
ALTER TABLE trace_index MODIFY SETTING old_parts_lifetime = 5, cleanup_delay_period = 5, max_cleanup_delay_period = 10, cleanup_delay_period_random_add = 1;
ALTER TABLE repriced MODIFY SETTING old_parts_lifetime = 5, cleanup_delay_period = 5, max_cleanup_delay_period = 10, cleanup_delay_period_random_add = 1;

-- How often something changed in which hour of a project: every insert into `spans` counts, by whatever way it came, and so
-- does what is deleted. What was added up of an hour holds as long as nothing changed since.
CREATE TABLE IF NOT EXISTS hour_changes
(
    project_id LowCardinality(String),
    hour DateTime('UTC') CODEC(Delta, ZSTD(1)),
    changes SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    last_at SimpleAggregateFunction(max, DateTime64(3, 'UTC')) CODEC(ZSTD(1))
)
ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(hour)
ORDER BY (project_id, hour)
SETTINGS index_granularity = 1024, old_parts_lifetime = 1, cleanup_delay_period = 5, max_cleanup_delay_period = 10, cleanup_delay_period_random_add = 1, min_compressed_bytes_to_fsync_after_merge = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS hour_changes_noted TO hour_changes AS
SELECT project_id, toStartOfHour(started_at) AS hour, count() AS changes, now64(3, 'UTC') AS last_at
FROM spans GROUP BY project_id, hour;

-- What was added up, and after how many changes. The newest counts.
CREATE TABLE IF NOT EXISTS hour_builds
(
    project_id LowCardinality(String),
    hour DateTime('UTC') CODEC(Delta, ZSTD(1)),
    build UInt64 CODEC(ZSTD(1)),
    changes UInt64 CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree(build)
PARTITION BY toYYYYMM(hour)
ORDER BY (project_id, hour)
SETTINGS index_granularity = 1024, old_parts_lifetime = 1, cleanup_delay_period = 5, max_cleanup_delay_period = 10, cleanup_delay_period_random_add = 1, min_compressed_bytes_to_fsync_after_merge = 1;

-- Sums by model, by user and by prompt: each family has every call in it once. A row belongs to the build that wrote it.
CREATE TABLE IF NOT EXISTS hour_sums
(
    project_id LowCardinality(String),
    family LowCardinality(String),
    at DateTime('UTC') CODEC(Delta, ZSTD(1)),
    build UInt64 CODEC(ZSTD(1)),
    mode LowCardinality(String),
    environment LowCardinality(String),
    provider LowCardinality(String),
    model LowCardinality(String),
    user_id String CODEC(ZSTD(1)),
    prompt_name LowCardinality(String),
    prompt_version LowCardinality(String),
    prompt_digest String CODEC(ZSTD(1)),
    calls UInt64 CODEC(T64, ZSTD(1)),
    failed UInt64 CODEC(T64, ZSTD(1)),
    nanos Int64 CODEC(T64, ZSTD(1)),
    input_tokens UInt64 CODEC(T64, ZSTD(1)),
    output_tokens UInt64 CODEC(T64, ZSTD(1)),
    cache_read_tokens UInt64 CODEC(T64, ZSTD(1)),
    took_us UInt64 CODEC(T64, ZSTD(1)),
    first_at DateTime64(9, 'UTC') CODEC(Delta, ZSTD(1)),
    last_at DateTime64(9, 'UTC') CODEC(Delta, ZSTD(1)),
    last_trace String CODEC(ZSTD(1)),
    last_span String CODEC(ZSTD(1)),
    traces AggregateFunction(uniq, String) CODEC(ZSTD(1)),
    sessions AggregateFunction(uniq, String) CODEC(ZSTD(1)),
    latency AggregateFunction(quantileTDigest, UInt64) CODEC(ZSTD(1)),
    ttft AggregateFunction(quantileTDigest, UInt64) CODEC(ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(at)
ORDER BY (project_id, family, at, user_id, prompt_name, model)
SETTINGS index_granularity = 8192, old_parts_lifetime = 1, cleanup_delay_period = 5, max_cleanup_delay_period = 10, cleanup_delay_period_random_add = 1, min_compressed_bytes_to_fsync_after_merge = 1;

-- Of what is there already nothing is added up yet: every hour with spans counts as changed.
INSERT INTO hour_changes (project_id, hour, changes, last_at)
SELECT project_id, toStartOfHour(started_at) AS hour, count(), now64(3, 'UTC') FROM spans GROUP BY project_id, hour;

-- Users and sessions are looked for in lists. What is there already is indexed as parts are merged.
ALTER TABLE spans
    ADD INDEX IF NOT EXISTS users user_id TYPE bloom_filter(0.01) GRANULARITY 1,
    ADD INDEX IF NOT EXISTS sessions session_id TYPE bloom_filter(0.01) GRANULARITY 1;

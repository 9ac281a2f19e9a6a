-- Sums of hours in smaller granules, since the ends of a stretch are few hours, and of prompts once more whatever the model was. All
-- of it is added up anew; until an hour's turn comes, its spans are read.
DROP TABLE IF EXISTS hour_sums SYNC;
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
    models Array(LowCardinality(String)) CODEC(ZSTD(1)),
    traces AggregateFunction(uniq, String) CODEC(ZSTD(1)),
    sessions AggregateFunction(uniq, String) CODEC(ZSTD(1)),
    latency AggregateFunction(quantileTDigest, UInt64) CODEC(ZSTD(1)),
    ttft AggregateFunction(quantileTDigest, UInt64) CODEC(ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(at)
ORDER BY (project_id, family, at, user_id, prompt_name, model)
SETTINGS index_granularity = 512, old_parts_lifetime = 1, cleanup_delay_period = 5, max_cleanup_delay_period = 10,
    cleanup_delay_period_random_add = 1, min_compressed_bytes_to_fsync_after_merge = 1, min_compress_block_size = 16384;

-- Sums of days in a table of their own, by whom they are of: a list of users reads those it shows, not all of a day.
CREATE TABLE IF NOT EXISTS day_sums AS hour_sums
ENGINE = MergeTree
PARTITION BY toYYYYMM(at)
ORDER BY (project_id, family, user_id, prompt_name, at, model)
SETTINGS index_granularity = 512, old_parts_lifetime = 1, cleanup_delay_period = 5, max_cleanup_delay_period = 10,
    cleanup_delay_period_random_add = 1, min_compressed_bytes_to_fsync_after_merge = 1, min_compress_block_size = 16384;

TRUNCATE TABLE day_builds;
TRUNCATE TABLE hour_builds;

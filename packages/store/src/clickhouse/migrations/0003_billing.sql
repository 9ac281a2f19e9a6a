-- What decides a cost beside the tokens, so that a call can be priced again: the queue that answered, the place, the
-- tools that ran, the sound that was heard, and whether the counts are our own. Unknown for calls from before.
ALTER TABLE spans
    ADD COLUMN IF NOT EXISTS input_cache_read_audio Nullable(UInt64) CODEC(T64, ZSTD(1)) AFTER input_cache_read,
    ADD COLUMN IF NOT EXISTS input_cache_read_image Nullable(UInt64) CODEC(T64, ZSTD(1)) AFTER input_cache_read_audio,
    ADD COLUMN IF NOT EXISTS service_tier LowCardinality(String) AFTER output_image,
    ADD COLUMN IF NOT EXISTS geo LowCardinality(String) AFTER service_tier,
    ADD COLUMN IF NOT EXISTS tool_uses String CODEC(ZSTD(1)) AFTER geo,
    ADD COLUMN IF NOT EXISTS sound_ms Nullable(UInt64) CODEC(T64, ZSTD(1)) AFTER tool_uses,
    ADD COLUMN IF NOT EXISTS usage_estimated Nullable(Bool) AFTER sound_ms;

-- What pricing calls again changed, span by span: the figures before and after. A batch is written here whole before any
-- of its spans changes, so that one that was interrupted is finished as it began.
CREATE TABLE IF NOT EXISTS repriced
(
    project_id LowCardinality(String),
    repricing_id String CODEC(ZSTD(1)),
    batch UInt32 CODEC(Delta, ZSTD(1)),
    trace_id String CODEC(ZSTD(1)),
    span_id String CODEC(ZSTD(1)),
    started_at DateTime64(9, 'UTC') CODEC(Delta, ZSTD(1)),
    version UInt64 CODEC(Delta, ZSTD(1)),
    cost_nanos Int64 CODEC(T64, ZSTD(1)),
    cost_label LowCardinality(String),
    price_version LowCardinality(String),
    before_nanos Int64 CODEC(T64, ZSTD(1)),
    before_label LowCardinality(String),
    before_price_version LowCardinality(String)
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (project_id, repricing_id, batch, trace_id, span_id)
SETTINGS index_granularity = 1024, non_replicated_deduplication_window = 10000;

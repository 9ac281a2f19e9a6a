-- Spans that come from outside, beside the gateway's own. `source` says from whom, `type` what a span is.
ALTER TABLE spans
    ADD COLUMN IF NOT EXISTS source LowCardinality(String) DEFAULT 'gateway' AFTER kind,
    ADD COLUMN IF NOT EXISTS type LowCardinality(String) DEFAULT 'generation' AFTER source,
    ADD COLUMN IF NOT EXISTS service LowCardinality(String) AFTER environment,
    ADD COLUMN IF NOT EXISTS release LowCardinality(String) AFTER service,
    ADD COLUMN IF NOT EXISTS trace_name LowCardinality(String) AFTER name,
    ADD COLUMN IF NOT EXISTS prompt_name LowCardinality(String) AFTER tags,
    ADD COLUMN IF NOT EXISTS prompt_version LowCardinality(String) AFTER prompt_name,
    ADD COLUMN IF NOT EXISTS prompt_digest String CODEC(ZSTD(1)) AFTER prompt_version,
    ADD COLUMN IF NOT EXISTS tool_name LowCardinality(String) AFTER prompt_digest,
    ADD COLUMN IF NOT EXISTS finish_reason LowCardinality(String) AFTER tool_name,
    -- Of the gateway's own row of the same call; empty where there is none.
    ADD COLUMN IF NOT EXISTS gateway_request_id String CODEC(ZSTD(1)) AFTER request_id,
    -- What the sender says it cost; kept beside our own figure.
    ADD COLUMN IF NOT EXISTS given_cost_nanos Nullable(Int64) CODEC(T64, ZSTD(1)) AFTER price_version,
    -- JSON of counts by type of what was taken out before it was stored; empty when nothing was.
    ADD COLUMN IF NOT EXISTS redactions String CODEC(ZSTD(1)) AFTER capture,
    -- What was received, as JSON text with the same placeholders as `request`; empty for the gateway's own.
    ADD COLUMN IF NOT EXISTS attributes String CODEC(ZSTD(3)) AFTER reply,
    -- By which convention and which version of our mapping the columns were filled.
    ADD COLUMN IF NOT EXISTS convention LowCardinality(String) AFTER attributes,
    ADD COLUMN IF NOT EXISTS mapping_version UInt16 CODEC(T64, ZSTD(1)) AFTER convention,
    ADD COLUMN IF NOT EXISTS received_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)) AFTER mapping_version,
    -- A call of the gateway is looked for by its id where a sender names it.
    ADD INDEX IF NOT EXISTS request_ids request_id TYPE bloom_filter(0.01) GRANULARITY 1;

-- Judgements about traces, spans and sessions.
CREATE TABLE IF NOT EXISTS scores
(
    project_id LowCardinality(String),
    trace_id String CODEC(ZSTD(1)),
    span_id String CODEC(ZSTD(1)),
    session_id String CODEC(ZSTD(1)),
    score_id String CODEC(ZSTD(1)),
    version UInt64 CODEC(Delta, ZSTD(1)),
    name LowCardinality(String),
    value Nullable(Float64) CODEC(ZSTD(1)),
    text_value String CODEC(ZSTD(1)),
    comment String CODEC(ZSTD(3)),
    source LowCardinality(String),
    author String CODEC(ZSTD(1)),
    at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1))
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (project_id, trace_id, score_id)
SETTINGS index_granularity = 1024, non_replicated_deduplication_window = 10000, old_parts_lifetime = 1, cleanup_delay_period = 5, max_cleanup_delay_period = 10, cleanup_delay_period_random_add = 1, min_compressed_bytes_to_fsync_after_merge = 1;

-- What senders say that they lost before it reached us, and what was refused here.
CREATE TABLE IF NOT EXISTS ingest_losses
(
    project_id LowCardinality(String),
    key_id LowCardinality(String),
    source LowCardinality(String),
    sdk LowCardinality(String),
    reason LowCardinality(String),
    spans UInt64 CODEC(T64, ZSTD(1)),
    at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(at)
ORDER BY (project_id, at)
SETTINGS index_granularity = 1024, non_replicated_deduplication_window = 10000, old_parts_lifetime = 1, cleanup_delay_period = 5, max_cleanup_delay_period = 10, cleanup_delay_period_random_add = 1, min_compressed_bytes_to_fsync_after_merge = 1;

-- Which call of the gateway stands behind which span of a caller: the two are one call, and the gateway's is priced.
CREATE TABLE IF NOT EXISTS gateway_calls
(
    project_id LowCardinality(String),
    trace_id String CODEC(ZSTD(1)),
    parent_span_id String CODEC(ZSTD(1)),
    request_id String CODEC(ZSTD(1)),
    started_at DateTime64(9, 'UTC') CODEC(Delta, ZSTD(1))
)
ENGINE = ReplacingMergeTree
ORDER BY (project_id, trace_id, parent_span_id, request_id)
SETTINGS index_granularity = 1024, non_replicated_deduplication_window = 10000, old_parts_lifetime = 1, cleanup_delay_period = 5, max_cleanup_delay_period = 10, cleanup_delay_period_random_add = 1, min_compressed_bytes_to_fsync_after_merge = 1;

-- The same the other way round: spans whose sender names the call of the gateway.
CREATE TABLE IF NOT EXISTS gateway_claims
(
    project_id LowCardinality(String),
    request_id String CODEC(ZSTD(1)),
    trace_id String CODEC(ZSTD(1)),
    span_id String CODEC(ZSTD(1)),
    started_at DateTime64(9, 'UTC') CODEC(Delta, ZSTD(1))
)
ENGINE = ReplacingMergeTree
ORDER BY (project_id, request_id, trace_id, span_id)
SETTINGS index_granularity = 1024, non_replicated_deduplication_window = 10000, old_parts_lifetime = 1, cleanup_delay_period = 5, max_cleanup_delay_period = 10, cleanup_delay_period_random_add = 1, min_compressed_bytes_to_fsync_after_merge = 1;

-- Spans that come in parts: what each part says. A span's row is written from all of them whenever one more came.
CREATE TABLE IF NOT EXISTS span_parts
(
    project_id LowCardinality(String),
    trace_id String CODEC(ZSTD(1)),
    span_id String CODEC(ZSTD(1)),
    part_at UInt64 CODEC(Delta, ZSTD(1)),
    part_id String CODEC(ZSTD(1)),
    row String CODEC(ZSTD(3))
)
ENGINE = ReplacingMergeTree
ORDER BY (project_id, trace_id, span_id, part_at, part_id)
SETTINGS index_granularity = 1024, non_replicated_deduplication_window = 10000, old_parts_lifetime = 1, cleanup_delay_period = 5, max_cleanup_delay_period = 10, cleanup_delay_period_random_add = 1, min_compressed_bytes_to_fsync_after_merge = 1;

-- What a load touched, until what belongs together is joined.
CREATE TABLE IF NOT EXISTS load_touched
(
    token String,
    project_id LowCardinality(String),
    what LowCardinality(String),
    trace_id String,
    span_id String,
    request_id String,
    loaded_at DateTime('UTC') DEFAULT now('UTC')
)
ENGINE = MergeTree
ORDER BY (token, project_id, what, trace_id)
TTL loaded_at + INTERVAL 1 HOUR
SETTINGS index_granularity = 1024, non_replicated_deduplication_window = 1000, old_parts_lifetime = 1, cleanup_delay_period = 5, max_cleanup_delay_period = 10, cleanup_delay_period_random_add = 1, min_compressed_bytes_to_fsync_after_merge = 1;

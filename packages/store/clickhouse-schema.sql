-- Written by `npm run schema`.

CREATE TABLE contents
(
    `project_id` LowCardinality(String),
    `digest` String CODEC(ZSTD(1)),
    `content` String CODEC(ZSTD(3)),
    `stored_at` DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    INDEX content_grams lowerUTF8(content) TYPE ngrambf_v1(4, 16384, 1, 0) GRANULARITY 1
)
ENGINE = ReplacingMergeTree(stored_at)
ORDER BY (project_id, digest)
SETTINGS index_granularity = 256, non_replicated_deduplication_window = 10000, old_parts_lifetime = 1, cleanup_delay_period = 5, max_cleanup_delay_period = 10, cleanup_delay_period_random_add = 1, min_compressed_bytes_to_fsync_after_merge = 1, merge_selector_base = 10;

CREATE TABLE day_builds
(
    `project_id` LowCardinality(String),
    `day` DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
    `build` UInt64 CODEC(ZSTD(1)),
    `changes` UInt64 CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree(build)
PARTITION BY toYYYYMM(day)
ORDER BY (project_id, day)
SETTINGS index_granularity = 1024, old_parts_lifetime = 1, cleanup_delay_period = 5, max_cleanup_delay_period = 10, cleanup_delay_period_random_add = 1, min_compressed_bytes_to_fsync_after_merge = 1;

CREATE TABLE day_sums
(
    `project_id` LowCardinality(String),
    `family` LowCardinality(String),
    `at` DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
    `build` UInt64 CODEC(ZSTD(1)),
    `mode` LowCardinality(String),
    `environment` LowCardinality(String),
    `provider` LowCardinality(String),
    `model` LowCardinality(String),
    `user_id` String CODEC(ZSTD(1)),
    `prompt_name` LowCardinality(String),
    `prompt_version` LowCardinality(String),
    `prompt_digest` String CODEC(ZSTD(1)),
    `calls` UInt64 CODEC(T64, ZSTD(1)),
    `failed` UInt64 CODEC(T64, ZSTD(1)),
    `nanos` Int64 CODEC(T64, ZSTD(1)),
    `input_tokens` UInt64 CODEC(T64, ZSTD(1)),
    `output_tokens` UInt64 CODEC(T64, ZSTD(1)),
    `cache_read_tokens` UInt64 CODEC(T64, ZSTD(1)),
    `took_us` UInt64 CODEC(T64, ZSTD(1)),
    `first_at` DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
    `last_at` DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
    `last_trace` String CODEC(ZSTD(1)),
    `last_span` String CODEC(ZSTD(1)),
    `models` Array(LowCardinality(String)) CODEC(ZSTD(1)),
    `traces` AggregateFunction(uniq, String) CODEC(ZSTD(1)),
    `sessions` AggregateFunction(uniq, String) CODEC(ZSTD(1)),
    `latency` AggregateFunction(quantileTDigest, UInt64) CODEC(ZSTD(1)),
    `ttft` AggregateFunction(quantileTDigest, UInt64) CODEC(ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(at)
ORDER BY (project_id, family, user_id, prompt_name, at, model)
SETTINGS index_granularity = 512, old_parts_lifetime = 1, cleanup_delay_period = 5, max_cleanup_delay_period = 10, cleanup_delay_period_random_add = 1, min_compressed_bytes_to_fsync_after_merge = 1, min_compress_block_size = 16384;

CREATE TABLE erasures
(
    `project_id` LowCardinality(String),
    `job_id` String,
    `kind` LowCardinality(String),
    `trace_id` String,
    `span_id` String,
    `digest` String,
    `request_id` String,
    `started_at` DateTime64(9, 'UTC')
)
ENGINE = MergeTree
PARTITION BY job_id
ORDER BY (project_id, kind, trace_id, span_id, digest)
SETTINGS index_granularity = 8192;

CREATE TABLE gateway_calls
(
    `project_id` LowCardinality(String),
    `trace_id` String CODEC(ZSTD(1)),
    `parent_span_id` String CODEC(ZSTD(1)),
    `request_id` String CODEC(ZSTD(1)),
    `started_at` DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1))
)
ENGINE = ReplacingMergeTree
ORDER BY (project_id, trace_id, parent_span_id, request_id)
SETTINGS index_granularity = 1024, non_replicated_deduplication_window = 10000, old_parts_lifetime = 1, cleanup_delay_period = 5, max_cleanup_delay_period = 10, cleanup_delay_period_random_add = 1, min_compressed_bytes_to_fsync_after_merge = 1;

CREATE TABLE gateway_claims
(
    `project_id` LowCardinality(String),
    `request_id` String CODEC(ZSTD(1)),
    `trace_id` String CODEC(ZSTD(1)),
    `span_id` String CODEC(ZSTD(1)),
    `started_at` DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1))
)
ENGINE = ReplacingMergeTree
ORDER BY (project_id, request_id, trace_id, span_id)
SETTINGS index_granularity = 1024, non_replicated_deduplication_window = 10000, old_parts_lifetime = 1, cleanup_delay_period = 5, max_cleanup_delay_period = 10, cleanup_delay_period_random_add = 1, min_compressed_bytes_to_fsync_after_merge = 1;

CREATE TABLE hour_builds
(
    `project_id` LowCardinality(String),
    `hour` DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
    `build` UInt64 CODEC(ZSTD(1)),
    `changes` UInt64 CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree(build)
PARTITION BY toYYYYMM(hour)
ORDER BY (project_id, hour)
SETTINGS index_granularity = 1024, old_parts_lifetime = 1, cleanup_delay_period = 5, max_cleanup_delay_period = 10, cleanup_delay_period_random_add = 1, min_compressed_bytes_to_fsync_after_merge = 1;

CREATE TABLE hour_changes
(
    `project_id` LowCardinality(String),
    `hour` DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
    `changes` SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    `last_at` SimpleAggregateFunction(max, DateTime64(3, 'UTC')) CODEC(ZSTD(1))
)
ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(hour)
ORDER BY (project_id, hour)
SETTINGS index_granularity = 1024, old_parts_lifetime = 1, cleanup_delay_period = 5, max_cleanup_delay_period = 10, cleanup_delay_period_random_add = 1, min_compressed_bytes_to_fsync_after_merge = 1;

CREATE MATERIALIZED VIEW hour_changes_noted TO hour_changes
(
    `project_id` LowCardinality(String),
    `hour` DateTime('UTC'),
    `changes` UInt64,
    `last_at` DateTime64(3, 'UTC')
)
AS SELECT
    project_id,
    toStartOfHour(started_at) AS hour,
    count() AS changes,
    now64(3, 'UTC') AS last_at
FROM spans
GROUP BY
    project_id,
    hour;

CREATE TABLE hour_sums
(
    `project_id` LowCardinality(String),
    `family` LowCardinality(String),
    `at` DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
    `build` UInt64 CODEC(ZSTD(1)),
    `mode` LowCardinality(String),
    `environment` LowCardinality(String),
    `provider` LowCardinality(String),
    `model` LowCardinality(String),
    `user_id` String CODEC(ZSTD(1)),
    `prompt_name` LowCardinality(String),
    `prompt_version` LowCardinality(String),
    `prompt_digest` String CODEC(ZSTD(1)),
    `calls` UInt64 CODEC(T64, ZSTD(1)),
    `failed` UInt64 CODEC(T64, ZSTD(1)),
    `nanos` Int64 CODEC(T64, ZSTD(1)),
    `input_tokens` UInt64 CODEC(T64, ZSTD(1)),
    `output_tokens` UInt64 CODEC(T64, ZSTD(1)),
    `cache_read_tokens` UInt64 CODEC(T64, ZSTD(1)),
    `took_us` UInt64 CODEC(T64, ZSTD(1)),
    `first_at` DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
    `last_at` DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
    `last_trace` String CODEC(ZSTD(1)),
    `last_span` String CODEC(ZSTD(1)),
    `models` Array(LowCardinality(String)) CODEC(ZSTD(1)),
    `traces` AggregateFunction(uniq, String) CODEC(ZSTD(1)),
    `sessions` AggregateFunction(uniq, String) CODEC(ZSTD(1)),
    `latency` AggregateFunction(quantileTDigest, UInt64) CODEC(ZSTD(1)),
    `ttft` AggregateFunction(quantileTDigest, UInt64) CODEC(ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(at)
ORDER BY (project_id, family, at, user_id, prompt_name, model)
SETTINGS index_granularity = 512, old_parts_lifetime = 1, cleanup_delay_period = 5, max_cleanup_delay_period = 10, cleanup_delay_period_random_add = 1, min_compressed_bytes_to_fsync_after_merge = 1, min_compress_block_size = 16384;

CREATE TABLE ingest_losses
(
    `project_id` LowCardinality(String),
    `key_id` LowCardinality(String),
    `source` LowCardinality(String),
    `sdk` LowCardinality(String),
    `reason` LowCardinality(String),
    `spans` UInt64 CODEC(T64, ZSTD(1)),
    `at` DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(at)
ORDER BY (project_id, at)
SETTINGS index_granularity = 1024, non_replicated_deduplication_window = 10000, old_parts_lifetime = 1, cleanup_delay_period = 5, max_cleanup_delay_period = 10, cleanup_delay_period_random_add = 1, min_compressed_bytes_to_fsync_after_merge = 1;

CREATE TABLE load_touched
(
    `token` String,
    `project_id` LowCardinality(String),
    `what` LowCardinality(String),
    `trace_id` String,
    `span_id` String,
    `request_id` String,
    `loaded_at` DateTime('UTC') DEFAULT now('UTC')
)
ENGINE = MergeTree
ORDER BY (token, project_id, what, trace_id)
TTL loaded_at + toIntervalHour(1)
SETTINGS index_granularity = 1024, non_replicated_deduplication_window = 1000, old_parts_lifetime = 1, cleanup_delay_period = 5, max_cleanup_delay_period = 10, cleanup_delay_period_random_add = 1, min_compressed_bytes_to_fsync_after_merge = 1;

CREATE TABLE repriced
(
    `project_id` LowCardinality(String),
    `repricing_id` String CODEC(ZSTD(1)),
    `batch` UInt32 CODEC(Delta(4), ZSTD(1)),
    `trace_id` String CODEC(ZSTD(1)),
    `span_id` String CODEC(ZSTD(1)),
    `started_at` DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
    `version` UInt64 CODEC(Delta(8), ZSTD(1)),
    `cost_nanos` Int64 CODEC(T64, ZSTD(1)),
    `cost_label` LowCardinality(String),
    `price_version` LowCardinality(String),
    `before_nanos` Int64 CODEC(T64, ZSTD(1)),
    `before_label` LowCardinality(String),
    `before_price_version` LowCardinality(String)
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (project_id, repricing_id, batch, trace_id, span_id)
SETTINGS index_granularity = 1024, non_replicated_deduplication_window = 10000, old_parts_lifetime = 1, cleanup_delay_period = 5, max_cleanup_delay_period = 10, cleanup_delay_period_random_add = 1, min_compressed_bytes_to_fsync_after_merge = 1;

CREATE TABLE schema_migrations
(
    `name` String,
    `digest` String,
    `applied_at` DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree
ORDER BY name
SETTINGS non_replicated_deduplication_window = 100, index_granularity = 8192;

CREATE TABLE scores
(
    `project_id` LowCardinality(String),
    `trace_id` String CODEC(ZSTD(1)),
    `span_id` String CODEC(ZSTD(1)),
    `session_id` String CODEC(ZSTD(1)),
    `score_id` String CODEC(ZSTD(1)),
    `version` UInt64 CODEC(Delta(8), ZSTD(1)),
    `name` LowCardinality(String),
    `value` Nullable(Float64) CODEC(ZSTD(1)),
    `text_value` String CODEC(ZSTD(1)),
    `comment` String CODEC(ZSTD(3)),
    `source` LowCardinality(String),
    `author` String CODEC(ZSTD(1)),
    `at` DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1))
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (project_id, trace_id, score_id)
SETTINGS index_granularity = 1024, non_replicated_deduplication_window = 10000, old_parts_lifetime = 1, cleanup_delay_period = 5, max_cleanup_delay_period = 10, cleanup_delay_period_random_add = 1, min_compressed_bytes_to_fsync_after_merge = 1;

CREATE TABLE span_parts
(
    `project_id` LowCardinality(String),
    `trace_id` String CODEC(ZSTD(1)),
    `span_id` String CODEC(ZSTD(1)),
    `part_at` UInt64 CODEC(Delta(8), ZSTD(1)),
    `part_id` String CODEC(ZSTD(1)),
    `row` String CODEC(ZSTD(3))
)
ENGINE = ReplacingMergeTree
ORDER BY (project_id, trace_id, span_id, part_at, part_id)
SETTINGS index_granularity = 1024, non_replicated_deduplication_window = 10000, old_parts_lifetime = 1, cleanup_delay_period = 5, max_cleanup_delay_period = 10, cleanup_delay_period_random_add = 1, min_compressed_bytes_to_fsync_after_merge = 1;

CREATE TABLE spans
(
    `organization_id` LowCardinality(String),
    `project_id` LowCardinality(String),
    `trace_id` String CODEC(ZSTD(1)),
    `span_id` String CODEC(ZSTD(1)),
    `parent_span_id` String CODEC(ZSTD(1)),
    `version` UInt64 CODEC(Delta(8), ZSTD(1)),
    `kind` LowCardinality(String),
    `source` LowCardinality(String) DEFAULT 'gateway',
    `type` LowCardinality(String) DEFAULT 'generation',
    `name` LowCardinality(String),
    `trace_name` LowCardinality(String),
    `request_id` String CODEC(ZSTD(1)),
    `gateway_request_id` String CODEC(ZSTD(1)),
    `key_id` LowCardinality(String),
    `mode` LowCardinality(String),
    `environment` LowCardinality(String),
    `service` LowCardinality(String),
    `release` LowCardinality(String),
    `user_id` String CODEC(ZSTD(1)),
    `session_id` String CODEC(ZSTD(1)),
    `route` LowCardinality(String),
    `dialect` LowCardinality(String),
    `stream` Bool,
    `started_at` DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
    `ended_at` DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
    `duration_us` UInt64 CODEC(T64, ZSTD(1)),
    `ttft_us` Nullable(UInt64) CODEC(T64, ZSTD(1)),
    `status` UInt16 CODEC(T64, ZSTD(1)),
    `outcome` LowCardinality(String),
    `error_code` LowCardinality(String),
    `error_message` String CODEC(ZSTD(1)),
    `provider` LowCardinality(String),
    `model` LowCardinality(String),
    `model_asked` LowCardinality(String),
    `credential` LowCardinality(String),
    `tags` Array(LowCardinality(String)) CODEC(ZSTD(1)),
    `prompt_name` LowCardinality(String),
    `prompt_version` LowCardinality(String),
    `prompt_digest` String CODEC(ZSTD(1)),
    `tool_name` LowCardinality(String),
    `finish_reason` LowCardinality(String),
    `limit_refused` LowCardinality(String),
    `limit_refused_name` LowCardinality(String),
    `limit_routed` LowCardinality(String),
    `limit_routed_name` LowCardinality(String),
    `output_cap` Nullable(UInt64) CODEC(T64, ZSTD(1)),
    `input_fresh` Nullable(UInt64) CODEC(T64, ZSTD(1)),
    `input_cache_read` Nullable(UInt64) CODEC(T64, ZSTD(1)),
    `input_cache_read_audio` Nullable(UInt64) CODEC(T64, ZSTD(1)),
    `input_cache_read_image` Nullable(UInt64) CODEC(T64, ZSTD(1)),
    `input_cache_write` Nullable(UInt64) CODEC(T64, ZSTD(1)),
    `input_cache_write_1h` Nullable(UInt64) CODEC(T64, ZSTD(1)),
    `input_audio` Nullable(UInt64) CODEC(T64, ZSTD(1)),
    `input_image` Nullable(UInt64) CODEC(T64, ZSTD(1)),
    `output_text` Nullable(UInt64) CODEC(T64, ZSTD(1)),
    `output_thinking` Nullable(UInt64) CODEC(T64, ZSTD(1)),
    `output_audio` Nullable(UInt64) CODEC(T64, ZSTD(1)),
    `output_image` Nullable(UInt64) CODEC(T64, ZSTD(1)),
    `service_tier` LowCardinality(String),
    `geo` LowCardinality(String),
    `tool_uses` String CODEC(ZSTD(1)),
    `sound_ms` Nullable(UInt64) CODEC(T64, ZSTD(1)),
    `usage_estimated` Nullable(Bool),
    `cost_nanos` Int64 CODEC(T64, ZSTD(1)),
    `cost_label` LowCardinality(String),
    `price_version` LowCardinality(String),
    `given_cost_nanos` Nullable(Int64) CODEC(T64, ZSTD(1)),
    `losses` String CODEC(ZSTD(1)),
    `capture` LowCardinality(String),
    `redactions` String CODEC(ZSTD(1)),
    `request` String CODEC(ZSTD(3)),
    `reply` String CODEC(ZSTD(3)),
    `attributes` String CODEC(ZSTD(3)),
    `convention` LowCardinality(String),
    `mapping_version` UInt16 CODEC(T64, ZSTD(1)),
    `received_at` DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    `content_digests` Array(String) CODEC(ZSTD(1)),
    `input_preview` String CODEC(ZSTD(1)),
    `output_preview` String CODEC(ZSTD(1)),
    `search_text` String MATERIALIZED lowerUTF8(concat(trace_id, '\n', request_id, '\n', model, '\n', model_asked, '\n', error_code, '\n', error_message, '\n', if(source = 'otlp', '', concat(input_preview, '\n', output_preview, '\n')), name, '\n', trace_name, '\n', user_id, '\n', session_id, '\n', service, '\n', release, '\n', prompt_name, '\n', tool_name, '\n', gateway_request_id, '\n', arrayStringConcat(tags, ' '), '\n', substring(attributes, 1, 8192))) CODEC(ZSTD(1)),
    INDEX request_ids request_id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX content_digests_bloom content_digests TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX users user_id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX sessions session_id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX search_pieces search_text TYPE ngrambf_v1(4, 65536, 1, 0) GRANULARITY 8
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY toYYYYMM(started_at)
ORDER BY (project_id, toStartOfHour(started_at), trace_id, span_id)
SETTINGS index_granularity = 1024, non_replicated_deduplication_window = 10000, old_parts_lifetime = 1, cleanup_delay_period = 5, max_cleanup_delay_period = 10, cleanup_delay_period_random_add = 1, min_compressed_bytes_to_fsync_after_merge = 1, min_bytes_for_wide_part = 134217728, min_compress_block_size = 16384, merge_selector_base = 10;

CREATE TABLE trace_index
(
    `project_id` LowCardinality(String),
    `trace_id` String CODEC(ZSTD(1)),
    `first_at` SimpleAggregateFunction(min, DateTime64(9, 'UTC')) CODEC(ZSTD(1)),
    `last_at` SimpleAggregateFunction(max, DateTime64(9, 'UTC')) CODEC(ZSTD(1)),
    `first_token` SimpleAggregateFunction(min, String) CODEC(ZSTD(1)),
    `last_token` SimpleAggregateFunction(max, String) CODEC(ZSTD(1))
)
ENGINE = AggregatingMergeTree
ORDER BY (project_id, trace_id)
SETTINGS index_granularity = 128, non_replicated_deduplication_window = 10000, old_parts_lifetime = 1, cleanup_delay_period = 5, max_cleanup_delay_period = 10, cleanup_delay_period_random_add = 1, min_compressed_bytes_to_fsync_after_merge = 1, min_compress_block_size = 4096;

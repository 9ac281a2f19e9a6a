-- Lines of a list lie far apart: of each a granule of many columns is read. Granules are an eighth of what they were, and blocks of
-- compressed bytes a quarter. That cannot be altered, so parts move to a new table, as they are, without being written anew, and
-- each gets finer when it is merged. Until the names are exchanged `spans` is the table that has everything, and what an
-- earlier try left is dropped first.
DROP TABLE IF EXISTS spans_finer SYNC;
CREATE TABLE IF NOT EXISTS spans_finer
(
    organization_id LowCardinality(String),
    project_id LowCardinality(String),
    trace_id String CODEC(ZSTD(1)),
    span_id String CODEC(ZSTD(1)),
    parent_span_id String CODEC(ZSTD(1)),
    version UInt64 CODEC(Delta, ZSTD(1)),
    kind LowCardinality(String),
    source LowCardinality(String) DEFAULT 'gateway',
    type LowCardinality(String) DEFAULT 'generation',
    name LowCardinality(String),
    trace_name LowCardinality(String),
    request_id String CODEC(ZSTD(1)),
    gateway_request_id String CODEC(ZSTD(1)),
    key_id LowCardinality(String),
    mode LowCardinality(String),
    environment LowCardinality(String),
    service LowCardinality(String),
    release LowCardinality(String),
    user_id String CODEC(ZSTD(1)),
    session_id String CODEC(ZSTD(1)),
    route LowCardinality(String),
    dialect LowCardinality(String),
    stream Bool,
    started_at DateTime64(9, 'UTC') CODEC(Delta, ZSTD(1)),
    ended_at DateTime64(9, 'UTC') CODEC(Delta, ZSTD(1)),
    duration_us UInt64 CODEC(T64, ZSTD(1)),
    ttft_us Nullable(UInt64) CODEC(T64, ZSTD(1)),
    status UInt16 CODEC(T64, ZSTD(1)),
    outcome LowCardinality(String),
    error_code LowCardinality(String),
    error_message String CODEC(ZSTD(1)),
    provider LowCardinality(String),
    model LowCardinality(String),
    model_asked LowCardinality(String),
    credential LowCardinality(String),
    tags Array(LowCardinality(String)) CODEC(ZSTD(1)),
    prompt_name LowCardinality(String),
    prompt_version LowCardinality(String),
    prompt_digest String CODEC(ZSTD(1)),
    tool_name LowCardinality(String),
    finish_reason LowCardinality(String),
    limit_refused LowCardinality(String),
    limit_refused_name LowCardinality(String),
    limit_routed LowCardinality(String),
    limit_routed_name LowCardinality(String),
    output_cap Nullable(UInt64) CODEC(T64, ZSTD(1)),
    input_fresh Nullable(UInt64) CODEC(T64, ZSTD(1)),
    input_cache_read Nullable(UInt64) CODEC(T64, ZSTD(1)),
    input_cache_read_audio Nullable(UInt64) CODEC(T64, ZSTD(1)),
    input_cache_read_image Nullable(UInt64) CODEC(T64, ZSTD(1)),
    input_cache_write Nullable(UInt64) CODEC(T64, ZSTD(1)),
    input_cache_write_1h Nullable(UInt64) CODEC(T64, ZSTD(1)),
    input_audio Nullable(UInt64) CODEC(T64, ZSTD(1)),
    input_image Nullable(UInt64) CODEC(T64, ZSTD(1)),
    output_text Nullable(UInt64) CODEC(T64, ZSTD(1)),
    output_thinking Nullable(UInt64) CODEC(T64, ZSTD(1)),
    output_audio Nullable(UInt64) CODEC(T64, ZSTD(1)),
    output_image Nullable(UInt64) CODEC(T64, ZSTD(1)),
    service_tier LowCardinality(String),
    geo LowCardinality(String),
    tool_uses String CODEC(ZSTD(1)),
    sound_ms Nullable(UInt64) CODEC(T64, ZSTD(1)),
    usage_estimated Nullable(Bool),
    cost_nanos Int64 CODEC(T64, ZSTD(1)),
    cost_label LowCardinality(String),
    price_version LowCardinality(String),
    given_cost_nanos Nullable(Int64) CODEC(T64, ZSTD(1)),
    losses String CODEC(ZSTD(1)),
    capture LowCardinality(String),
    redactions String CODEC(ZSTD(1)),
    request String CODEC(ZSTD(3)),
    reply String CODEC(ZSTD(3)),
    attributes String CODEC(ZSTD(3)),
    convention LowCardinality(String),
    mapping_version UInt16 CODEC(T64, ZSTD(1)),
    received_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    content_digests Array(String) CODEC(ZSTD(1)),
    input_preview String CODEC(ZSTD(1)),
    output_preview String CODEC(ZSTD(1)),
    search_text String MATERIALIZED lowerUTF8(concat(trace_id, '\n', request_id, '\n', model, '\n', model_asked, '\n',
        error_code, '\n', error_message, '\n',
        if(source = 'otlp', '', concat(input_preview, '\n', output_preview, '\n')),
        name, '\n', trace_name, '\n', user_id, '\n', session_id, '\n', service, '\n', release, '\n', prompt_name, '\n',
        tool_name, '\n', gateway_request_id, '\n', arrayStringConcat(tags, ' '), '\n', substring(attributes, 1, 8192)))
        CODEC(ZSTD(1)),
    INDEX request_ids request_id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX content_digests_bloom content_digests TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX users user_id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX sessions session_id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX search_pieces search_text TYPE ngrambf_v1(4, 65536, 1, 0) GRANULARITY 8
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY toYYYYMM(started_at)
ORDER BY (project_id, toStartOfHour(started_at), trace_id, span_id)
SETTINGS index_granularity = 1024, non_replicated_deduplication_window = 10000, old_parts_lifetime = 1,
    cleanup_delay_period = 5, max_cleanup_delay_period = 10, cleanup_delay_period_random_add = 1,
    min_compressed_bytes_to_fsync_after_merge = 1, min_bytes_for_wide_part = 134217728,
    min_compress_block_size = 16384;
-- What is being deleted has to be gone from the parts that move. Indexes that are being made can be made afterwards.
KILL MUTATION WHERE database = currentDatabase() AND table = 'spans' AND command LIKE '%MATERIALIZE INDEX%' SYNC;
ALTER TABLE spans DROP INDEX IF EXISTS search_grams;
ALTER TABLE spans DELETE WHERE 0 SETTINGS mutations_sync = 1;
ALTER TABLE spans_finer ATTACH PARTITION ALL FROM spans;
EXCHANGE TABLES spans AND spans_finer;
-- What another server stored in between. A row that moved already is the same version once more.
INSERT INTO spans SELECT * FROM spans_finer WHERE _part IN (SELECT name FROM system.parts
    WHERE database = currentDatabase() AND table = 'spans_finer' AND active AND level <= 1 AND modification_time >=
      (SELECT min(modification_time) FROM system.parts WHERE database = currentDatabase() AND table = 'spans' AND active));
DROP TABLE IF EXISTS spans_finer SYNC;
-- What is stored already is indexed in the background.
ALTER TABLE spans MATERIALIZE INDEX users;
ALTER TABLE spans MATERIALIZE INDEX sessions;
ALTER TABLE spans MATERIALIZE INDEX content_digests_bloom;
ALTER TABLE spans MATERIALIZE INDEX search_pieces;

-- Traces are looked up by ids that lie anywhere: of each a granule is read. The same way as the spans went to smaller ones.
DROP TABLE IF EXISTS trace_index_finer SYNC;
CREATE TABLE IF NOT EXISTS trace_index_finer
(
    project_id LowCardinality(String),
    trace_id String CODEC(ZSTD(1)),
    first_at SimpleAggregateFunction(min, DateTime64(9, 'UTC')) CODEC(ZSTD(1)),
    last_at SimpleAggregateFunction(max, DateTime64(9, 'UTC')) CODEC(ZSTD(1)),
    first_token SimpleAggregateFunction(min, String) CODEC(ZSTD(1)),
    last_token SimpleAggregateFunction(max, String) CODEC(ZSTD(1))
)
ENGINE = AggregatingMergeTree
ORDER BY (project_id, trace_id)
SETTINGS index_granularity = 128, non_replicated_deduplication_window = 10000, old_parts_lifetime = 1,
    cleanup_delay_period = 5, max_cleanup_delay_period = 10, cleanup_delay_period_random_add = 1,
    min_compressed_bytes_to_fsync_after_merge = 1, min_compress_block_size = 4096;
ALTER TABLE trace_index DELETE WHERE 0 SETTINGS mutations_sync = 1;
ALTER TABLE trace_index_finer ATTACH PARTITION ALL FROM trace_index;
EXCHANGE TABLES trace_index AND trace_index_finer;
-- What another server stored in between. Of a row that moved already the same holds once more.
INSERT INTO trace_index SELECT * FROM trace_index_finer WHERE _part IN (SELECT name FROM system.parts
    WHERE database = currentDatabase() AND table = 'trace_index_finer' AND active AND level <= 1 AND modification_time >=
      (SELECT min(modification_time) FROM system.parts WHERE database = currentDatabase() AND table = 'trace_index' AND active));
DROP TABLE IF EXISTS trace_index_finer SYNC;

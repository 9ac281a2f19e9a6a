-- Sums of days, made of those of their hours: what adds up months reads a twentieth of the rows. A day holds as long as the changes
-- of its hours together are as many as when it was added up.
CREATE TABLE IF NOT EXISTS day_builds
(
    project_id LowCardinality(String),
    day DateTime('UTC') CODEC(Delta, ZSTD(1)),
    build UInt64 CODEC(ZSTD(1)),
    changes UInt64 CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree(build)
PARTITION BY toYYYYMM(day)
ORDER BY (project_id, day)
SETTINGS index_granularity = 1024, old_parts_lifetime = 1, cleanup_delay_period = 5, max_cleanup_delay_period = 10, cleanup_delay_period_random_add = 1, min_compressed_bytes_to_fsync_after_merge = 1;

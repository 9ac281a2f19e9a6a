-- What a call was labelled with, what limits did to it, and which of the provider's keys answered. Unknown for calls from
-- before. Names are those that the limits had at that time: a limit may be renamed or deleted, its traces stay readable.
ALTER TABLE spans
    ADD COLUMN IF NOT EXISTS credential LowCardinality(String) AFTER model_asked,
    ADD COLUMN IF NOT EXISTS tags Array(LowCardinality(String)) CODEC(ZSTD(1)) AFTER credential,
    ADD COLUMN IF NOT EXISTS limit_refused LowCardinality(String) AFTER tags,
    ADD COLUMN IF NOT EXISTS limit_refused_name LowCardinality(String) AFTER limit_refused,
    ADD COLUMN IF NOT EXISTS limit_routed LowCardinality(String) AFTER limit_refused_name,
    ADD COLUMN IF NOT EXISTS limit_routed_name LowCardinality(String) AFTER limit_routed,
    ADD COLUMN IF NOT EXISTS output_cap Nullable(UInt64) CODEC(T64, ZSTD(1)) AFTER limit_routed_name;

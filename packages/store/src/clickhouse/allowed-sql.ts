/**
 * Every SQL function and setting that this package may use on ClickHouse. What is on this list is known to work on
 * the embedded engine and on a server; a test reads every statement and fails on anything else.
 */
export const allowedFunctions: ReadonlySet<string> = new Set([
  'concat',
  'count',
  'arrayJoin',
  'countIf',
  'currentDatabase',
  'formatQuery',
  'fromUnixTimestamp64Nano',
  'has',
  'ifNull',
  'intDiv',
  'lowerUTF8',
  'max',
  'min',
  'quantileTDigest',
  'quantileTDigestIf',
  'splitByChar',
  'sum',
  'sumIf',
  'toStartOfHour',
  'toUInt32',
  'toUnixTimestamp',
  'toUnixTimestamp64Nano',
  'toYYYYMM',
]);

/** Types, codecs, engines and words that are followed by a parenthesis as functions are. */
export const allowedTypes: ReadonlySet<string> = new Set([
  'AND',
  'Array',
  'BY',
  'CODEC',
  'DateTime64',
  'FROM',
  'IN',
  'LowCardinality',
  'JOIN',
  'Nullable',
  'OR',
  'OVER',
  'REPLACE',
  'ReplacingMergeTree',
  'SimpleAggregateFunction',
  'ZSTD',
  'ngrambf_v1',
]);

export const allowedSettings: ReadonlySet<string> = new Set([
  'date_time_input_format',
  'date_time_output_format',
  'do_not_merge_across_partitions_select_final',
  'index_granularity',
  'input_format_skip_unknown_fields',
  'insert_deduplicate',
  'insert_deduplication_token',
  'max_execution_time',
  'max_memory_usage',
  'max_result_bytes',
  'max_result_rows',
  'non_replicated_deduplication_window',
  'output_format_json_quote_64bit_integers',
  'readonly',
]);

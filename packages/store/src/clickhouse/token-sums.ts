/** What of the tokens that went in came from a cache. */
export const cacheReadTokens = [
  'input_cache_read',
  'input_cache_read_audio',
  'input_cache_read_image',
] as const;

/** The disjoint classes of tokens that went in. */
export const inputTokens = [
  'input_fresh',
  ...cacheReadTokens,
  'input_cache_write',
  'input_cache_write_1h',
  'input_audio',
  'input_image',
] as const;

/** The disjoint classes of tokens that came out. */
export const outputTokens = ['output_text', 'output_thinking', 'output_audio', 'output_image'] as const;

/** SQL that adds up columns of one row, of `table` where several meet; a count that a provider did not tell adds nothing. */
export const addUp = (columns: readonly string[], table = ''): string =>
  columns.map((column) => `ifNull(${table}${column}, 0)`).join(' + ');

/** The same over many rows. */
export const sumOf = (columns: readonly string[]): string => `sum(${addUp(columns)})`;

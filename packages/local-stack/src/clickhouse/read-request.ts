import type { IncomingHttpHeaders } from 'node:http';
import { queryLimits } from './engine-config.ts';
import { EngineError } from './engine-error.ts';

/** What a request's address and headers say. The SQL is `query`, or else the body. */
export interface BridgeRequest {
  query: string;
  queryId: string | undefined;
  database: string | undefined;
  /** Values of `param_<name>`, still in TSV escaping. */
  parameters: Map<string, string>;
  /** Engine settings, the limits among them always present and within their bounds. */
  settings: Record<string, string>;
  defaultFormat: string;
  wantsGzip: boolean;
}

/**
 * Reads the query string of ClickHouse's HTTP interface (https://clickhouse.com/docs/interfaces/http): known names,
 * `param_<name>`, and any other name as a setting. Throws an EngineError for what this engine cannot do.
 */
export function readRequest(url: URL, headers: IncomingHttpHeaders): BridgeRequest {
  const parameters = new Map<string, string>();
  const asked: Record<string, string> = {};
  for (const [name, value] of url.searchParams) {
    if (name.startsWith('param_')) parameters.set(name.slice('param_'.length), value);
    else if (refused.has(name))
      throw new EngineError(48, 'NOT_IMPLEMENTED', `${name} is not supported here.`);
    else if (!known.has(name)) asked[readSettingName(name)] = value;
  }
  const isZipped = url.searchParams.get('enable_http_compression') === '1';
  const text = (name: string) => url.searchParams.get(name) || undefined;
  return {
    query: text('query') ?? '',
    queryId: text('query_id'),
    database: text('database'),
    parameters,
    settings: { ...asked, ...boundLimits(asked) },
    defaultFormat: readFormat(
      text('default_format') ?? headerText(headers['x-clickhouse-format']) ?? 'TabSeparated',
    ),
    wantsGzip: isZipped && /\bgzip\b/.test(headerText(headers['accept-encoding']) ?? ''),
  };
}

function readSettingName(name: string): string {
  if (/^[A-Za-z]\w{0,99}$/.test(name)) return name;
  throw new EngineError(115, 'UNKNOWN_SETTING', 'A setting has a name that cannot exist.');
}

function readFormat(name: string): string {
  if (/^\w{1,60}$/.test(name)) return name;
  throw new EngineError(73, 'UNKNOWN_FORMAT', 'The default format has a name that cannot exist.');
}

function boundLimits(asked: Record<string, string>): Record<string, string> {
  const { executionSecondsDefault, executionSecondsMax, memoryBytesDefault, memoryBytesMax } = queryLimits;
  return {
    max_execution_time: bound(asked.max_execution_time, executionSecondsDefault, executionSecondsMax),
    max_memory_usage: bound(asked.max_memory_usage, memoryBytesDefault, memoryBytesMax),
  };
}

/** Zero means "no limit" to the engine, which here is the most that may be had. */
function bound(asked: string | undefined, byDefault: number, max: number): string {
  if (asked === undefined) return String(byDefault);
  const value = Number(asked);
  if (asked.trim() === '' || !Number.isFinite(value) || value < 0) {
    throw new EngineError(72, 'CANNOT_PARSE_NUMBER', 'A limit is not a number.');
  }
  return String(value === 0 ? max : Math.min(Math.max(value, 1), max));
}

const headerText = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value[0] : value;

const refused = new Set(['session_id', 'role']);

/** Names that are no settings of a query here: read above, or without meaning on a local socket. */
const known = new Set([
  'query',
  'query_id',
  'database',
  'default_format',
  'enable_http_compression',
  'user',
  'password',
  'quota_key',
  'compress',
  'decompress',
  'session_timeout',
  'session_check',
  'wait_end_of_query',
  'buffer_size',
  'send_progress_in_http_headers',
  'http_headers_progress_interval_ms',
  'http_zlib_compression_level',
  'cancel_http_readonly_queries_on_client_close',
  'client_protocol_version',
  'stacktrace',
  'log_comment',
  // Inserts are always written before they are acknowledged.
  'async_insert',
  'wait_for_async_insert',
]);

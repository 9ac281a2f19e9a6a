import type { TraceSearch } from '@app/contract';
import { nanosOf } from '../nanos.ts';
import type { Filter } from './compile-filter.ts';

/** Columns that are compared as they are, and labels of which one has to be the same. */
const equals = {
  model: 'model = {model:String}',
  provider: 'provider = {provider:String}',
  mode: 'mode = {mode:String}',
  environment: 'environment = {environment:String}',
  key_id: 'key_id = {key_id:String}',
  user_id: 'user_id = {user_id:String}',
  session: 'session_id = {session:String}',
  tag: 'has(tags, {tag:String})',
  limit_id: 'limit_refused = {limit_id:String}',
} as const;

/** A call that its caller left is neither `ok` nor `error`. */
const statuses = { ok: "outcome = 'ok'", error: "outcome = 'failed'" } as const;

type Fields = { [name in keyof typeof equals | 'status']?: TraceSearch[name] | undefined };

/** Conditions for the fields of a search that name a column each. */
export function fieldFilters(search: Fields): Filter[] {
  const filters: Filter[] = [];
  for (const [name, sql] of Object.entries(equals)) {
    const value = search[name as keyof typeof equals];
    if (value !== undefined) filters.push({ sql, parameters: { [name]: value } });
  }
  if (search.status !== undefined) filters.push({ sql: statuses[search.status], parameters: {} });
  return filters;
}

/** When spans began: `from` belongs to it, `to` does not. */
export function timeFilters({ from, to }: { from?: string | undefined; to?: string | undefined }): Filter[] {
  const filters: Filter[] = [];
  if (from !== undefined) filters.push(sinceFilter(BigInt(nanosOf(from)), 'from_nanos'));
  if (to !== undefined) {
    filters.push({
      sql: `started_at < fromUnixTimestamp64Nano({to_nanos:Int64}, 'UTC')`,
      parameters: { to_nanos: nanosOf(to) },
    });
  }
  return filters;
}

export function sinceFilter(since: bigint, name = 'since_nanos'): Filter {
  return {
    sql: `started_at >= fromUnixTimestamp64Nano({${name}:Int64}, 'UTC')`,
    parameters: { [name]: since.toString() },
  };
}

/** Conditions one after the other, each with its AND. */
export function andAll(filters: readonly Filter[]): string {
  return filters.map(({ sql }) => `AND ${sql}`).join(' ');
}

export function parametersOf(filters: readonly Filter[]): Filter['parameters'] {
  return Object.assign({}, ...filters.map(({ parameters }) => parameters));
}

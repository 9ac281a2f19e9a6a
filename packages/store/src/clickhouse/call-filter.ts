import type { DataFilter } from '@app/contract';
import { nanosOf } from './nanos.ts';
import type { Parameters } from './open-clickhouse.ts';

/** Which calls are meant. All of it must hold, and no call that began at `beforeMs` or later is. */
export type CallFilter = { filter: DataFilter; beforeMs: number; isTestOnly: boolean };

const conditions = {
  trace_id: 'trace_id = {trace_id:String}',
  user: 'user_id = {user:String}',
  session: 'session_id = {session:String}',
  tag: 'has(tags, {tag:String})',
} as const;

/** A call's own columns, without its project and kind. */
export function callFilter(filter: CallFilter): { sql: string; parameters: Parameters } {
  const { beforeMs, isTestOnly } = filter;
  const parts: string[] = [];
  const parameters: Record<string, string> = {};
  for (const name of ['trace_id', 'user', 'session', 'tag'] as const) {
    const value = filter.filter[name];
    if (value === undefined) continue;
    parts.push(conditions[name]);
    parameters[name] = value;
  }
  if (isTestOnly) parts.push("mode = 'test'");
  if (filter.filter.from !== undefined) {
    parts.push("started_at >= fromUnixTimestamp64Nano({from_nanos:Int64}, 'UTC')");
    parameters.from_nanos = nanosOf(filter.filter.from);
  }
  parts.push("started_at < fromUnixTimestamp64Nano({to_nanos:Int64}, 'UTC')");
  parameters.to_nanos = earlierOf(filter.filter.to, beforeMs);
  return { sql: parts.join(' AND '), parameters };
}

function earlierOf(to: string | undefined, beforeMs: number): string {
  const before = BigInt(Math.ceil(beforeMs)) * 1_000_000n;
  if (to === undefined) return before.toString();
  const asked = BigInt(nanosOf(to));
  return (asked < before ? asked : before).toString();
}

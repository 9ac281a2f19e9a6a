import type { StretchSearch } from '@app/contract';
import { nanosOf } from './nanos.ts';

/** A stretch of time as it was asked for, and when that was, in epoch milliseconds. */
export type StretchAsked = Pick<StretchSearch, 'range' | 'from' | 'to'> & { nowMs: number };

/** Nanoseconds since 1970; `from` belongs to it, `to` does not. */
export type Stretch = { from: bigint; to: bigint };

const hourMs = 3_600_000;
const rangesMs = { '1h': hourMs, '24h': 24 * hourMs, '7d': 168 * hourMs, '30d': 720 * hourMs } as const;

/** From and to, or the range that ends now; without either the last 7 days. Ranges of days begin with a whole hour. */
export function readStretch({ range = '7d', from, to, nowMs }: StretchAsked): Stretch {
  const end = to === undefined ? nanosOfMs(nowMs) + 1n : BigInt(nanosOf(to));
  if (from !== undefined) return { from: BigInt(nanosOf(from)), to: end };
  const begin = end - nanosOfMs(rangesMs[range]);
  const cut = range === '7d' || range === '30d' ? begin % nanosOfMs(hourMs) : 0n;
  return { from: begin < 0n ? 0n : begin - cut, to: end };
}

export const inStretch = `started_at >= fromUnixTimestamp64Nano({from_nanos:Int64}, 'UTC')
    AND started_at < fromUnixTimestamp64Nano({to_nanos:Int64}, 'UTC')`;

export function stretchParameters({ from, to }: Stretch) {
  return { from_nanos: from.toString(), to_nanos: to.toString() };
}

/** RFC 3339, cut to milliseconds. */
export function timeOfNanos(nanos: bigint): string {
  return new Date(Number(nanos / 1_000_000n)).toISOString();
}

function nanosOfMs(ms: number): bigint {
  return BigInt(Math.max(0, Math.trunc(ms))) * 1_000_000n;
}

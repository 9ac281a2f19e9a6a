/** The last nanosecond that ClickHouse's DateTime64(9) can hold, in the year 2262. */
const nanosMax = 9_223_372_036_854_775_807n;

/**
 * RFC 3339 to nanoseconds since 1970 as decimal text, which ClickHouse reads exactly. What lies outside of the
 * column's range becomes its nearest end, so that an odd date in a search finds all or nothing instead of failing.
 */
export function nanosOf(time: string): string {
  const fraction = /\.(\d+)/.exec(time)?.[1] ?? '';
  const seconds = BigInt(Math.floor(Date.parse(time.replace(/\.\d+/, '')) / 1000));
  const nanos = seconds * 1_000_000_000n + BigInt(fraction.slice(0, 9).padEnd(9, '0'));
  if (nanos < 0n) return '0';
  return (nanos > nanosMax ? nanosMax : nanos).toString();
}

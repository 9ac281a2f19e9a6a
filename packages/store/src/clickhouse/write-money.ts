import type { Money } from '@app/contract';

/** Exact money from integer nano-dollars as ClickHouse writes them: decimal text. */
export function writeMoney(nanosText: string | bigint): Money {
  const nanos = BigInt(nanosText);
  const whole = abs(nanos) / 1_000_000_000n;
  const fraction = (abs(nanos) % 1_000_000_000n).toString().padStart(9, '0').replace(/0+$/, '');
  const usd = `${nanos < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
  // Beyond nine million dollars the number is cut and the text stays exact.
  const limit = BigInt(Number.MAX_SAFE_INTEGER);
  const safe = nanos > limit ? limit : nanos < -limit ? -limit : nanos;
  return { nanos: Number(safe), usd };
}

function abs(value: bigint): bigint {
  return value < 0n ? -value : value;
}

const NANOS = 1_000_000_000n;

/** US dollars as a decimal with at most nine places, in nano-dollars. Exact: no float is on the way. */
export function parseUsd(text: string): number {
  const [whole = '0', fraction = ''] = text.split('.');
  return Number(BigInt(whole) * NANOS + BigInt(fraction.padEnd(9, '0')));
}

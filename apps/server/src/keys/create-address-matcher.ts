import { parseIpAddress } from './ip-address.ts';
import { maskWord, parseIpRange } from './ip-range.ts';

/**
 * Tells whether an address is in one of the ranges. The ranges are parsed once and looked through one by one: a key
 * has few. A text that is no address is in none of them, and so is every address where a range cannot be read.
 */
export function createAddressMatcher(ranges: readonly string[]): (ip: string) => boolean {
  const parsed = ranges.flatMap((text) => {
    const range = parseIpRange(text);
    return range.ok ? [range.range] : [];
  });
  // Network and mask of each range, word by word.
  const v4 = Uint32Array.from(
    parsed
      .filter(({ network }) => network.length === 1)
      .flatMap(({ network, bits }) => [network[0], maskWord(bits, 0)]),
  );
  const v6 = Uint32Array.from(
    parsed
      .filter(({ network }) => network.length === 4)
      .flatMap(({ network, bits }) => network.flatMap((word, at) => [word, maskWord(bits, at)])),
  );
  return (ip) => {
    const address = parseIpAddress(ip);
    if (address === undefined) return false;
    return address.length === 1 ? isInOne(v4, address) : isInOne(v6, address);
  };
}

function isInOne(rows: Uint32Array, address: readonly number[]): boolean {
  const width = address.length * 2;
  for (let row = 0; row < rows.length; row += width) {
    let at = 0;
    while (at < address.length) {
      const word = address[at] ?? 0;
      if ((word & (rows[row + at * 2 + 1] ?? 0)) >>> 0 !== rows[row + at * 2]) break;
      at += 1;
    }
    if (at === address.length) return true;
  }
  return false;
}

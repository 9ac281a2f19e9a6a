import { parseIpAddress } from '../keys/ip-address.ts';
import { maskWord, writeIpRange } from '../keys/ip-range.ts';

const V4_BITS = 24;
const V6_BITS = 48;

/** The network that an address is counted to: its /24 (IPv4) or /48 (IPv6). `undefined` for what is no address. */
export function addressRangeOf(ip: string): string | undefined {
  const address = parseIpAddress(ip);
  if (address === undefined) return undefined;
  if (address.length === 1) {
    return writeIpRange({ network: [masked(address[0], V4_BITS, 0)], bits: V4_BITS });
  }
  const [a, b, c, d] = address;
  const network = [a, b, c, d].map((word, at) => masked(word, V6_BITS, at));
  const [first = 0, second = 0, third = 0, fourth = 0] = network;
  return writeIpRange({ network: [first, second, third, fourth], bits: V6_BITS });
}

function masked(word: number, bits: number, at: number): number {
  return (word & maskWord(bits, at)) >>> 0;
}

import { type IpAddress, parseIpAddress } from './ip-address.ts';

/** All addresses whose first `bits` are those of `network`; the other bits of `network` are zero. */
export type IpRange = { network: IpAddress; bits: number };

type Parsed = { ok: true; range: IpRange } | { ok: false; problem: string };

/**
 * Reads one address or a CIDR range, IPv4 or IPv6. A range that maps IPv4 (`::ffff:10.0.0.0/104`) is the IPv4 range.
 * What could be meant in two ways is refused: zones, leading zeros, and bits that are set beyond the prefix.
 */
export function parseIpRange(text: string): Parsed {
  const [address = '', prefix, ...more] = text.split('/');
  const network = parseIpAddress(address);
  if (network === undefined || more.length > 0) {
    return refuse(text, 'is neither an address nor a range like 192.0.2.0/24 or 2001:db8::/32');
  }
  const isMapped = network.length === 1 && address.includes(':');
  const bitsMax = address.includes(':') ? 128 : 32;
  if (prefix !== undefined && (!/^(?:0|[1-9]\d{0,2})$/.test(prefix) || Number(prefix) > bitsMax)) {
    return refuse(text, `needs a prefix of 0 to ${bitsMax} after the slash`);
  }
  const written = prefix === undefined ? bitsMax : Number(prefix);
  const bits = isMapped ? written - 96 : written;
  if (bits < 0) return refuse(text, 'holds more than mapped IPv4 addresses; write the IPv4 range instead');
  const masked = maskOf(network, bits);
  if (masked.some((word, at) => word !== network[at])) {
    return refuse(text, `has bits set beyond its prefix; write ${writeIpRange({ network: masked, bits })}`);
  }
  return { ok: true, range: { network, bits } };
}

/** The one way in which a range is kept and shown; a single address has no prefix. */
export function writeIpRange({ network, bits }: IpRange): string {
  const [first] = network;
  const address = network.length === 1 ? writeV4(first) : writeV6(network);
  return bits === network.length * 32 ? address : `${address}/${bits}`;
}

/** Whether every address of `inner` is in `outer`. */
export function isWithin(inner: IpRange, outer: IpRange): boolean {
  if (inner.network.length !== outer.network.length || inner.bits < outer.bits) return false;
  return maskOf(inner.network, outer.bits).every((word, at) => word === outer.network[at]);
}

/** The mask of the word at `at` when the first `bits` of an address count. */
export function maskWord(bits: number, at: number): number {
  const own = Math.min(32, Math.max(0, bits - at * 32));
  return own === 0 ? 0 : (0xffffffff << (32 - own)) >>> 0;
}

function maskOf(network: IpAddress, bits: number): IpAddress {
  const masked = (at: number) => ((network[at] ?? 0) & maskWord(bits, at)) >>> 0;
  return network.length === 1 ? [masked(0)] : [masked(0), masked(1), masked(2), masked(3)];
}

function writeV4(word: number): string {
  return [24, 16, 8, 0].map((shift) => (word >>> shift) & 255).join('.');
}

/** As RFC 5952 says: lower case, no leading zeros, the longest run of zero groups as `::`. */
function writeV6(words: readonly number[]): string {
  const groups = words.flatMap((word) => [word >>> 16, word & 0xffff]).map((group) => group.toString(16));
  const runs = groups.map((_, at) => groups.slice(at).findIndex((group) => group !== '0'));
  const lengths = runs.map((run, at) => (run === -1 ? groups.length - at : run));
  const longest = Math.max(...lengths);
  if (longest < 2) return groups.join(':');
  const at = lengths.indexOf(longest);
  return `${groups.slice(0, at).join(':')}::${groups.slice(at + longest).join(':')}`;
}

function refuse(text: string, problem: string): Parsed {
  return { ok: false, problem: `"${text.slice(0, 64)}" ${problem}` };
}

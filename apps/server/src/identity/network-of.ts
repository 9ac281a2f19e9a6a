import { parseIpAddress } from '../keys/ip-address.ts';

/** The address itself, of IPv6 the network of one subscriber, who has 2^64 to choose from; whatever is no address counts as one. */
export function networkOf(ip: string): string {
  const words = parseIpAddress(ip);
  if (words === undefined) return 'unknown';
  return (words.length === 1 ? words : words.slice(0, 2)).join('.');
}

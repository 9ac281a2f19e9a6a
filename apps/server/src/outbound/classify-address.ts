import { BlockList, isIP } from 'node:net';

/**
 * `public`: anybody may be sent there. `private`: only hosts that the operator listed.
 * `reserved`: metadata services, addresses that hide another one, and what is no destination at all;
 * reachable only when that very address is listed.
 */
export type AddressClass = 'public' | 'private' | 'reserved';

/** What an IP address is, by the special-purpose registries of RFC 6890 and its successors. */
export function classifyAddress(address: string): AddressClass {
  const family = isIP(address);
  if (family === 4) return classifyV4(address);
  if (family === 6) return classifyV6(address);
  return 'reserved';
}

const PRIVATE_V4 = ranges('ipv4', [
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
]);

const RESERVED_V4 = ranges('ipv4', [
  ['0.0.0.0', 8],
  // Cloud metadata that lies in an otherwise private or public range (Alibaba, Azure's host).
  ['100.100.100.200', 32],
  ['168.63.129.16', 32],
  ['169.254.0.0', 16],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
]);

/** `fd00:ec2::254` is Amazon's metadata service inside the private range. */
const RESERVED_V6 = ranges('ipv6', [['fd00:ec2::', 32]]);

const PRIVATE_V6 = ranges('ipv6', [
  ['::1', 128],
  ['fc00::', 7],
]);

const GLOBAL_V6 = ranges('ipv6', [['2000::', 3]]);

/** Inside the global range: protocol assignments with Teredo, documentation, 6to4. */
const NOT_GLOBAL_V6 = ranges('ipv6', [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
]);

function classifyV4(address: string): AddressClass {
  if (RESERVED_V4.check(address, 'ipv4')) return 'reserved';
  return PRIVATE_V4.check(address, 'ipv4') ? 'private' : 'public';
}

/** Only global unicast is public, so that mapped, NAT64 and yet unassigned ranges are refused without being named. */
function classifyV6(address: string): AddressClass {
  if (RESERVED_V6.check(address, 'ipv6')) return 'reserved';
  if (PRIVATE_V6.check(address, 'ipv6')) return 'private';
  const isGlobal = GLOBAL_V6.check(address, 'ipv6') && !NOT_GLOBAL_V6.check(address, 'ipv6');
  return isGlobal ? 'public' : 'reserved';
}

function ranges(family: 'ipv4' | 'ipv6', list: readonly (readonly [string, number])[]): BlockList {
  const blocked = new BlockList();
  for (const [network, prefix] of list) blocked.addSubnet(network, prefix, family);
  return blocked;
}

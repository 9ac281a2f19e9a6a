import { isIP } from 'node:net';

/** True for addresses and names that only this machine can reach; an IPv6 address with or without brackets. */
export function isLoopback(host: string): boolean {
  if (isIP(host) === 4) return host.startsWith('127.');
  return host === 'localhost' || host === '::1' || host === '[::1]';
}

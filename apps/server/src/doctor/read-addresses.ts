import { isIP } from 'node:net';
import type { Config } from '../config.ts';
import type { Resolve } from '../outbound/create-connector.ts';
import { storesOf } from './checks/store-checks.ts';
import type { StoreAddressFact } from './facts.ts';

const TIMEOUT_MS = 1_500;

/** What the names of stores lead to now; a name that is not answered for in time leads nowhere. Never rejects. */
export function readAddresses({ environment }: Config, resolve: Resolve): Promise<StoreAddressFact[]> {
  const named = storesOf(environment).filter(({ host }) => host !== '' && isIP(host) === 0);
  return Promise.all(
    named.map(async ({ name, host }) => ({ name, host, addresses: await addressesOf(host, resolve) })),
  );
}

function addressesOf(host: string, resolve: Resolve): Promise<string[]> {
  return new Promise((done) => {
    const timer = setTimeout(() => done([]), TIMEOUT_MS);
    resolve(host, (_error, found = []) => {
      clearTimeout(timer);
      done(found.map(({ address }) => address));
    });
  });
}

import { isIP } from 'node:net';
import { isLoopback } from '../../config/is-loopback.ts';
import { classifyAddress } from '../../outbound/classify-address.ts';
import { databaseTlsOf } from '../../start/database-address.ts';
import { type Check, found, inProduction } from '../check.ts';
import type { Facts } from '../facts.ts';

export const storeChecks: readonly Check[] = [
  {
    name: 'store-tls',
    area: 'stores',
    title: 'Stores on other machines are reached by verified TLS.',
    why: 'Traces and key digests travel in the clear, or to whoever answers, between the server and its stores.',
    run: (facts) =>
      storesOf(facts.config.environment)
        .filter(({ isProtected }) => !isProtected)
        .map(({ name, remedy }) =>
          found(
            inProduction(facts, 'critical'),
            `${name} reaches another machine without verified TLS.`,
            remedy,
          ),
        ),
  },
  {
    name: 'public-store',
    area: 'stores',
    title: 'No store is at an address that the whole internet can reach.',
    why: 'A database that the whole internet can reach is attacked day and night.',
    run: ({ config, storeAddresses = [] }) =>
      storesOf(config.environment).flatMap(({ name, host }) => {
        const known = isIP(host) === 0 ? [] : [host];
        const named = storeAddresses.find((each) => each.name === name)?.addresses ?? [];
        const at = [...known, ...named].find((address) => classifyAddress(address) === 'public');
        const remedy = 'Move it to a private network and name its private address.';
        return at === undefined ? [] : [found('critical', `${name} is at the public address ${at}.`, remedy)];
      }),
  },
  {
    name: 'tls-verification',
    area: 'stores',
    title: 'Certificates are verified, and no key of a connection is written down.',
    why: 'Without it anybody between may answer in the name of a provider or a store.',
    needs: ['runtime'],
    run: (facts) => {
      const { variables = {}, options = [] } = facts.runtime ?? {};
      const isOff = variables.NODE_TLS_REJECT_UNAUTHORIZED === '0';
      const logsKeys =
        'SSLKEYLOGFILE' in variables || options.some((each) => each.startsWith('--tls-keylog'));
      return [
        ...(isOff
          ? [
              found(
                inProduction(facts, 'critical'),
                'NODE_TLS_REJECT_UNAUTHORIZED=0 tells Node to believe every certificate.',
                'Remove it. Authorities of your own are named with DATABASE_CA_FILE, CLICKHOUSE_CA_FILE, REDIS_CA_FILE or NODE_EXTRA_CA_CERTS.',
              ),
            ]
          : []),
        ...(logsKeys
          ? [
              found(
                inProduction(facts, 'critical'),
                'The keys of TLS connections are written into a file.',
                'Remove SSLKEYLOGFILE and --tls-keylog.',
              ),
            ]
          : []),
      ];
    },
  },
];

type StorePlace = { name: string; host: string; isProtected: boolean; remedy: string };

/** The stores that settings name; a socket of this machine has no host. */
export function storesOf(environment: Facts['config']['environment']): StorePlace[] {
  const { DATABASE_URL, CLICKHOUSE_URL, REDIS_URL } = environment;
  const places: StorePlace[] = [];
  const add = (name: string, text: string | undefined, given: Pick<StorePlace, 'isProtected' | 'remedy'>) => {
    if (text === undefined || text.startsWith('unix:')) return;
    const host = new URL(text).hostname.replace(/^\[|\]$/g, '');
    places.push({ name, host, ...given, isProtected: given.isProtected || host === '' || isLoopback(host) });
  };
  const isVerified =
    DATABASE_URL !== undefined && ['local', 'verified'].includes(databaseTlsOf(DATABASE_URL));
  add('DATABASE_URL', DATABASE_URL, { isProtected: isVerified, remedy: 'Say sslmode=verify-full in it.' });
  const isHttps = CLICKHOUSE_URL?.startsWith('https:') === true;
  add('CLICKHOUSE_URL', CLICKHOUSE_URL, { isProtected: isHttps, remedy: 'Use its https:// port.' });
  const isRediss = REDIS_URL?.startsWith('rediss:') === true;
  add('REDIS_URL', REDIS_URL, { isProtected: isRediss, remedy: 'Use rediss://.' });
  return places;
}

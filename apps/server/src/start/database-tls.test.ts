import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRelationalStore } from '@app/store';
import { makeCertificate, type TestCertificate } from '@app/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { silentLog } from '../../test/open-test-store.ts';
import { hasDebianPostgres, openTlsPostgres, type TlsPostgres } from '../../test/open-tls-postgres.ts';
import { readDatabaseAddress } from './database-address.ts';

const own = makeCertificate('localhost');
const expired = makeCertificate('localhost', { until: '2021-01-01' });
const otherName = makeCertificate('db.elsewhere.example');
let dir: string;
const put = (name: string, text: string): string => {
  const path = join(dir, name);
  writeFileSync(path, text);
  return path;
};
const authorityOf = (name: string, { cert }: TestCertificate) => put(`${name}.pem`, cert);
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'tr-store-tls-'));
});
afterEach(() => vi.unstubAllEnvs());
afterAll(() => rmSync(dir, { recursive: true, force: true }));

if (!hasDebianPostgres()) {
  // biome-ignore lint/suspicious/noConsole: what is skipped must be seen.
  console.warn("SKIPPED: a PostgreSQL behind TLS, because Debian's package postgresql-15 is not installed.");
}

describe.skipIf(!hasDebianPostgres() && process.env.TESTS_REQUIRE_ALL !== '1')(
  'a PostgreSQL behind TLS',
  () => {
    let postgres: TlsPostgres;
    beforeAll(async () => {
      postgres = await openTlsPostgres(own);
    });
    afterAll(() => postgres.stop());

    /** `loaded`, or why it was not; everything that it said, so that nothing of it shows a password. */
    async function load(query: string, caFile?: string, shown = own): Promise<string> {
      await postgres.show(shown);
      const url = `postgres://tokenrouter:swordfish-7@localhost:${postgres.port}/postgres${query}`;
      try {
        const place = readDatabaseAddress(url, { DATABASE_CA_FILE: caFile });
        const store = await openRelationalStore({ postgres: place, log: silentLog });
        await store.close();
        return 'loaded';
      } catch (error) {
        const text = `${error} ${error instanceof Error ? `${error.stack} ${String(error.cause)}` : ''}`;
        expect(text).not.toContain('swordfish');
        return text;
      }
    }

    test.each(['?sslmode=verify-full', '?sslmode=require', '?sslmode=prefer', '?ssl=true'])(
      'is believed where its authority is named, and by nobody else (%s)',
      async (query) => {
        expect(await load(query, authorityOf('own', own))).toBe('loaded');
        expect(await load(query)).toMatch(/self-signed certificate/);
        expect(await load(query, authorityOf('stranger', makeCertificate('localhost')))).toMatch(
          /self-signed certificate|unable to verify|signature/,
        );
      },
    );

    test('with another name, or out of date, is refused whoever signed it', async () => {
      const query = '?sslmode=verify-full';
      expect(await load(query, authorityOf('other', otherName), otherName)).toMatch(
        /does not match|altnames/,
      );
      expect(await load(query, authorityOf('expired', expired), expired)).toMatch(/expired/);
    });

    test('is not believed either where the environment says that nobody need be verified', async () => {
      vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
      vi.stubEnv('PGSSLMODE', 'no-verify');
      expect(await load('?sslmode=require')).toMatch(/self-signed certificate/);
    });

    test('is believed unseen only where its address says so in as many words', async () => {
      expect(await load('?sslmode=no-verify')).toBe('loaded');
      expect(await load('?sslmode=disable')).toMatch(/no encryption|pg_hba/);
      expect(await postgres.countConnections()).toBe(0);
    });
  },
);

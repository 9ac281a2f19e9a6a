import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readClickhouseAddress } from './clickhouse-address.ts';
import { databaseTlsOf, readDatabaseAddress } from './database-address.ts';

let dir: string;
let caFile: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'tr-address-'));
  caFile = join(dir, 'ca.pem');
  writeFileSync(caFile, 'an authority');
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

test.each([
  ['postgres://db.internal/x', 'verified'],
  ['postgres://u:p@10.0.0.5:5432/x', 'verified'],
  ['postgres://db.internal/x?sslmode=prefer', 'verified'],
  ['postgres://db.internal/x?sslmode=require', 'verified'],
  ['postgres://db.internal/x?sslmode=verify-ca', 'verified'],
  ['postgres://db.internal/x?sslmode=verify-full', 'verified'],
  ['postgres://db.internal/x?sslmode=disabled-by-a-typing-error', 'verified'],
  ['postgres://db.internal/x?ssl=true', 'verified'],
  ['postgres://db.internal/x?uselibpqcompat=true&sslmode=require', 'verified'],
  ['postgres://localhost.example.com/x', 'verified'],
  ['postgres://127.0.0.1.example.com/x', 'verified'],
  ['postgres://localhost/x?host=db.internal', 'verified'],
  ['postgres://db.internal/x?sslmode=no-verify', 'unverified'],
  ['postgres://db.internal/x?ssl=no-verify', 'unverified'],
  ['postgres://db.internal/x?sslmode=disable', 'none'],
  ['postgres://db.internal/x?ssl=0', 'none'],
  ['postgres://localhost/x', 'local'],
  ['postgres://127.0.0.1/x?sslmode=disable', 'local'],
  ['postgres://[::1]/x', 'local'],
  ['postgres://localhost/x?sslmode=verify-full', 'verified'],
  ['postgres://%2Fvar%2Frun%2Fpostgresql/x', 'local'],
  ['postgres:///x?host=/var/run/postgresql&sslmode=disable', 'local'],
])('%s is %s', (url, tls) => {
  expect(databaseTlsOf(url)).toBe(tls);
  const { ssl, connectionString } = readDatabaseAddress(url, { DATABASE_CA_FILE: undefined });
  if (tls === 'none' || tls === 'local') expect(ssl).toBe(false);
  else expect(ssl).toEqual({ rejectUnauthorized: tls === 'verified', minVersion: 'TLSv1.2' });
  // The driver's own rules, which verify nothing in some of these words, never see them.
  expect(connectionString).not.toMatch(/ssl|libpq/);
});

test('authorities come from the setting, else from the URL', () => {
  const url = `postgres://db.internal/x?sslrootcert=${encodeURIComponent(caFile)}&application_name=a`;
  const fromUrl = readDatabaseAddress(url, { DATABASE_CA_FILE: undefined });
  expect(fromUrl).toMatchObject({ ssl: { ca: 'an authority', rejectUnauthorized: true } });
  expect(fromUrl.connectionString).toBe('postgres://db.internal/x?application_name=a');
  const set = readDatabaseAddress('postgres://db.internal/x', { DATABASE_CA_FILE: caFile });
  expect(set).toMatchObject({ ssl: { ca: 'an authority' } });
  expect(
    readClickhouseAddress('https://u:p%40@ch.internal:8443/traces', { CLICKHOUSE_CA_FILE: caFile }),
  ).toEqual({
    url: 'https://ch.internal:8443',
    username: 'u',
    password: 'p@',
    database: 'traces',
    ca: 'an authority',
  });
});

test('a file of authorities that is not there is said by the name of its setting', () => {
  const none = join(dir, 'none.pem');
  expect(() => readDatabaseAddress('postgres://db/x', { DATABASE_CA_FILE: none })).toThrow(
    /^DATABASE_CA_FILE names .*none\.pem, which cannot be read/,
  );
  expect(() => readClickhouseAddress('https://ch:8443', { CLICKHOUSE_CA_FILE: none })).toThrow(
    /^CLICKHOUSE_CA_FILE names .*none\.pem, which cannot be read/,
  );
});

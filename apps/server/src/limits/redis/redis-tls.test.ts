import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret } from '@app/providers';
import { makeCertificate } from '@app/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { REDIS_BINARY } from '../../../test/debian-redis.ts';
import { describeWithRedis } from '../../../test/describe-with-redis.ts';
import { ask } from '../../../test/open-redis-system.ts';
import { waitUntil } from '../../../test/wait-until.ts';
import { readCounters } from '../../doctor/read-counters.ts';
import { openRedisConnection } from './open-redis-connection.ts';

describeWithRedis('a Redis behind TLS', () => {
  let dir: string;
  let child: ChildProcess | undefined;
  let url: string;
  let caFile: string;
  let strangerFile: string;
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'tr-redis-tls-'));
    const own = makeCertificate('localhost');
    const put = (name: string, text: string): string => {
      const path = join(dir, name);
      writeFileSync(path, text, { mode: 0o600 });
      return path;
    };
    caFile = put('cert.pem', own.cert);
    strangerFile = put('stranger.pem', makeCertificate('localhost').cert);
    const port = await findFreePort();
    url = `rediss://:swordfish-9@localhost:${port}`;
    const settings = {
      ...{ bind: '127.0.0.1', port: '0', 'tls-port': String(port), 'tls-auth-clients': 'no', save: '', dir },
      ...{ 'tls-cert-file': caFile, 'tls-key-file': put('key.pem', own.key), requirepass: 'swordfish-9' },
    };
    const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
    child = spawn(REDIS_BINARY, args, { stdio: 'ignore' });
  });
  afterAll(async () => {
    const gone = new Promise((resolve) => child?.once('exit', resolve));
    child?.kill('SIGKILL');
    await gone;
    rmSync(dir, { recursive: true, force: true });
  });
  const connect = (file: string | undefined) =>
    openRedisConnection({ url: new Secret(url), caFile: file, connectTimeoutMs: 10_000, reconnectMsMax: 50 });

  test('is talked to where the authority that signed it is named', async () => {
    const connection = connect(caFile);
    try {
      await waitUntil(() => connection.isReady());
      expect(await ask(connection, 'PING')).toBe('PONG');
      expect(await readCounters(url, { REDIS_CA_FILE: caFile })).toMatchObject({ answers: true });
    } finally {
      connection.close();
    }
  });

  test.each(['nobody', 'a stranger'])(
    'is told nothing, not its password either, where %s signed it',
    async (who) => {
      const connection = connect(who === 'nobody' ? undefined : strangerFile);
      const errors: string[] = [];
      connection.onLost((error) => errors.push(`${error.message} ${error.stack}`));
      try {
        await waitUntil(() => errors.some((text) => /certificate|signature/i.test(text)));
        expect(connection.isReady()).toBe(false);
        expect(errors.join()).not.toContain('swordfish');
      } finally {
        connection.close();
      }
    },
  );

  test('and a file of authorities that is not there, or is of no use, is said at once', () => {
    expect(() => connect(join(dir, 'none.pem'))).toThrow(
      /REDIS_CA_FILE names .*none\.pem, which cannot be read/,
    );
    const plain = { url: new Secret('redis://localhost'), connectTimeoutMs: 1, reconnectMsMax: 1 };
    expect(() => openRedisConnection({ ...plain, caFile })).toThrow('REDIS_URL is not rediss://');
  });
});

/** Redis takes no port of its own choice. */
async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

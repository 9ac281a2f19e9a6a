import { createHook } from 'node:async_hooks';
import { globSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve as resolvePath } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Resolve } from '../../src/outbound/create-connector.ts';
import { type WayOut, waysOut } from '../ways-out.ts';

/** Every spelling of an address that is nobody's business, as the host of a URL. */
const LITERALS = [
  // IPv4: whole, short, decimal, octal, hexadecimal, mixed, with a final dot.
  ...['127.0.0.1', '127.1', '127.0.1', '127.255.255.254', '2130706433', '0x7f000001', '0x7f.1', '0177.0.0.1'],
  ...['017700000001', '0x7f.0.0.0x1', '127.0.0.1.', '127.1.', '0', '0.0.0.0', '00.0.0.0', '0x0'],
  ...['10.0.0.1', '012.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.0.1', '3232235521', '100.64.0.1'],
  ...['169.254.169.254', '169.254.43518', '2852039166', '0xA9FEA9FE', '0251.0376.0251.0376', '169.254.170.2'],
  ...[
    '168.63.129.16',
    '100.100.100.200',
    '192.0.0.192',
    '198.18.0.1',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
  ],
  // Digits and dots of other scripts, and percent signs.
  ...[
    '１２７.０.０.１',
    '127。0。0。1',
    '①②⑦.⓪.⓪.①',
    '%31%32%37.0.0.1',
    '127%2e0%2e0%2e1',
    '169。254。169。254',
  ],
  // IPv6: loopback, unspecified, mapped, compatible, translated, NAT64, 6to4, Teredo, link-local, unique local, multicast.
  ...[
    '[::1]',
    '[0:0:0:0:0:0:0:1]',
    '[0000::0001]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::127.0.0.1]',
  ],
  ...['[::ffff:a9fe:a9fe]', '[::ffff:0:127.0.0.1]', '[64:ff9b::7f00:1]', '[64:ff9b::169.254.169.254]'],
  ...[
    '[64:ff9b:1::7f00:1]',
    '[2002:7f00:1::]',
    '[2002:a9fe:a9fe::]',
    '[2001::7f00:1]',
    '[2001:0:a9fe:a9fe::]',
  ],
  ...['[fe80::1]', '[fec0::1]', '[fc00::1]', '[fd12:3456::1]', '[fd00:ec2::254]', '[ff02::1]', '[100::1]'],
  ...['[2001:db8::1]', '[3fff::1]', '[4000::1]'],
];
/** Names that lead there, by what their look-up answers. */
const NAMES = [
  ...['localhost', 'LOCALHOST', 'localhost.', 'a.localhost', 'ip6-localhost', 'metadata.google.internal'],
  ...['metadata.google.internal.', '127.0.0.1.nip.example', 'ⓛocalhost', 'xn--localhost-', 'evil.example'],
];
const INSIDE = [
  '127.0.0.1',
  '::1',
  '10.1.2.3',
  '169.254.169.254',
  'fe80::1',
  '::ffff:127.0.0.1',
  'fd00:ec2::254',
];
/** What no URL is: zone ids, and what a client might read in another way than we. */
const BROKEN = [
  ...[
    '[fe80::1%25eth0]',
    '[fe80::1%eth0]',
    '[::1%25lo]',
    '127.0.0.1%00.example.com',
    '[::ffff:127.0.0.1',
    '256.1.1.1',
  ],
  ...['127.0.0.0x', 'a b.example', '127.0.0.1\\@example.com:x'],
];

let victim: Server;
let victimPort: number;
let arrived = 0;
/** Every attempt to connect by TCP, whoever makes it. */
let attempts = 0;
const hook = createHook({
  init: (_id, type) => {
    if (type === 'TCPCONNECTWRAP') attempts += 1;
  },
});

beforeAll(async () => {
  victim = createServer((_request, response) => {
    arrived += 1;
    response.end('{}');
  });
  victim.on('connection', () => {
    arrived += 1;
  });
  await new Promise<void>((done) => victim.listen({ port: 0, host: '127.0.0.1' }, done));
  victimPort = (victim.address() as AddressInfo).port;
  hook.enable();
});
afterAll(() => {
  hook.disable();
  victim.closeAllConnections();
  victim.close();
});
beforeEach(() => {
  attempts = 0;
  arrived = 0;
});

const families = (addresses: readonly string[]) =>
  addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
const always =
  (...addresses: string[]): Resolve =>
  (_, done) =>
    done(null, families(addresses));

type Guard = { resolve: Resolve; allow?: string[] };

/** Calls, and makes sure that nothing was reached: no connection was so much as begun. */
async function expectUnreached({ call }: WayOut, url: string, { resolve, allow = [] }: Guard): Promise<void> {
  const outcome = await call(url, { allowPrivateHosts: allow, resolve }).then(
    () => 'answered',
    (error: unknown) => error,
  );
  expect(outcome, url).toBeInstanceOf(Error);
  expect({ url, attempts, arrived }).toEqual({ url, attempts: 0, arrived: 0 });
  // Who asked learns nothing of the network, and no secret leaves in the refusal.
  expect(String(outcome), url).not.toMatch(/canary|10\.1\.2\.3/);
}

describe.each(waysOut)('$what (CVE-2024-6587, CVE-2025-66405, CVE-2026-108602)', (way) => {
  test('reaches no private, link-local, metadata, mapped or reserved address, however it is spelled', async () => {
    for (const host of LITERALS)
      for (const scheme of ['http', 'https'])
        for (const port of ['', `:${victimPort}`])
          await expectUnreached(way, `${scheme}://${host}${port}`, {
            resolve: always('93.184.215.14', '127.0.0.1'),
          });
  });

  test('reaches nothing by a name that leads inside, alone or among public addresses, in any order', async () => {
    for (const [at, host] of NAMES.entries()) {
      for (const address of at === 0 ? INSIDE : [INSIDE[at % INSIDE.length] ?? '::1']) {
        const url = `https://${host}:${victimPort}`;
        await expectUnreached(way, url, { resolve: always(address) });
        await expectUnreached(way, url, { resolve: always('93.184.215.14', address) });
        await expectUnreached(way, url, { resolve: always(address, '2606:2800::1') });
      }
    }
  });

  test('looks a name up once for a connection, so that a second answer changes nothing', async () => {
    let asked = 0;
    const rebinding: Resolve = (_, done) => {
      asked += 1;
      done(null, families([asked === 1 ? '127.0.0.1' : '93.184.215.14']));
    };
    await expectUnreached(way, `https://rebind.example:${victimPort}`, { resolve: rebinding });
    expect(asked).toBeLessThanOrEqual(1);
  });

  test('takes no zone id and no host that could be read in two ways', async () => {
    for (const host of BROKEN)
      await expectUnreached(way, `https://${host}:${victimPort}`, { resolve: always('127.0.0.1') });
  });

  test('is not led inside by a name and a password before the host', async () => {
    for (const before of ['user:pass@', 'example.com@', 'example.com:443@', '%40@', '@'])
      await expectUnreached(way, `http://${before}127.0.0.1:${victimPort}`, { resolve: always('127.0.0.1') });
  });

  test('reaches of a listed host its own port and no other, and no metadata service by a listed name', async () => {
    const only = [`127.0.0.1:${victimPort === 1 ? 2 : 1}`, 'localhost:1', 'inside.example'];
    for (const url of [`http://127.0.0.1:${victimPort}`, `http://localhost:${victimPort}`])
      await expectUnreached(way, url, { resolve: always('127.0.0.1'), allow: only });
    await expectUnreached(way, 'http://inside.example', { resolve: always('169.254.169.254'), allow: only });
    await expectUnreached(way, 'http://inside.example', { resolve: always('fd00:ec2::254'), allow: only });
  });

  if (way.speaksHttp === false) return;

  test.each([301, 302, 303, 307, 308])('follows no redirect (%i)', async (status) => {
    const asked: string[] = [];
    const door = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(status, { location: `http://127.0.0.1:${victimPort}/inside` }).end();
    });
    await new Promise<void>((done) => door.listen(0, '127.0.0.1', done));
    const { port } = door.address() as AddressInfo;
    const guard = { allowPrivateHosts: [`127.0.0.1:${port}`], resolve: always('127.0.0.1') };
    const outcome = await way.call(`http://127.0.0.1:${port}`, guard).then(
      () => 'answered',
      (error: unknown) => error,
    );
    door.closeAllConnections();
    door.close();
    expect(outcome).not.toBe('answered');
    expect(arrived).toBe(0);
    // It came as far as the door, which the operator had listed, and no further.
    expect(asked.length).toBeGreaterThan(0);
  });
});

test('the search for ways in would notice one: a listed host is reached by every way but where it speaks no HTTP', async () => {
  for (const { call, what } of waysOut.filter(({ sendsDatagrams }) => sendsDatagrams !== true)) {
    const guard = { allowPrivateHosts: [`127.0.0.1:${victimPort}`], resolve: always('127.0.0.1') };
    arrived = 0;
    attempts = 0;
    const calling = call(`http://127.0.0.1:${victimPort}`, guard).catch(() => undefined);
    await Promise.race([calling, new Promise((done) => victim.once('connection', done))]);
    expect([what, arrived > 0, attempts > 0]).toEqual([what, true, true]);
    victim.closeAllConnections();
    await calling;
  }
});

describe('the source', () => {
  const root = resolvePath(import.meta.dirname, '../../src');
  const files = globSync('**/*.ts', { cwd: root }).filter((file) => !file.endsWith('.test.ts'));
  const source = new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]));
  const filesWith = (pattern: RegExp) =>
    [...source].filter(([, text]) => pattern.test(text)).map(([file]) => file);

  test('has a row in the corpus for every file that opens a way out', () => {
    const listed = new Set(waysOut.flatMap((way) => way.files));
    const opening = filesWith(/\b(createOutbound|createEndpoints|createConnector|createPost)\(/).filter(
      (file) => !file.startsWith('outbound/'),
    );
    expect(opening.length).toBeGreaterThan(4);
    expect(opening.filter((file) => !listed.has(file))).toEqual([]);
  });

  test('makes connections nowhere but behind the guard, to the stores, and as a server', () => {
    const clients =
      /from '(node:)?(net|tls|http|https|http2|dgram)'|from '(undici|ws|nodemailer|axios|got|node-fetch)'|import\('(undici|ws|nodemailer)'\)|\bfetch\(|new (WebSocket|EventSource|XMLHttpRequest)\b/;
    const harmless =
      /^import (type .*|\{ (isIP|BlockList|STATUS_CODES|type \w+)(, (isIP|type \w+))* \}) from '[^']+';$/gm;
    const making = [...source]
      .filter(([, text]) => clients.test(text.replace(harmless, '')))
      .map(([file]) => file)
      .filter((file) => !file.startsWith('outbound/'));
    expect(making.toSorted()).toEqual(
      [
        // The server itself.
        'http/create-edge-server.ts',
        'http/read-certificate.ts',
        'start/open-certificate.ts',
        // Speak over a connection that the guard made; datagrams go to an address that it checked.
        'audit/streams/open-syslog-carrier.ts',
        'mail/open-mailer.ts',
      ].toSorted(),
    );
  });

  test('starts no process: nothing that is configured or asked for is run', () => {
    expect(filesWith(/child_process|node:vm'|\beval\(|new Function\(/)).toEqual([]);
    // The one thread there is runs the one file that is named beside it.
    const threads = filesWith(/worker_threads'/).map((path) => path.split('/').at(-1));
    expect(threads.sort()).toEqual(['ingest-worker.ts', 'open-ingest-thread.ts']);
  });
});

import { lookup } from 'node:dns';
import type { Socket } from 'node:net';
import { GatewayError } from '@app/protocol';
import { answersJson, type FakeUpstream, openFakeUpstream } from '@app/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseAllowedHosts } from './allowed-hosts.ts';
import { createConnector, type HostAddress, type Resolve } from './create-connector.ts';

let upstream: FakeUpstream;
let port: string;

beforeAll(async () => {
  upstream = await openFakeUpstream(answersJson({}));
  port = new URL(upstream.url).port;
});

afterAll(() => upstream.close());

type Attempt = { baseUrl: string; resolve: Resolve; allow?: string[] };
type Outcome = { connectedTo: string | undefined; error: Error | null };

/** Connects as undici would, with the host name as the URL parser spells it. */
function attempt({ baseUrl, resolve, allow = [] }: Attempt): Promise<Outcome> {
  const url = new URL(baseUrl);
  const connect = createConnector({
    url,
    allowedHosts: parseAllowedHosts(allow),
    resolve,
    connectTimeoutMs: 2_000,
  });
  const hostname = url.hostname.replace(/^\[|\]$/g, '');
  return new Promise((resolveOutcome) => {
    connect({ hostname, host: url.host, protocol: url.protocol, port: url.port }, (...result) => {
      const socket: Socket | null = result[1];
      const connectedTo = socket?.remoteAddress;
      socket?.destroy();
      resolveOutcome({ connectedTo, error: result[0] });
    });
  });
}

const always = (...addresses: string[]): Resolve => {
  const list: HostAddress[] = addresses.map((address) => ({
    address,
    family: address.includes(':') ? 6 : 4,
  }));
  return (_, done) => done(null, list);
};
const never: Resolve = (hostname) => {
  throw new Error(`nothing should resolve ${hostname}`);
};

const expectRefused = ({ connectedTo, error }: Outcome) => {
  expect(connectedTo).toBeUndefined();
  expect(error).toBeInstanceOf(GatewayError);
  expect(error?.message).toMatch(/private or reserved address that allow_private_hosts does not list/);
};

test.each([
  'http://127.0.0.1',
  'http://127.1',
  'http://2130706433',
  'http://0x7f000001',
  'http://0x7f.0.0.1',
  'http://0177.0.0.1',
  'http://017700000001',
  'http://１２７.0.0.1',
  'http://127。0。0。1',
  'http://0',
  'http://0.0.0.0',
  'http://10.1.2.3',
  'http://192.168.0.1',
  'http://169.254.169.254',
  'http://0xa9fea9fe',
  'http://[::1]',
  'http://[::]',
  'http://[0:0:0:0:0:0:0:1]',
  'http://[::ffff:127.0.0.1]',
  'http://[::ffff:7f00:1]',
  'http://[::127.0.0.1]',
  'http://[64:ff9b::7f00:1]',
  'http://[2002:7f00:1::]',
  'http://[fd00:ec2::254]',
  'http://[fe80::1]',
])('%s is refused before anything is resolved', async (base) => {
  expectRefused(await attempt({ baseUrl: `${base}:${port}`, resolve: never }));
});

test.each(['localhost', 'localhost.', 'LOCALHOST', 'ⓛⓞⓒⓐⓛⓗⓞⓢⓣ', 'innocent.example'])(
  'a name that resolves to a private address is refused: %s',
  async (name) => {
    expectRefused(await attempt({ baseUrl: `http://${name}:${port}`, resolve: always('127.0.0.1') }));
  },
);

test('one bad address among good ones refuses the whole answer', async () => {
  const resolve = always('93.184.215.14', '127.0.0.1');
  expectRefused(await attempt({ baseUrl: `http://mixed.example:${port}`, resolve }));
});

test('a listed name reaches its private address', async () => {
  const resolve = always('127.0.0.1');
  const outcome = await attempt({
    baseUrl: `http://ollama.internal:${port}`,
    resolve,
    allow: ['ollama.internal'],
  });
  expect(outcome).toEqual({ connectedTo: '127.0.0.1', error: null });
});

test('a listed name with another port is refused', async () => {
  const allow = ['ollama.internal:1'];
  const resolve = always('127.0.0.1');
  expectRefused(await attempt({ baseUrl: `http://ollama.internal:${port}`, resolve, allow }));
});

test.each(['169.254.169.254', 'fd00:ec2::254', '0.0.0.0', '::ffff:127.0.0.1'])(
  'a listed name does not open the way to %s',
  async (address) => {
    const allow = ['ollama.internal'];
    expectRefused(
      await attempt({ baseUrl: `http://ollama.internal:${port}`, resolve: always(address), allow }),
    );
  },
);

test('a listed address is reached, and its neighbour is not', async () => {
  const allow = ['127.0.0.1'];
  const outcome = await attempt({ baseUrl: upstream.url, resolve: never, allow });
  expect(outcome.connectedTo).toBe('127.0.0.1');
  expectRefused(await attempt({ baseUrl: `http://127.0.0.2:${port}`, resolve: never, allow }));
});

test('a name whose answer changes between two questions only ever reaches an address that was checked', async () => {
  const answers = [['127.0.0.1'], ['169.254.169.254'], ['127.0.0.1', '169.254.169.254'], ['127.0.0.1']];
  const asked: string[] = [];
  const resolve: Resolve = (hostname, done) => {
    asked.push(hostname);
    always(...(answers.shift() ?? []))(hostname, done);
  };
  const allow = ['rebinding.example'];
  const baseUrl = `http://rebinding.example:${port}`;
  const outcomes: (string | undefined)[] = [];
  for (let round = 0; round < 4; round += 1) {
    outcomes.push((await attempt({ baseUrl, resolve, allow })).connectedTo);
  }
  expect(outcomes).toEqual(['127.0.0.1', undefined, undefined, '127.0.0.1']);
  // Once per connection: a second look-up would be the hole.
  expect(asked).toHaveLength(4);
});

test('a name that this machine cannot resolve is an error of the call, and of nothing else', async () => {
  // No label is so long, so it fails without anybody being asked.
  const hostname = `${'a'.repeat(64)}.example`;
  const resolve: Resolve = (name, done) => lookup(name, { all: true }, done);
  const { connectedTo, error } = await attempt({ baseUrl: `http://${hostname}:${port}`, resolve });
  expect(connectedTo).toBeUndefined();
  expect(error).toMatchObject({ syscall: 'getaddrinfo', hostname });
});

test('a resolver that fails, or finds nothing, is an error and no connection', async () => {
  const failing: Resolve = (_, done) =>
    done(Object.assign(new Error('no'), { code: 'ENOTFOUND' }), undefined);
  expect((await attempt({ baseUrl: 'http://gone.example', resolve: failing })).error).toMatchObject({
    code: 'ENOTFOUND',
  });
  expect((await attempt({ baseUrl: 'http://empty.example', resolve: always() })).error).toBeInstanceOf(Error);
});

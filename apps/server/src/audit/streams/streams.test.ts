import { createHmac } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { Secret } from '@app/providers';
import { makeCertificate } from '@app/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AuditLab, openAuditLab } from '../../../test/open-audit-lab.ts';
import { silentLog } from '../../../test/open-test-store.ts';
import { waitUntil } from '../../../test/wait-until.ts';
import { createPost } from '../../destinations/create-post.ts';
import { parseAllowedHosts } from '../../outbound/allowed-hosts.ts';
import { schedule } from '../../start/schedule.ts';
import type { OpenAudit } from '../open-audit.ts';
import { createWebhookCarrier } from './create-webhook-carrier.ts';
import { type Carrier, openAuditStream } from './open-audit-stream.ts';
import { openSyslogCarrier } from './open-syslog-carrier.ts';

let lab: AuditLab;
let audit: OpenAudit;
beforeAll(async () => {
  lab = await openAuditLab();
  audit = await lab.open();
}, 60_000);
afterAll(async () => {
  await audit.close();
  await lab.close();
});

const allowedHosts = parseAllowedHosts(['127.0.0.1', 'localhost']);
const resolve = (_host: string, done: (error: null, found: { address: string; family: number }[]) => void) =>
  done(null, [{ address: '127.0.0.1', family: 4 }]);

const record = (organizationId: string, text: string) =>
  audit.record({
    organizationId,
    action: 'limit.change',
    actor: { kind: 'person', id: 'ada', label: 'Adä' },
    after: { text },
  });

function stream(carrier: Carrier, holder = 'srv_one') {
  return openAuditStream({
    audit: lab.test.store.audit,
    carrier,
    holder,
    nowMs: lab.nowMs,
    schedule,
    log: silentLog,
  });
}

async function listening(server: Server | ReturnType<typeof createHttpServer>): Promise<number> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
}

test('a webhook gets every event signed, in order, and again what it did not take', async () => {
  const secret = 'a secret of more than thirty-two characters';
  const got: { organization_id: string; events: { sequence: number; after: unknown }[] }[] = [];
  let refusals = 2;
  const server = createHttpServer(async (request, reply) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const [, t, v1] =
      /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(request.headers['x-tokenrouter-signature'])) ?? [];
    expect(v1).toBe(createHmac('sha256', secret).update(`${t}.${body}`).digest('hex'));
    refusals -= 1;
    if (refusals < 0) got.push(JSON.parse(body));
    reply.writeHead(refusals < 0 ? 204 : 503).end();
  });
  const port = await listening(server);
  for (let at = 1; at <= 45; at += 1) await record('org_hook', `number ${at}`);
  const post = createPost({ allowedHosts, resolve, schedule });
  const carrier = createWebhookCarrier({
    url: `http://127.0.0.1:${port}/in`,
    secret: new Secret(secret),
    post,
    nowMs: lab.nowMs,
  });
  const opened = stream(carrier);
  const sequences = () =>
    got
      .filter((each) => each.organization_id === 'org_hook')
      .flatMap(({ events }) => events.map(({ sequence }) => sequence));
  await waitUntil(() => sequences().length >= 45);
  await record('org_hook', 'one more');
  opened.wake();
  await waitUntil(() => sequences().length >= 46);
  expect(sequences()).toEqual(Array.from({ length: 46 }, (_, at) => at + 1));
  expect(got.find(({ organization_id }) => organization_id === 'org_hook')?.events[0]?.after).toEqual({
    text: 'number 1',
  });
  await opened.close();
  server.close();
});

test('one server at a time brings events, and another goes on where it ended', async () => {
  const got: string[] = [];
  const carrier = (name: string): Carrier => ({
    name: 'shared',
    batchMax: 2,
    carry: async (organizationId, events) => {
      if (organizationId === 'org_shared') got.push(...events.map(({ sequence }) => `${name} ${sequence}`));
    },
    close: () => undefined,
  });
  for (let at = 0; at < 3; at += 1) await record('org_shared', 'x');
  const one = stream(carrier('one'), 'srv_1');
  await waitUntil(() => got.length === 3);
  const two = stream(carrier('two'), 'srv_2');
  await record('org_shared', 'x');
  two.wake();
  one.wake();
  await waitUntil(() => got.length === 4);
  await one.close();
  await record('org_shared', 'x');
  two.wake();
  await waitUntil(() => got.length === 5);
  await two.close();
  expect(got).toEqual(['one 1', 'one 2', 'one 3', 'one 4', 'two 5']);
});

/** What came over a connection, message by message, by the length before each. */
function readFrames(bytes: string): string[] {
  const frames: string[] = [];
  let rest = bytes;
  for (;;) {
    const [head = '', length = ''] = /^(\d+) /.exec(rest) ?? [];
    if (head === '' || rest.length < head.length + Number(length)) return frames;
    frames.push(rest.slice(head.length, head.length + Number(length)));
    rest = rest.slice(head.length + Number(length));
  }
}

const SYSLOG =
  /^<109>1 \d{4}-\d\d-\d\dT[\d:.]+Z host\.example tokenrouter - limit\.change - (\{[\x20-\x7e]*\})$/;

test('a syslog server gets every event over TCP and over verified TLS, with its length before it', async () => {
  const { cert, key } = makeCertificate('localhost');
  const received = { tcp: '', tls: '' };
  const read = (name: 'tcp' | 'tls') => (socket: import('node:net').Socket) =>
    void socket.setEncoding('latin1').on('data', (text: string) => {
      received[name] += text;
    });
  const plain = createServer(read('tcp'));
  const secure = createTlsServer({ cert, key }, read('tls'));
  const [tcpPort, tlsPort] = [await listening(plain), await listening(secure)];
  await record('org_syslog', 'ünïcode\nline');
  const base = { allowedHosts, resolve, hostname: 'host.example' };
  const ways = {
    tcp: { address: `tcp://127.0.0.1:${tcpPort}` },
    tls: { address: `tls://localhost:${tlsPort}`, ca: cert },
  };
  for (const name of ['tcp', 'tls'] as const) {
    const carrier = { ...openSyslogCarrier({ ...base, ...ways[name] }), name: `syslog-${name}` };
    const opened = stream(carrier);
    const own = () => readFrames(received[name]).filter((frame) => frame.includes('org_syslog'));
    await waitUntil(() => own().length === 1);
    const [, json = ''] = SYSLOG.exec(own()[0] ?? '') ?? [];
    expect(JSON.parse(json)).toMatchObject({
      organization_id: 'org_syslog',
      sequence: 1,
      actor: { label: 'Adä' },
    });
    await opened.close();
  }
  plain.close();
  secure.close();
});

test('a syslog server that takes nothing any more is given up, and keeps nobody waiting', async () => {
  const server = createServer((socket) => void socket.pause().on('error', () => undefined));
  const address = `tcp://127.0.0.1:${await listening(server)}`;
  const carrier = openSyslogCarrier({ address, allowedHosts, resolve, hostname: 'h', silenceMs: 100 });
  await record('org_silent', 'x');
  const [event] = await lab.test.store.audit.readAuditEvents('org_silent', { afterSequence: 0, limit: 1 });
  if (event === undefined) throw new Error('Nothing was written down.');
  // More than the system keeps for both ends.
  const large = { ...event, after: JSON.stringify('x'.repeat(100_000)) };
  await expect(
    carrier.carry(
      'org_silent',
      Array.from({ length: 300 }, () => large),
    ),
  ).rejects.toThrow();
  carrier.close();
  server.close();
});

test('a syslog server whose certificate nobody vouches for is told nothing', async () => {
  const { cert, key } = makeCertificate('localhost');
  let bytes = 0;
  const server = createTlsServer(
    { cert, key },
    (socket) => void socket.on('data', (chunk) => (bytes += chunk.length)),
  );
  server.on('tlsClientError', () => undefined);
  const port = await listening(server);
  const carrier = openSyslogCarrier({
    allowedHosts,
    resolve,
    hostname: 'x',
    address: `tls://localhost:${port}`,
  });
  const [event] = await lab.test.store.audit.readAuditEvents('org_syslog', { afterSequence: 0, limit: 1 });
  await expect(carrier.carry('org_syslog', event === undefined ? [] : [event])).rejects.toThrow();
  expect(bytes).toBe(0);
  server.close();
});

test('over UDP each event is one datagram of bounded size', async () => {
  const socket = createSocket('udp4');
  const got: string[] = [];
  socket.on('message', (message) => void got.push(message.toString('latin1')));
  await new Promise<void>((done) => socket.bind(0, '127.0.0.1', done));
  await record('org_udp', 'y'.repeat(1_900));
  const carrier = openSyslogCarrier({
    allowedHosts,
    resolve,
    hostname: 'host.example',
    address: `udp://127.0.0.1:${socket.address().port}`,
  });
  const events = await lab.test.store.audit.readAuditEvents('org_udp', { afterSequence: 0, limit: 5 });
  await carrier.carry('org_udp', events);
  await waitUntil(() => got.length === 1);
  const [, json = ''] = SYSLOG.exec(got[0] ?? '') ?? [];
  expect(got[0]?.length).toBeLessThanOrEqual(2_048);
  expect(JSON.parse(json)).toMatchObject({ organization_id: 'org_udp', after: '(cut)' });
  socket.close();
});

test.each([
  'tcp://127.0.0.1:9',
  'tls://localhost:9',
  'udp://127.0.0.1:9',
  'udp://169.254.169.254:514',
  'tcp://[::1]:9',
])('a syslog server at the private address %s that is not listed is not spoken to', async (address) => {
  const carrier = openSyslogCarrier({ allowedHosts: parseAllowedHosts([]), resolve, hostname: 'x', address });
  const [event] = await lab.test.store.audit.readAuditEvents('org_udp', { afterSequence: 0, limit: 1 });
  await expect(carrier.carry('org_udp', event === undefined ? [] : [event])).rejects.toThrow(
    'allow_private_hosts',
  );
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Server as TlsServer, request as tlsRequest } from 'node:https';
import { connect as connectPlain } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type PeerCertificate, type SecureVersion, type TLSSocket } from 'node:tls';
import { type FakeUpstream, makeCertificate, openFakeUpstream, playsOpenAi, streamsText } from '@app/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createTestServer, type TestServer } from '../../test/create-test-server.ts';
import { testKeys } from '../../test/test-keys.ts';
import { type CertificatePlace, readCertificate } from './read-certificate.ts';
import { type CertificateWatch, watchCertificate } from './watch-certificate.ts';

const certificate = makeCertificate('llm.example');
const trusting = (cert: string) => ({ servername: 'llm.example', ca: cert });
let upstream: FakeUpstream;
let server: TestServer;

const open = (minVersion: SecureVersion, limits = {}) =>
  createTestServer({
    providers: [{ id: 'acme', dialect: 'openai-chat', baseUrl: upstream.url, models: ['gpt-4o'] }],
    edge: { tls: { ...certificate, minVersion } },
    limits,
  });

beforeAll(async () => {
  upstream = await openFakeUpstream(playsOpenAi({ text: 'hello' }));
  server = await open('TLSv1.3');
});
afterAll(async () => {
  await server.close();
  await upstream.close();
});

type Reply = { status: number; headers: { [name: string]: string | string[] | undefined }; body: string };

function send(url: string, path: string, { body = '', key = testKeys.live as string } = {}): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${key}`, ...(body && { 'content-type': 'application/json' }) };
    const options = { ...trusting(certificate.cert), method: body ? 'POST' : 'GET', headers, agent: false };
    const asked = tlsRequest(new URL(path, url), options, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (piece: string) => {
        text += piece;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
      );
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

/** Resolves once the handshake is done; rejects when there is none. */
function shake(url: string, more: object = {}): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const port = Number(new URL(url).port);
    const socket = connect({ host: '127.0.0.1', port, ...trusting(certificate.cert), ...more }, () =>
      resolve(socket),
    );
    socket.on('error', reject);
  });
}

const chat = (more: object = {}) =>
  JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'hi' }], ...more });

describe('a server with a certificate of its own', () => {
  test('answers calls, whole and streamed, and tells every caller to come by HTTPS for a year', async () => {
    const whole = await send(server.url, '/v1/chat/completions', { body: chat() });
    expect([whole.status, whole.body]).toEqual([200, expect.stringContaining('hello')]);
    upstream.play(
      streamsText('data: {"choices":[{"index":0,"delta":{"content":"a"}}]}\n\ndata: [DONE]\n\n', {}),
    );
    const streamed = await send(server.url, '/v1/chat/completions', { body: chat({ stream: true }) });
    upstream.play(playsOpenAi({ text: 'hello' }));
    const replies = [
      whole,
      streamed,
      await send(server.url, '/health'),
      await send(server.url, '/nothing'),
      await send(server.url, '/v1/models', { key: 'tr_live_wrong' }),
      await send(server.url, '/v1/chat/completions', { body: chat(), key: 'tr_live_wrong' }),
    ];
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 404, 401, 401]);
    for (const { headers } of replies) {
      expect(headers['strict-transport-security']).toBe('max-age=31536000');
    }
  });

  test('speaks TLS 1.3 and nothing older, unless 1.2 was asked for, and nothing older than that at all', async () => {
    expect((await shake(server.url)).getProtocol()).toBe('TLSv1.3');
    await expect(shake(server.url, { maxVersion: 'TLSv1.2' })).rejects.toThrow(/version/);
    const older = await open('TLSv1.2');
    const socket = await shake(older.url, { maxVersion: 'TLSv1.2' });
    expect(socket.getProtocol()).toBe('TLSv1.2');
    await expect(shake(older.url, { minVersion: 'TLSv1', maxVersion: 'TLSv1.1' })).rejects.toThrow();
    socket.destroy();
    await older.close();
  });

  test.each(['GET /health HTTP/1.1\r\nhost: a\r\n\r\n', 'not TLS at all\r\n\r\n'])(
    'says nothing to who speaks no TLS (%j)',
    async (text) => {
      const socket = connectPlain(Number(new URL(server.url).port), '127.0.0.1');
      const pieces: Buffer[] = [];
      socket.on('data', (piece: Buffer) => pieces.push(piece));
      socket.on('error', () => undefined);
      const closed = new Promise((resolve) => socket.once('close', resolve));
      socket.write(text);
      await closed;
      // A TLS alert at most, and no word of HTTP.
      expect(Buffer.concat(pieces).toString('latin1')).not.toContain('HTTP/');
    },
  );

  test('ends a handshake that is begun and not gone on with', async () => {
    const hasty = await open('TLSv1.3', { headersTimeoutMs: 60 });
    const socket = connectPlain(Number(new URL(hasty.url).port), '127.0.0.1');
    socket.on('error', () => undefined);
    socket.resume();
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.write(Buffer.from([0x16, 0x03, 0x01]));
    await closed;
    await hasty.close();
  });
});

describe('a certificate that changes', () => {
  const lines: { level: string; about: object; message: string }[] = [];
  const log = {
    info: (about: object, message: string) => void lines.push({ level: 'info', about, message }),
    error: (about: object, message: string) => void lines.push({ level: 'error', about, message }),
  };
  let dir: string;
  let place: CertificatePlace;
  let watch: CertificateWatch | undefined;
  /** What waits for its time: each look asks for the next. */
  let looks: (() => void)[] = [];
  const look = () => {
    for (const run of looks.splice(0)) run();
  };
  let version = 0;
  const write = (name: 'certFile' | 'keyFile', text: string): void => {
    version += 1;
    writeFileSync(place[name], `${text}${'\n'.repeat(version)}`);
  };
  const put = (pair: { cert: string; key: string }) => {
    write('certFile', pair.cert);
    write('keyFile', pair.key);
  };
  const shown = async (): Promise<PeerCertificate['fingerprint256']> => {
    const socket = await shake(server.url, { rejectUnauthorized: false });
    const { fingerprint256 } = socket.getPeerCertificate();
    socket.destroy();
    return fingerprint256;
  };
  const start = () => {
    watch = watchCertificate({
      place,
      nowMs: () => Date.parse('2030-01-01'),
      schedule: (_, run) => {
        looks.push(run);
        return () => {
          looks = looks.filter((each) => each !== run);
        };
      },
      apply: (tls) => {
        if (server.app.server instanceof TlsServer) server.app.server.setSecureContext(tls);
      },
      log,
    });
  };

  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'tr-cert-'));
    place = { certFile: join(dir, 'cert.pem'), keyFile: join(dir, 'key.pem'), minVersion: 'TLSv1.3' };
  });
  afterEach(() => {
    watch?.close();
    expect(looks).toEqual([]);
    lines.length = 0;
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  test('is taken over without a restart, and connections that are open keep theirs', async () => {
    put(certificate);
    start();
    const kept = await shake(server.url);
    const before = await shown();
    look();
    expect(await shown()).toBe(before);
    expect(lines).toEqual([]);
    put(makeCertificate('llm.example'));
    look();
    expect(await shown()).not.toBe(before);
    kept.write('GET /health HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n');
    const [answer] = await new Promise<Buffer[]>((resolve) => kept.once('data', (data) => resolve([data])));
    expect(String(answer)).toMatch(/^HTTP\/1\.1 200/);
    expect(lines.map(({ level }) => level)).toEqual(['info']);
    kept.destroy();
  });

  test.each<[string, (before: { cert: string; key: string }) => void]>([
    ['no certificate at all', () => write('certFile', 'garbage')],
    ['the certificate of another key', () => write('certFile', makeCertificate('llm.example').cert)],
    ['out of date', () => put(makeCertificate('llm.example', { until: '2029-12-31' }))],
    ['gone', () => rmSync(place.keyFile)],
  ])('and is %s leaves the old one in use, and is told once', async (_, spoil) => {
    const good = makeCertificate('llm.example');
    put(good);
    start();
    watch?.reload();
    const before = await shown();
    lines.length = 0;
    spoil(good);
    look();
    look();
    expect(await shown()).toBe(before);
    expect(lines.map(({ level }) => level)).toEqual(['error']);
    expect(JSON.stringify(lines)).not.toMatch(/PRIVATE|BEGIN|garbage/);
    put(makeCertificate('llm.example'));
    look();
    expect(await shown()).not.toBe(before);
  });

  test('in two steps, the certificate first and its key later, is taken over once both are there', async () => {
    put(certificate);
    start();
    watch?.reload();
    const before = await shown();
    const next = makeCertificate('llm.example');
    write('certFile', next.cert);
    look();
    expect(await shown()).toBe(before);
    write('keyFile', next.key);
    look();
    expect(await shown()).not.toBe(before);
  });

  test('is read at once when the process is told so', async () => {
    put(certificate);
    start();
    watch?.reload();
    const before = await shown();
    put(makeCertificate('llm.example'));
    watch?.reload();
    expect(await shown()).not.toBe(before);
  });

  test('is refused from the start when it is of no use, in a sentence that quotes nothing of it', () => {
    write('certFile', 'secret-looking garbage');
    expect(readCertificate(place)).toEqual({
      ok: false,
      problem: expect.stringContaining('not a pair in PEM'),
    });
    expect(readCertificate({ ...place, keyFile: join(dir, 'none') })).toMatchObject({ ok: false });
  });
});

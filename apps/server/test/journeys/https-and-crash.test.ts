import { readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { makeCertificate } from '@app/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeCanary, searchFolder, searchText } from '../find-canaries.ts';
import { eventually, makePlace, type Place, type ServerProcess, startProcess } from '../start-process.ts';

const canary = makeCanary();
const first = makeCertificate('localhost');
let place: Place;
let server: ServerProcess;

beforeAll(async () => {
  place = makePlace('', { TOKENROUTER_LOG_LEVEL: 'trace', SOME_SECRET: canary });
  const [cert, key, preload] = ['cert.pem', 'key.pem', 'preload.mjs'].map((name) => join(place.dir, name));
  writeFileSync(cert ?? '', first.cert);
  writeFileSync(key ?? '', first.key, { mode: 0o600 });
  // Stands for a defect that nobody foresaw, with what was in hand in its message and fields.
  const defect = `Object.assign(new TypeError('broke with ${canary}'), { key: '${canary}' })`;
  writeFileSync(
    preload ?? '',
    `process.on('SIGUSR2', () => { Promise.reject(${defect}); throw ${defect}; });`,
  );
  Object.assign(place.environment, {
    TOKENROUTER_TLS_CERT_FILE: cert,
    TOKENROUTER_TLS_KEY_FILE: key,
    // Also where somebody asked Node for reports of everything.
    NODE_OPTIONS: `--import ${preload} --report-uncaught-exception --report-on-fatalerror --report-directory=${place.dir}`,
  });
  server = await startProcess(place);
}, 120_000);
afterAll(async () => {
  await server?.kill();
  place?.remove();
});

const fingerprint = () =>
  new Promise<string>((resolve, reject) => {
    const port = Number(new URL(server.url).port);
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().fingerprint256);
      socket.destroy();
    });
    socket.on('error', reject);
  });

const statusOf = (path: string) =>
  new Promise<number>((resolve, reject) => {
    request(
      new URL(path, server.url),
      { ca: first.cert, servername: 'localhost', agent: false },
      (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      },
    )
      .on('error', reject)
      .end();
  });

test('a server with a certificate answers by HTTPS, and takes over a new one when it is told to look', async () => {
  expect(server.url).toMatch(/^https:/);
  expect(await statusOf('/health')).toBe(200);
  const before = await fingerprint();
  const next = makeCertificate('localhost');
  writeFileSync(join(place.dir, 'cert.pem'), next.cert);
  writeFileSync(join(place.dir, 'key.pem'), next.key);
  process.kill(server.pid, 'SIGHUP');
  await eventually(async () => ((await fingerprint()) === before ? undefined : true));
}, 60_000);

test.skipIf(process.platform !== 'linux')(
  'nothing of its memory, or of what it started, would be in a core file',
  () => {
    expect(Number(`0x${readFileSync(`/proc/${server.pid}/coredump_filter`, 'utf8').trim()}`)).toBe(0);
  },
);

test('what nobody foresaw ends it in order and with a failure, and no secret that was in hand is written down', async () => {
  process.kill(server.pid, 'SIGUSR2');
  await server.ended;
  expect(await server.stop()).toBe(1);
  const output = server.output();
  expect(output).toContain('Something failed that nobody foresaw.');
  expect(output).toContain('"kind":"TypeError"');
  expect(output).toContain('Stopping');
  expect(searchText(output, 'logs', { canary })).toEqual([]);
  expect(searchFolder(place.dataDir, { canary })).toEqual([]);
  const reports = searchFolder(place.dir, { canary }).filter(({ place: at }) => !at.endsWith('preload.mjs'));
  expect(reports).toEqual([]);
}, 60_000);

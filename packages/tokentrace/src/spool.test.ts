import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { answerStatus, type IngestServer, openIngestServer } from '../test/open-ingest-server.ts';
import { openTestTracer } from '../test/open-test-tracer.ts';

let server: IngestServer;
let dir: string;
beforeEach(async () => {
  server = await openIngestServer();
  dir = join(mkdtempSync(join(tmpdir(), 'tokentrace-spool-')), 'spool');
});
afterEach(async () => {
  await server.close();
  rmSync(join(dir, '..'), { recursive: true, force: true });
});

test('what could not be sent waits on the disk, redacted and for its owner only, and arrives at the next start', async () => {
  const options = { endpoint: server.endpoint, spool: { dir }, piiRedaction: true };
  const first = openTestTracer(options).tracer;
  server.script(answerStatus(503, { 'retry-after': '60' }));
  first.span('kept', () => {}, { input: 'write to dora@example.org' });
  expect(await first.shutdown()).toBe(false);
  expect(first.stats().dropped).toEqual({});
  const [name = ''] = readdirSync(dir);
  expect(statSync(join(dir, name)).mode & 0o777).toBe(0o600);
  expect(statSync(dir).mode & 0o777).toBe(0o700);
  expect(readFileSync(join(dir, name), 'utf8')).toContain('[EMAIL_1]');

  const second = openTestTracer(options).tracer;
  expect(await second.flush()).toBe(true);
  expect(server.spans().at(-1)).toMatchObject({ name: 'kept', input: 'write to [EMAIL_1]' });
  expect(second.stats().accepted).toBe(1);
  expect(readdirSync(dir)).toEqual([]);
});

test('a spool that is full takes no more, and what does not fit is counted', async () => {
  const { tracer } = openTestTracer({ endpoint: server.endpoint, spool: { dir, maxBytes: 100 } });
  server.script(answerStatus(503, { 'retry-after': '60' }));
  tracer.span('lost', () => {});
  await tracer.shutdown();
  expect(readdirSync(dir)).toEqual([]);
  expect(tracer.stats().dropped).toEqual({ unreachable: 1 });
});

test('what a process that died had taken is sent by the next one, and half a file is removed', async () => {
  openTestTracer({ endpoint: server.endpoint, spool: { dir } });
  const body = '{"sdk":{"name":"tokentrace","version":"2.0.0"},"spans":[],"scores":[]}';
  // No process has this number: it is above the largest that Linux gives.
  writeFileSync(join(dir, '1700000000000-aa.json.taken-4194305'), body);
  writeFileSync(join(dir, '1700000000001-bb.json.part-4194305'), '{"sdk":');
  const { tracer } = openTestTracer({ endpoint: server.endpoint, spool: { dir } });
  expect(await tracer.flush()).toBe(true);
  expect(server.arrivals).toHaveLength(1);
  expect(readdirSync(dir)).toEqual([]);
});

test('a folder that cannot be used is told of, and tracing goes on without it', async () => {
  writeFileSync(join(dir, '..', 'file'), '');
  const codes: string[] = [];
  const { tracer } = openTestTracer({
    endpoint: server.endpoint,
    spool: { dir: join(dir, '..', 'file', 'below') },
    onError: ({ code }) => void codes.push(code),
  });
  tracer.span('sent', () => {});
  expect(await tracer.flush()).toBe(true);
  expect(codes).toContain('spool');
});

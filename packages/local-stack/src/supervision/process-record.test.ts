import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { makeTestFolder } from '../../test/open-test-clickhouse.ts';
import { findProcess, isRunning, stopProcess } from './process-identity.ts';
import { deleteProcessRecord, findRecordedProcess, writeProcessRecord } from './process-record.ts';

const folder = makeTestFolder();
const file = join(folder.path, 'process.json');

afterAll(() => folder.remove());

test('a recorded process is found while it runs and stopped, even if it does not want to', async () => {
  const child = spawn('sh', ['-c', "trap '' TERM; echo ready; while :; do sleep 0.05; done"], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  const pid = child.pid ?? 0;
  writeProcessRecord(file, pid);
  const found = findRecordedProcess(file);
  expect(found).toEqual(findProcess(pid));
  if (found) await stopProcess(found, { signal: 'SIGTERM', graceMs: 100 });
  expect(findRecordedProcess(file)).toBeUndefined();
});

test('a pid that now belongs to another process is not taken for the recorded one', () => {
  writeFileSync(file, JSON.stringify({ pid: process.pid, startedAt: 'another boot/1' }));
  expect(findRecordedProcess(file)).toBeUndefined();
  expect(isRunning({ pid: process.pid, startedAt: 'another boot/1' })).toBe(false);
});

test('a damaged record counts as none', () => {
  for (const text of ['', '{', '[]', '{"pid":"1"}']) {
    writeFileSync(file, text);
    expect(findRecordedProcess(file)).toBeUndefined();
  }
  deleteProcessRecord(file);
  expect(() => readFileSync(file)).toThrow();
});

import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeTestFolder } from '../../test/open-test-clickhouse.ts';
import { findInstance, openInstance } from './open-instance.ts';

let folder: ReturnType<typeof makeTestFolder>;

beforeEach(() => {
  folder = makeTestFolder();
});

afterEach(() => folder.remove());

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

/** A process that owns the data folder until it is killed. */
async function spawnOwner(dataDir: string): Promise<{ pid: number; kill(): Promise<void> }> {
  const entry = fileURLToPath(new URL('./open-instance.ts', import.meta.url));
  const script = `import { openInstance } from ${JSON.stringify(entry)};
    await openInstance({ dataDir: ${JSON.stringify(dataDir)} }); process.stdout.write('ready'); setInterval(() => {}, 1e6);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  const gone = new Promise((resolve) => child.once('exit', resolve));
  return {
    pid: child.pid ?? 0,
    async kill() {
      child.kill('SIGKILL');
      await gone;
    },
  };
}

test('the first start gets a private run folder and says in run.json where things are', async () => {
  const dataDir = join(folder.path, 'data');
  const instance = await openInstance({ dataDir, now: () => new Date('2026-01-02T03:04:05Z') });
  expect(modeOf(instance.runDir)).toBe('700');
  expect(modeOf(join(dataDir, 'run.json'))).toBe('600');
  expect(Buffer.byteLength(join(instance.runDir, '.s.PGSQL.5432'))).toBeLessThanOrEqual(107);
  instance.publish({ postgresHost: instance.runDir, clickhouseSocketPath: join(instance.runDir, 'c.sock') });
  expect(await findInstance({ dataDir })).toEqual({
    pid: process.pid,
    startedAt: '2026-01-02T03:04:05.000Z',
    runDir: instance.runDir,
    postgresHost: instance.runDir,
    clickhouseSocketPath: join(instance.runDir, 'c.sock'),
  });
  await instance.close();
  expect(existsSync(instance.runDir)).toBe(false);
  expect(await findInstance({ dataDir })).toBeUndefined();
});

test('a second start on the same folder is refused with a sentence that names folder and process', async () => {
  const owner = await spawnOwner(folder.path);
  const sentence = `TokenRouter is already running on ${folder.path} (pid ${owner.pid}).`;
  await expect(openInstance({ dataDir: folder.path })).rejects.toThrow(sentence);
  await expect(openInstance({ dataDir: folder.path })).rejects.toThrow(sentence);
  await owner.kill();
});

test('a killed server is taken over from, and its run folder is removed', async () => {
  const owner = await spawnOwner(folder.path);
  const left = (await findInstance({ dataDir: folder.path }))?.runDir ?? '';
  await owner.kill();
  expect(existsSync(left)).toBe(true);
  expect(await findInstance({ dataDir: folder.path })).toBeUndefined();
  const instance = await openInstance({ dataDir: folder.path });
  expect(existsSync(left)).toBe(false);
  expect((await findInstance({ dataDir: folder.path }))?.pid).toBe(process.pid);
  await instance.close();
});

test('of several starts at the same moment exactly one wins, also after a kill', async () => {
  const owner = await spawnOwner(folder.path);
  await owner.kill();
  const starts = await Promise.allSettled(
    Array.from({ length: 8 }, () => openInstance({ dataDir: folder.path })),
  );
  const winners = starts.filter((start) => start.status === 'fulfilled');
  expect(winners).toHaveLength(1);
  for (const winner of winners) await winner.value.close();
});

test('a data folder with a path too long for a socket works', async () => {
  const dataDir = join(folder.path, 'long'.repeat(30), 'deep'.repeat(30));
  mkdirSync(dataDir, { recursive: true });
  const instance = await openInstance({ dataDir });
  await expect(openInstance({ dataDir })).rejects.toThrow(/already running/);
  expect(await findInstance({ dataDir })).toMatchObject({ pid: process.pid });
  await instance.close();
});

test('an owner that is too busy to answer still owns the folder', async () => {
  const mute = createServer(() => undefined);
  await new Promise<void>((resolve) => mute.listen(join(folder.path, 'control.sock'), resolve));
  await expect(openInstance({ dataDir: folder.path })).rejects.toThrow(/already running/);
  mute.close();
});

test('a folder named by run.json that is not ours is not removed', async () => {
  const owner = await spawnOwner(folder.path);
  await owner.kill();
  const precious = join(folder.path, 'tr-abcdef');
  mkdirSync(precious);
  const record = JSON.parse(readFileSync(join(folder.path, 'run.json'), 'utf8'));
  writeFileSync(join(folder.path, 'run.json'), JSON.stringify({ ...record, runDir: precious }));
  const instance = await openInstance({ dataDir: folder.path });
  expect(existsSync(precious)).toBe(true);
  await instance.close();
});

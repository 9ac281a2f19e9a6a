import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { rowsOf } from '../test/memory-store.ts';
import { createFolder, createLog, KEY } from '../test/spool-folder.ts';
import { resolveContents } from './contents.ts';
import { openLoader } from './loader.ts';
import type { ContentRow, SpanRow } from './ports.ts';
import { openSpool } from './spool.ts';

const CHILD = fileURLToPath(new URL('../test/calls-until-killed.ts', import.meta.url));
/** Half of them before the loader has begun, half while it is at work. CRASH_KILLS asks for a longer run. */
const KILLS = Number(process.env.CRASH_KILLS ?? 4);

test('every call acknowledged before a kill -9 is stored once and only once, with its contents', {
  timeout: 120_000,
}, async () => {
  const spoolDir = join(createFolder(), 'spool');
  const storeDir = createFolder();
  mkdirSync(spoolDir);
  const acknowledged: number[] = [];
  for (let kill = 0; kill < KILLS; kill += 1) {
    const run = { spoolDir, storeDir, first: kill * 100_000, count: 20 + 60 * kill };
    // On a busy machine the first of them may be killed before the loader has begun.
    acknowledged.push(...(await recordUntilKilled({ ...run, isLoaderAwaited: kill >= KILLS / 2 })));
  }
  const beforeLast = readStored(storeDir).spans.length;
  await loadTheRest(spoolDir, storeDir);

  const { spans, contents } = readStored(storeDir);
  const calls = spans.filter(({ kind }) => kind === 'call');
  const ids = calls.map(({ trace_id }) => trace_id);
  expect(new Set(ids).size).toBe(ids.length);
  const stored = new Set(ids.map((id) => Number.parseInt(id, 16)));
  expect(acknowledged.filter((number) => !stored.has(number))).toEqual([]);
  expect(spans).toHaveLength(2 * calls.length);
  for (const call of calls) {
    const request = JSON.parse(resolveContents(call.request, (digest) => contents.get(digest)));
    expect(request.messages[1].content).toBe(`call ${Number.parseInt(call.trace_id, 16)}`);
  }
  // The kills met the loader at work: part was stored before and part after them.
  expect(acknowledged.length).toBeGreaterThan(KILLS * 20);
  expect(beforeLast).toBeGreaterThan(0);
  expect(readdirSync(spoolDir).filter((name) => name.endsWith('.segment'))).toEqual([]);
});

/** Resolves to the numbers that the process had said before it was killed. */
function recordUntilKilled(run: {
  spoolDir: string;
  storeDir: string;
  first: number;
  count: number;
  isLoaderAwaited: boolean;
}): Promise<number[]> {
  const child = spawn(process.execPath, [CHILD, run.spoolDir, run.storeDir, String(run.first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const hasLoaded = !run.isLoaderAwaited || readdirSync(run.storeDir).length > 0;
      if (hasLoaded && said.split('\n').length > run.count) child.kill('SIGKILL');
    });
    child.on('error', reject);
    child.on('close', (_, signal) => {
      if (signal !== 'SIGKILL') reject(new Error('The process ended by itself.'));
      // A number cut off at the end was not said whole.
      else resolve(said.split('\n').slice(0, -1).map(Number));
    });
  });
}

async function loadTheRest(spoolDir: string, storeDir: string): Promise<void> {
  const clock = { nowMs: () => Date.now() };
  const schedule = (delayMs: number, run: () => void) => {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  };
  const log = createLog();
  const spool = openSpool({ dir: spoolDir, key: KEY, clock, schedule, log });
  const loader = openLoader({
    ...{ spool, key: KEY, contentKey: KEY, nameKey: KEY, clock, schedule, log },
    limits: { loadBytesMax: 8_000 },
    load: async ({ token, spans, contents }) => {
      const file = join(storeDir, `${token}.json`);
      if (readdirSync(storeDir).includes(`${token}.json`)) return;
      writeFileSync(file, JSON.stringify({ spans: spans.toString(), contents: contents.toString() }));
    },
  });
  expect(await loader.drain(60_000)).toBe(true);
  expect(loader.stats()).toMatchObject({ poisonRecords: 0, setAsideSegments: 0, lagMs: 0 });
  await loader.close();
  await spool.close();
}

function readStored(storeDir: string) {
  const spans: SpanRow[] = [];
  const contents = new Map<string, string>();
  for (const name of readdirSync(storeDir).filter((file) => file.endsWith('.json'))) {
    const load = JSON.parse(readFileSync(join(storeDir, name), 'utf8'));
    spans.push(...rowsOf<SpanRow>(Buffer.from(load.spans)));
    for (const row of rowsOf<ContentRow>(Buffer.from(load.contents))) contents.set(row.digest, row.content);
  }
  return { spans, contents };
}

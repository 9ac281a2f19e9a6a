import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JournalClaim } from '@app/gateway';
import fc from 'fast-check';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type OpenUsage, openUsage } from '../../src/limits/open-usage.ts';
import { openTestStore, type TestStore } from '../open-test-store.ts';
import { waitUntil } from '../wait-until.ts';

const KEY = Buffer.alloc(32, 5);
const today = Date.UTC(2026, 4, 3);

let stored: TestStore;
let counted = 0;

beforeAll(async () => {
  stored = await openTestStore();
});
afterAll(() => stored?.close());

/** A server's usage in a folder, with a PostgreSQL that it can lose. */
async function openServer(dataDir: string, options: { spoolKey?: Buffer } = {}) {
  counted += 1;
  const log: string[] = [];
  let isAway = false;
  const { limitUsage } = stored.store;
  const guarded: typeof limitUsage.applyLimitSegment = async (segment) => {
    if (isAway) throw new Error('away');
    return limitUsage.applyLimitSegment(segment);
  };
  const usage = await openUsage({
    usage: { ...limitUsage, applyLimitSegment: guarded },
    deleteServer: stored.store.keys.deleteServer,
    dataDir,
    spoolKey: options.spoolKey ?? KEY,
    serverId: `srv_${counted}`,
    nowMs: () => Date.now(),
    schedule: (delayMs, run) => {
      const timer = setTimeout(run, delayMs);
      return () => clearTimeout(timer);
    },
    atTurnEnd: (run) => void setImmediate(run),
    log: pino({ level: 'warn' }, { write: (line) => void log.push(line) }),
  });
  let isClosed = false;
  const close = async () => {
    if (isClosed) return;
    isClosed = true;
    await usage.close();
  };
  onTestFinished(close);
  return {
    usage,
    log,
    close,
    setAway: (away: boolean) => {
      isAway = away;
    },
    /** What is in the kernel's hands now is what a kill leaves; the rest of this process is never heard of again. */
    kill: (): string => {
      const copy = createFolder();
      cpSync(dataDir, copy, { recursive: true });
      isAway = true;
      return copy;
    },
  };
}

function createFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'tr-limits-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true, maxRetries: 5 }));
  return dir;
}

const claimOf = (limitId: string, changes: Partial<JournalClaim> = {}): JournalClaim => ({
  limitId,
  subject: '',
  periodStartMs: today,
  amount: 100,
  floor: 10,
  ...changes,
});

const usedOf = async (limitId: string, subject = ''): Promise<number> =>
  (await stored.store.limitUsage.findLimitUsage([{ limitId, subject, periodStartMs: today }]))[0]?.used ?? 0;

/** One call from its reservation to its end. */
function call({ journal }: OpenUsage, used: number, claim: JournalClaim): void {
  journal.reserved(used, [claim]);
  journal.settled(used, [claim], [used]);
}

test('what was used is in PostgreSQL a second later, by itself and once', async () => {
  const { usage } = await openServer(createFolder());
  for (let hold = 0; hold < 100; hold += 1) call(usage, hold, claimOf('lim_soon'));
  await waitUntil(async () => (await usedOf('lim_soon')) > 0, 10_000);
  await usage.flush();
  await usage.flush();
  expect(await usedOf('lim_soon')).toBe(4_950);
  expect(usage.stats()).toEqual({
    waitingBytes: 0,
    isBehind: false,
    refusedWrites: 0,
    lostChanges: 0,
    setAsideSegments: 0,
  });
});

type Step =
  | { kind: 'reserve'; floor: number }
  | { kind: 'settle'; used: number }
  | { kind: 'flush' }
  | { kind: 'write' }
  | { kind: 'kill' };

/** Plays calls and kills on one count, and holds what PostgreSQL has of it against what it should have. */
async function play(limitId: string, steps: readonly Step[]): Promise<void> {
  let server = await openServer(createFolder());
  let open: JournalClaim[] = [];
  let expected = 0;
  const kill = async () => {
    server.usage.flushTurn();
    for (const { floor } of open) expected += floor;
    open = [];
    server = await openServer(server.kill());
    expect(await usedOf(limitId)).toBe(expected);
  };
  for (const step of steps) {
    const { journal, flush, flushTurn } = server.usage;
    if (step.kind === 'kill') await kill();
    else if (step.kind === 'flush') await flush();
    else if (step.kind === 'write') flushTurn();
    else if (step.kind === 'reserve') {
      open.push(claimOf(limitId, { floor: step.floor }));
      journal.reserved(0, open.slice(-1));
    } else {
      const claims = open.splice(0, 1);
      journal.settled(0, claims, [step.used]);
      expected += claims.length * step.used;
    }
  }
  await server.usage.flush();
  expect(await usedOf(limitId)).toBe(expected);
  await server.close();
}

test('whenever a server is killed, what was settled is charged, what was under way costs its floor, and nothing twice', async () => {
  const step: fc.Arbitrary<Step> = fc.oneof(
    fc.record({ kind: fc.constant('reserve' as const), floor: fc.integer({ min: 0, max: 50 }) }),
    fc.record({ kind: fc.constant('settle' as const), used: fc.integer({ min: 0, max: 500 }) }),
    fc.constantFrom<Step>({ kind: 'flush' }, { kind: 'write' }, { kind: 'kill' }),
  );
  let runs = 0;
  const law = fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), (steps) => {
    runs += 1;
    return play(`lim_law_${runs}`, steps);
  });
  await fc.assert(law, { numRuns: 25, seed: 11 });
}, 60_000);

test('a crash between the commit and the deletion of the file counts nothing twice', async () => {
  const dataDir = createFolder();
  const server = await openServer(dataDir);
  server.setAway(true);
  call(server.usage, 70, claimOf('lim_twice'));
  await server.usage.flush();
  const copy = createFolder();
  cpSync(dataDir, copy, { recursive: true });
  server.setAway(false);
  expect(await server.usage.flush()).toBe(true);
  expect(await usedOf('lim_twice')).toBe(70);
  await openServer(copy);
  expect(await usedOf('lim_twice')).toBe(70);
});

test('while PostgreSQL is away everything waits on the disk, and the operator sees it', async () => {
  const { usage, setAway, log } = await openServer(createFolder());
  setAway(true);
  for (let round = 0; round < 20; round += 1) {
    call(usage, 5, claimOf('lim_away'));
    expect(await usage.flush()).toBe(false);
  }
  expect(usage.stats()).toMatchObject({ isBehind: true, lostChanges: 0 });
  expect(usage.stats().waitingBytes).toBeGreaterThan(0);
  expect(log.filter((line) => line.includes('waits on the disk'))).toHaveLength(1);
  setAway(false);
  expect(await usage.flush()).toBe(true);
  expect(await usedOf('lim_away')).toBe(100);
});

test('a write that was torn loses only itself, and a damaged file is set aside and told', async () => {
  const first = await openServer(createFolder());
  first.setAway(true);
  for (const used of [3, 5]) {
    call(first.usage, used, claimOf('lim_torn', { floor: 0 }));
    first.usage.flushTurn();
  }
  const torn = first.kill();
  const [name = ''] = segmentsIn(torn);
  truncateSync(join(torn, 'limits', name), statSync(join(torn, 'limits', name)).size - 3);
  const second = await openServer(torn);
  expect(await usedOf('lim_torn')).toBe(3);
  expect(second.usage.stats().setAsideSegments).toBe(0);

  call(second.usage, 7, claimOf('lim_torn'));
  second.usage.flushTurn();
  const foreign = await openServer(second.kill(), { spoolKey: Buffer.alloc(32, 6) });
  expect(foreign.usage.stats().setAsideSegments).toBe(1);
  expect(foreign.log.join('')).toContain('set aside');
  expect(await usedOf('lim_torn')).toBe(3);
});

test('a disk that refuses everything stops no call: what was used stays in memory until PostgreSQL has it', async () => {
  const dataDir = createFolder();
  const { usage, setAway } = await openServer(dataDir);
  setAway(true);
  rmSync(join(dataDir, 'limits'), { recursive: true });
  for (let hold = 0; hold < 10; hold += 1) {
    call(usage, 9, claimOf('lim_disk'));
    usage.flushTurn();
  }
  expect(await usage.flush()).toBe(false);
  expect(usage.stats()).toMatchObject({ refusedWrites: 10, lostChanges: 0, isBehind: true });
  setAway(false);
  expect(await usage.flush()).toBe(true);
  expect(await usedOf('lim_disk')).toBe(90);
});

test('names of users and limits are not in the files, which only their owner may read', async () => {
  const dataDir = createFolder();
  const { usage, setAway } = await openServer(dataDir);
  setAway(true);
  call(usage, 5, claimOf('lim_canary', { subject: 'user-canary@example.org' }));
  await usage.flush();
  const folder = join(dataDir, 'limits');
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  expect(files.length).toBeGreaterThan(0);
  for (const { name, parentPath } of files) {
    const path = join(parentPath, name);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, 'latin1')).not.toContain('canary');
  }
  setAway(false);
  await usage.flush();
  expect(await usedOf('lim_canary', 'user-canary@example.org')).toBe(5);
});

function segmentsIn(dataDir: string): string[] {
  return readdirSync(join(dataDir, 'limits')).filter((name) => name.endsWith('.segment'));
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type BatchHead,
  createPriceOf,
  createRecorder,
  type LoadSegment,
  mergeParts,
  NO_PRICES,
  openLoader,
  openSpool,
  readBatch,
} from '@app/tracing';
import { expect, test } from 'vitest';
import { useClickhouse } from '../../test/clickhouse-engine.ts';
import { hostileBatch, hostileCall } from '../../test/hostile-batches.ts';
import { silentLog } from '../../test/silent-log.ts';
import { createLoadSegment } from './load-segment.ts';

const clickhouse = useClickhouse();
const KEY = Buffer.alloc(32, 7);
const clock = { nowMs: () => Date.now() };
const schedule = (delayMs: number, run: () => void) => {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
};

/** `HOSTILE_BATCHES=20000 HOSTILE_FIRST=5000` looks further. */
const BATCHES = Number(process.env.HOSTILE_BATCHES ?? 800);
const FIRST = Number(process.env.HOSTILE_FIRST ?? 0);

test('no batch that was taken, and no call, whatever is in it, becomes a row that the trace store refuses', async () => {
  const lab = await openLab();
  const nowMs = Date.now();
  let taken = 0;
  for (let n = FIRST; n < FIRST + BATCHES; n += 1) {
    if (n % 4 === 0) lab.recordCall(hostileCall(n, nowMs));
    const { source, body } = hostileBatch(n, nowMs);
    taken += lab.take({ ...HEAD, batchSource: source, receivedAtMs: nowMs }, body);
  }
  expect(taken).toBeGreaterThan(BATCHES);
  expect(await lab.loader.drain(60_000)).toBe(true);
  expect(lab.refused).toEqual([]);
  expect(lab.loader.stats()).toMatchObject({ poisonRecords: 0, failures: 0, setAsideSegments: 0 });
  // One that is made wrong on its way is seen.
  lab.spoilNext();
  lab.recordCall(hostileCall(1, nowMs));
  expect(await lab.loader.drain(60_000)).toBe(true);
  expect(lab.refused).toEqual(['spans 27']);
  await lab.close();
}, 120_000);

const HEAD: Omit<BatchHead, 'batchSource' | 'receivedAtMs'> = {
  ...{ kind: 'batch', organizationId: 'org', projectId: 'hostile', keyId: 'key', mode: 'live' },
  ...{ environment: 'production', capture: 'full' },
};

/** From what comes to rows in the real engine, as the running server does it. */
async function openLab() {
  const dir = await mkdtemp(join(tmpdir(), 'hostile-'));
  const common = { clock, schedule, log: silentLog };
  const spool = openSpool({ ...common, dir, key: KEY });
  const priceOf = createPriceOf(NO_PRICES);
  const store = createLoadSegment(clickhouse.get(), { mergeParts: (parts) => mergeParts(parts, priceOf) });
  const refused: string[] = [];
  let isSpoiling = false;
  const load: LoadSegment = (segment) => {
    const more = isSpoiling
      ? '{"project_id":"hostile","started_at":"2026-05-01T00:00:00Z","version":"x"}\n'
      : '';
    const spans = Buffer.concat([segment.spans, Buffer.from(more)]);
    return store({ ...segment, spans }, ({ table, code }) => refused.push(`${table} ${code}`));
  };
  const loader = openLoader({ ...common, spool, load, key: KEY, contentKey: KEY, nameKey: KEY });
  return {
    loader,
    refused,
    recordCall: createRecorder({ spool, log: silentLog }).recordCall,
    /** How much of it was taken: what no batch is is refused at the door. */
    take: (head: BatchHead, body: Buffer): number => {
      try {
        const { spans, scores } = readBatch(head.batchSource, body, head);
        spool.appendWhole(JSON.stringify(head), [body]);
        return spans.length + scores.length;
      } catch (error) {
        if (error instanceof Error && error.name === 'BatchError') return 0;
        throw error;
      }
    },
    spoilNext: () => {
      isSpoiling = true;
    },
    close: async () => {
      await loader.close();
      await spool.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

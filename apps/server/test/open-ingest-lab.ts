import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuthenticate, type Principal } from '@app/gateway';
import { openSpool, readBatch } from '@app/tracing';
import { createApp } from '../src/http/create-app.ts';
import { type EdgeLimits, edgeDefaults } from '../src/http/edge-limits.ts';
import { createIngestCounts } from '../src/ingest/create-ingest-counts.ts';
import { createIngestRates } from '../src/ingest/create-ingest-rates.ts';
import { createTakeBatch } from '../src/ingest/create-take-batch.ts';
import { type IngestLimits, ingestDefaults } from '../src/ingest/ingest-limits.ts';
import { openIngestThread } from '../src/ingest/open-ingest-thread.ts';
import { ingestRoutes } from '../src/routes/ingest/ingest-routes.ts';
import { schedule } from '../src/start/schedule.ts';
import { silentLog } from './open-test-store.ts';
import { readBatchRecords } from './read-batch-records.ts';
import { digest, findTestPrincipal } from './test-keys.ts';

/** Of the spools of labs. */
export const LAB_KEY = Buffer.alloc(32, 3);

export type IngestLabOptions = {
  limits?: Partial<IngestLimits>;
  edge?: Partial<EdgeLimits>;
  spoolBytesMax?: number;
  /** Changes the ingest key. */
  principal?: Partial<Principal>;
  /** The spool's folder, which then stays; one of its own when absent. */
  dir?: string;
  /** What the thread runs instead of the real one. */
  threadEntry?: URL;
};

/** The addresses for spans on a real socket, with a real thread and a real spool in a folder of its own. */
export async function openIngestLab(options: IngestLabOptions = {}) {
  const dir = options.dir ?? mkdtempSync(join(tmpdir(), 'ingest-lab-'));
  const clock = { nowMs: () => Date.now(), monotonicMs: () => performance.now() };
  const bytesMax = options.spoolBytesMax ?? 2 ** 30;
  const spool = openSpool({ dir, key: LAB_KEY, clock, schedule, log: silentLog, limits: { bytesMax } });
  const limits = { ...ingestDefaults, ...options.limits };
  const deaths: unknown[] = [];
  const defects: unknown[] = [];
  const thread = openIngestThread({
    given: { limits, nameKey: LAB_KEY },
    batchMsMax: limits.batchMsMax,
    schedule,
    onDeath: (error) => deaths.push(error),
    ...(options.threadEntry && { entry: options.threadEntry }),
  });
  const rates = createIngestRates({ ...limits, nowMs: clock.nowMs });
  const counts = createIngestCounts();
  const takeBatch = createTakeBatch({
    thread,
    append: (head, bytes) => spool.appendWhole(JSON.stringify(head), [bytes]),
    flush: spool.flush,
    rates,
    counts,
    nowMs: clock.nowMs,
  });
  const findPrincipal = (wanted: string) => {
    const found = findTestPrincipal(wanted);
    return found?.kind === 'ingest' ? { ...found, ...options.principal } : found;
  };
  const edge = { ...edgeDefaults, ...options.edge };
  const onInternalError = (error: unknown) => defects.push(error);
  const snapshot = { findPrincipal };
  const app = await createApp({
    ids: { nowMs: clock.nowMs, randomBytes: (bytes) => Buffer.alloc(bytes, 9) },
    limits: edge,
    onInternalError,
    plugins: [
      ingestRoutes({
        authenticate: createAuthenticate({ snapshot, digest, clock }),
        rates,
        takeBatch,
        bodyBytesMax: limits.bodyBytesMax,
        inFlightBytesMax: limits.inFlightBytesMax,
        schedule,
        limits: edge,
        isHttps: false,
        onInternalError,
        version: '0.0.0-test',
      }),
    ],
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;

  /** What is on the disk, as the loader would read it. */
  const kept = () =>
    readBatchRecords(dir, LAB_KEY).map(({ head, bytes }) => ({
      head,
      bytes,
      batch: readBatch(head.batchSource, bytes, head),
    }));
  return {
    url: `http://127.0.0.1:${port}`,
    app,
    counts,
    deaths,
    defects,
    kept,
    /** All bytes in the folder, of which none should say anything. */
    segments: () =>
      readdirSync(dir)
        .filter((name) => name.endsWith('.segment'))
        .map((name) => readFileSync(join(dir, name))),
    close: async () => {
      await app.close();
      await thread.close();
      await spool.close();
      if (options.dir === undefined) rmSync(dir, { recursive: true, force: true });
    },
  };
}

export type IngestLab = Awaited<ReturnType<typeof openIngestLab>>;

import { setTimeout as wait } from 'node:timers/promises';
import type { LoadSegment } from '@app/tracing';
import { erasureQueries } from './clickhouse/erasure-queries.ts';
import { createLoadSegment } from './clickhouse/load-segment.ts';
import type { MergeParts } from './clickhouse/merge-stored-parts.ts';
import { type Clickhouse, type ClickhouseOptions, openClickhouse } from './clickhouse/open-clickhouse.ts';
import { analyzeCalls } from './clickhouse/queries/analyze-calls.ts';
import { askSql } from './clickhouse/queries/ask-sql.ts';
import { buildHours, clearBuilds, noteUnnoted, readUptime } from './clickhouse/queries/build-hours.ts';
import { deleteScore, findScore, insertScore } from './clickhouse/queries/change-scores.ts';
import { findSpan } from './clickhouse/queries/find-span.ts';
import { findTrace } from './clickhouse/queries/find-trace.ts';
import { findTraceTree } from './clickhouse/queries/find-trace-tree.ts';
import { countBilledCalls, listBilledCalls } from './clickhouse/queries/list-billed-calls.ts';
import { listFinished } from './clickhouse/queries/list-finished.ts';
import { findPrompt, listPrompts } from './clickhouse/queries/list-prompts.ts';
import { listScores } from './clickhouse/queries/list-scores.ts';
import { listSessions } from './clickhouse/queries/list-sessions.ts';
import { listTraces } from './clickhouse/queries/list-traces.ts';
import { listUsers } from './clickhouse/queries/list-users.ts';
import { measureCalls } from './clickhouse/queries/measure-calls.ts';
import { readAnalytics } from './clickhouse/queries/read-analytics.ts';
import { readHours } from './clickhouse/queries/read-hours.ts';
import { readIngestLosses } from './clickhouse/queries/read-ingest-losses.ts';
import { readKeyUsage } from './clickhouse/queries/read-key-usage.ts';
import { readOverview } from './clickhouse/queries/read-overview.ts';
import { countRemappable, listRemappable, writeRemapped } from './clickhouse/queries/remap-spans.ts';
import { applyRepriced, stageRepriced } from './clickhouse/queries/reprice-spans.ts';
import type { Log } from './log.ts';
import {
  createRelationalStore,
  openMigratedPostgres,
  type RelationalStore,
} from './open-relational-store.ts';
import { openTraceSchema } from './open-trace-schema.ts';
import type { PostgresOptions } from './postgres/open-postgres.ts';

export type StoreOptions = {
  postgres: PostgresOptions;
  clickhouse: ClickhouseOptions;
  log: Log;
  /** Epoch milliseconds. */
  nowMs: () => number;
  /** Makes the row of a span that comes in parts. Without it such parts are kept and make no span yet. */
  mergeParts?: MergeParts;
};

/** Queries on traces. Before the trace store's schema is the newest, all of them reject with `store_unavailable`. */
export type TraceStore = ReturnType<typeof erasureQueries> & {
  listFinished: ReturnType<typeof listFinished>;
  listTraces: ReturnType<typeof listTraces>;
  /** The same in larger pages, for whoever takes all of them. */
  listTracesToExport: ReturnType<typeof listTraces>;
  askSql: ReturnType<typeof askSql>;
  findTrace: ReturnType<typeof findTrace>;
  findTraceTree: ReturnType<typeof findTraceTree>;
  findSpan: ReturnType<typeof findSpan>;
  listSessions: ReturnType<typeof listSessions>;
  listUsers: ReturnType<typeof listUsers>;
  listPrompts: ReturnType<typeof listPrompts>;
  findPrompt: ReturnType<typeof findPrompt>;
  listScores: ReturnType<typeof listScores>;
  findScore: ReturnType<typeof findScore>;
  insertScore: ReturnType<typeof insertScore>;
  deleteScore: ReturnType<typeof deleteScore>;
  analyzeCalls: ReturnType<typeof analyzeCalls>;
  readOverview: ReturnType<typeof readOverview>;
  readAnalytics: ReturnType<typeof readAnalytics>;
  readKeyUsage: ReturnType<typeof readKeyUsage>;
  measureCalls: ReturnType<typeof measureCalls>;
  readHours: ReturnType<typeof readHours>;
  readIngestLosses: ReturnType<typeof readIngestLosses>;
  countBilledCalls: ReturnType<typeof countBilledCalls>;
  listBilledCalls: ReturnType<typeof listBilledCalls>;
  stageRepriced: ReturnType<typeof stageRepriced>;
  applyRepriced: ReturnType<typeof applyRepriced>;
  countRemappable: ReturnType<typeof countRemappable>;
  listRemappable: ReturnType<typeof listRemappable>;
  writeRemapped: ReturnType<typeof writeRemapped>;
  loadSegment: LoadSegment;
  /** What is added up hour by hour, so that questions over many days are answered soon. */
  sums: {
    build: ReturnType<typeof buildHours>;
    clear: ReturnType<typeof clearBuilds>;
    noteUnnoted: ReturnType<typeof noteUnnoted>;
    readUptime: ReturnType<typeof readUptime>;
  };
};

export type Store = RelationalStore & {
  traces: TraceStore;
  /** Which stores answer now; the trace store counts once its schema is the newest. */
  ready(): Promise<{ postgres: boolean; clickhouse: boolean }>;
  /** Resolves once the trace store's schema is the newest; rejects when the store closes before. */
  whenTracesReady(): Promise<void>;
};

/** A page of an export. */
const exportedRowsMax = 2_000;

/** Between two looks at whether rows were written anew. */
const mutationPauseMs = 100;

/**
 * Opens both stores and brings PostgreSQL's schema up to date; rejects when PostgreSQL does not answer. ClickHouse
 * may be down: its schema follows when it is up.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const postgres = await openMigratedPostgres(options.postgres, options.log);
  const clickhouse = openClickhouse(options.clickhouse);
  const relational = createRelationalStore(postgres, options.log);
  const schema = openTraceSchema({ postgres, clickhouse, log: options.log, nowMs: options.nowMs });
  const migrated: Clickhouse = {
    ...clickhouse,
    rows: (sql, parameters) => schema.whenMigrated(() => clickhouse.rows(sql, parameters)),
    table: (sql, parameters, asked) => schema.whenMigrated(() => clickhouse.table(sql, parameters, asked)),
    write: (sql, parameters) => schema.whenMigrated(() => clickhouse.write(sql, parameters)),
    insert: (table, rows) => schema.whenMigrated(() => clickhouse.insert(table, rows)),
  };
  return {
    ...relational,
    traces: {
      listFinished: listFinished(migrated),
      listTraces: listTraces(migrated),
      listTracesToExport: listTraces(migrated, exportedRowsMax),
      askSql: askSql(migrated),
      findTrace: findTrace(migrated),
      findTraceTree: findTraceTree(migrated),
      findSpan: findSpan(migrated),
      listSessions: listSessions(migrated),
      listUsers: listUsers(migrated),
      listPrompts: listPrompts(migrated),
      findPrompt: findPrompt(migrated),
      listScores: listScores(migrated),
      findScore: findScore(migrated),
      insertScore: insertScore(migrated),
      deleteScore: deleteScore(migrated),
      analyzeCalls: analyzeCalls(migrated),
      readOverview: readOverview(migrated),
      readAnalytics: readAnalytics(migrated),
      readKeyUsage: readKeyUsage(migrated),
      measureCalls: measureCalls(migrated),
      readHours: readHours(migrated),
      readIngestLosses: readIngestLosses(migrated),
      countBilledCalls: countBilledCalls(migrated),
      listBilledCalls: listBilledCalls(migrated),
      stageRepriced: stageRepriced(migrated),
      applyRepriced: applyRepriced(migrated),
      countRemappable: countRemappable(migrated),
      listRemappable: listRemappable(migrated),
      writeRemapped: writeRemapped(migrated),
      loadSegment: createLoadSegment(migrated, {
        loaderId: String(options.nowMs()),
        ...(options.mergeParts === undefined ? {} : { mergeParts: options.mergeParts }),
      }),
      sums: {
        build: buildHours(migrated),
        clear: clearBuilds(migrated),
        noteUnnoted: noteUnnoted(migrated),
        readUptime: readUptime(migrated),
      },
      ...erasureQueries(migrated, () => wait(mutationPauseMs)),
    },
    ready: async () => {
      const [answers, tracesAnswer] = await Promise.all([postgres.ping(), clickhouse.ping()]);
      return { postgres: answers, clickhouse: tracesAnswer && schema.isMigrated() };
    },
    whenTracesReady: () => schema.done,
    close: async () => {
      await schema.close();
      await clickhouse.close();
      await relational.close();
    },
  };
}

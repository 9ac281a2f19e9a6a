import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLocalClickhouse, openLocalPostgres } from '@app/local-stack';
import { openStore, type StoredAlert } from '@app/store';
import { createMeasureRules } from '../apps/server/src/alerts/measure-rules.ts';
import { createFindAnomalies } from '../apps/server/src/anomalies/create-find-anomalies.ts';
import { spanRowOf } from '../apps/server/test/span-row.ts';

/**
 * How long one look at 1,000 rules takes over so many spans of the last four weeks:
 * `node bench/alerts.ts 1000000`. Rules are spread over five windows, all metrics, users, keys and models.
 */
const spans = Number(process.argv[2] ?? 200_000);
const silent = () => undefined;
const log = { info: silent, warn: silent, error: silent };
const folders = await Promise.all(['data', 'run'].map((name) => mkdtemp(join(tmpdir(), `bench-${name}-`))));
const [dataDir = '', runDir = ''] = folders;
const postgres = await openLocalPostgres({ dataDir, runDir, log });
const clickhouse = await openLocalClickhouse({ dataDir, runDir, key: randomBytes(32), log });
const nowMs = Date.UTC(2026, 5, 15, 12);
const store = await openStore({
  postgres: { host: postgres.host, port: postgres.port, user: postgres.user, database: postgres.database },
  clickhouse: { url: 'http://localhost', socketPath: clickhouse.socketPath },
  log,
  nowMs: () => nowMs,
});
await store.whenTracesReady();

const dayMs = 86_400_000;
const rangeMs = 28 * dayMs;
const batch = 20_000;
for (let from = 0; from < spans; from += batch) {
  const rows = Array.from({ length: Math.min(batch, spans - from) }, (_, at) => row(from + at));
  await store.traces.loadSegment({
    token: `bench-${from}`,
    spans: Buffer.from(rows.map((each) => `${JSON.stringify(each)}\n`).join('')),
    contents: Buffer.alloc(0),
    traceIndex: Buffer.alloc(0),
  });
}

function row(index: number) {
  const at = new Date(nowMs - (index / spans) * rangeMs).toISOString();
  const id = index.toString(16);
  return spanRowOf({
    ...{
      organization_id: 'org',
      project_id: 'proj',
      trace_id: id.padStart(32, '0'),
      span_id: id.padStart(16, '0'),
    },
    ...{ key_id: `key_${index % 50}`, user_id: `user_${index % 5_000}`, model: `model-${index % 12}` },
    ...{
      cost_nanos: 1_000_000 + (index % 1_000),
      duration_us: 1_000 * (index % 3_000),
      started_at: at,
      ended_at: at,
    },
    ...(index % 50 === 0 ? { outcome: 'failed' as const, status: 502 } : {}),
  });
}

const metrics = [
  'spend',
  'calls',
  'tokens',
  'error_rate',
  'refusal_rate',
  'latency_p95',
  'ttft_p95',
] as const;
const windows = [5, 15, 60, 1_440, 10_080];
const rules = Array.from({ length: 1_000 }, (_, index): StoredAlert => {
  const shape = index % 4;
  return {
    ...{ id: `alr_${index}`, organizationId: 'org', projectId: 'proj', name: 'x' },
    metric: metrics[index % metrics.length] ?? 'spend',
    scope: shape === 0 ? { user: `user_${index}` } : shape === 1 ? { keyId: `key_${index % 50}` } : {},
    per: shape === 2 ? 'user' : 'all',
    ...{
      direction: 'above',
      threshold: 10,
      windowMinutes: windows[index % windows.length] ?? 60,
      callsMin: 20,
    },
    ...{
      cooldownMinutes: 60,
      severity: 'info',
      destinations: [],
      actions: [],
      isEnabled: true,
      createdAtMs: 0,
    },
    ...{
      createdBy: undefined,
      revision: 1,
      state: 'ok',
      stateSinceMs: 0,
      value: undefined,
      checkedAtMs: undefined,
    },
    ...{ cursor: undefined, installationCursor: undefined },
  };
});
let questions = 0;
const measure = createMeasureRules({
  measureCalls: (question) => {
    questions += 1;
    return store.traces.measureCalls(question);
  },
  listProjects: async () => [],
  sumRefusedCalls: async () => 0,
  installation: '',
  onWarning: (message, error) => process.stderr.write(`${message} ${error}\n`),
});
const line = (text: string) => process.stdout.write(`${text}\n`);
line(`${spans} spans of 28 days, 50 keys, 5,000 users, 12 models`);
for (const [name, some] of [
  ['1,000 rules, all windows', rules],
  ['those that are due every minute', rules.filter(({ windowMinutes }) => windowMinutes <= 360)],
] as const) {
  const times: number[] = [];
  for (let run = 0; run < 3; run += 1) {
    questions = 0;
    const begunMs = performance.now();
    const found = await measure(some, { toMs: nowMs, hasTime: () => true });
    if (found.size !== some.length) throw new Error(`${found.size} of ${some.length} were measured.`);
    times.push(performance.now() - begunMs);
  }
  line(
    `${name}: ${some.length} rules, ${questions} questions, ${times.map((ms) => (ms / 1_000).toFixed(2)).join(', ')} s`,
  );
}
const find = createFindAnomalies({
  anomalies: {
    ...store.anomalies,
    listProjectPlaces: async () => [{ id: 'proj', organizationId: 'org', name: 'p', checkedAtMs: undefined }],
    saveAnomalyCheck: async () => undefined,
    upsertAnomaly: async () => {
      throw new Error('Nothing is unusual here.');
    },
  },
  readHours: store.traces.readHours,
  findKeyNames: store.alerts.findKeyNames,
  newId: (prefix) => prefix,
  monotonicMs: () => performance.now(),
  onWarning: (message, error) => process.stderr.write(`${message} ${error}\n`),
});
const begunMs = performance.now();
await find(nowMs);
line(`a project looked at for anomalies: ${((performance.now() - begunMs) / 1_000).toFixed(2)} s`);
await store.close();
await clickhouse.stop();
await postgres.stop();
await Promise.all(folders.map((path) => rm(path, { recursive: true, force: true })));

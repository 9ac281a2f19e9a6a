import type { Schedule } from '@app/gateway';
import type { Store } from '@app/store';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClosingStack } from '../../src/start/closing-stack.ts';
import { openAlerts } from '../../src/start/open-alerts.ts';
import { openReceiver, type TestReceiver } from '../open-receiver.ts';
import { openTestManagement, type TestManagement } from '../open-test-management.ts';
import { openTestTraces, type TestTraces } from '../open-test-traces.ts';
import { spanRowOf } from '../span-row.ts';
import { waitUntil } from '../wait-until.ts';

const hourMs = 3_600_000;
let nowMs = Date.UTC(2026, 5, 15, 12);
let server: TestManagement;
let traces: TestTraces;
let receiver: TestReceiver;
let secret: string;
let keyId: string;
let due: (() => void)[] = [];
const stack = createClosingStack(() => undefined);
const errors: unknown[] = [];

beforeAll(async () => {
  receiver = await openReceiver();
  server = await openTestManagement({
    messages: { allowedHosts: ['127.0.0.1'] },
    openTraces: async (postgres) => {
      traces = await openTestTraces(postgres);
      return traces;
    },
  });
  const permissions = ['settings:write', 'analytics:read'] as const;
  const made = await server.keys.create(server.project, { name: 'ci', permissions: [...permissions] });
  secret = made.secret;
  keyId = made.key.id;
  // What the clock would call is called by the test.
  const schedule: Schedule = (_, run) => {
    due.push(run);
    return () => undefined;
  };
  openAlerts(
    {
      config: { file: { alerts: { enabled: true, history_days: 90 } } } as never,
      store: { ...server.test.store, traces: traces.traces } as Store,
      tenant: { organizationId: server.project.organizationId },
      ingestStatus: () => ({ lag_seconds: 0 }),
      deliverMessage: server.messages.deliverMessage,
      clock: { nowMs: () => nowMs, monotonicMs: () => performance.now() },
      schedule,
      ids: { nowMs: () => nowMs, randomBytes: (size) => crypto.getRandomValues(new Uint8Array(size)) },
      log: { warn: (error: unknown) => void errors.push(error) } as never,
    },
    stack,
  );
}, 60_000);
afterAll(async () => {
  await stack.close();
  await server.close();
  await receiver.close();
});

/** Everything that the clock would call now, until a message has come. */
async function tick(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  await waitUntil(async () => {
    const runs = due;
    due = [];
    for (const run of runs) run();
    return isTrue();
  });
}

async function ask(method: 'GET' | 'POST', url: string, payload?: object) {
  const headers = { authorization: `Bearer ${secret}` };
  const reply = await server.app.inject({ method, url, headers, ...(payload && { payload }) });
  return reply.json();
}

let loaded = 0;
async function load(spans: { hoursAgo: number; user: string; nanos: number }[]): Promise<void> {
  const rows = spans.map(({ hoursAgo, user, nanos }) => {
    loaded += 1;
    const at = new Date(nowMs - hoursAgo * hourMs).toISOString();
    const id = loaded.toString(16);
    return spanRowOf({
      project_id: server.project.id,
      organization_id: server.project.organizationId,
      trace_id: id.padStart(32, '0'),
      span_id: id.padStart(16, '0'),
      key_id: keyId,
      user_id: user,
      cost_nanos: nanos,
      started_at: at,
      ended_at: at,
    });
  });
  const lines = (items: object[]) => Buffer.from(items.map((item) => `${JSON.stringify(item)}\n`).join(''));
  await traces.traces.loadSegment({
    token: `segment-${loaded}`,
    spans: lines(rows),
    contents: Buffer.alloc(0),
    traceIndex: lines(
      rows.map(({ project_id, trace_id, started_at, ended_at }) => ({
        ...{ project_id, trace_id, first_at: started_at, last_at: ended_at },
      })),
    ),
  });
}

test('what users spend reaches a signed webhook in words and figures, and so does what is unusual about it', async () => {
  const { id: destination } = await server.messages.destinations.create(
    server.project.organizationId,
    { name: 'ops', kind: 'webhook', url: `http://127.0.0.1:${receiver.port}/alerts`, budget_notices: false },
    'user_ada',
  );
  const spend = {
    name: 'a user spends',
    metric: 'spend',
    threshold: 5,
    per: 'user',
    destinations: [destination],
  };
  const { id } = await ask('POST', '/api/v1/projects/default/alerts', spend);
  const unusual = { name: 'unusual', metric: 'anomaly', destinations: [destination] };
  expect((await ask('POST', '/api/v1/projects/default/alerts', unusual)).state).toBe('ok');
  // Three weeks of a dollar an hour, and then a night in which somebody's loop runs away.
  await load(
    Array.from({ length: 21 * 24 }, (_, hour) =>
      [0.2, 0.6].map((part) => ({ hoursAgo: hour + 1 + part, user: 'ann', nanos: 500_000_000 })),
    ).flat(),
  );
  await load(
    Array.from({ length: 80 }, (_, index) => ({
      hoursAgo: 0.1 + index / 200,
      user: 'mallory\n<script>alert(1)</script>',
      nanos: 500_000_000,
    })),
  );
  await tick(() => receiver.received.length >= 2);
  expect(errors).toEqual([]);
  const messages = receiver.received.map(({ body }) => JSON.parse(body));
  const alert = messages.find(({ kind }) => kind === 'alert');
  expect(alert.text).toBe(
    'User "mallory <script>alert(1)</script>": $40.00 were spent in the last hour; more than $5.00.',
  );
  expect(receiver.received[0]?.headers['x-tokenrouter-signature']).toMatch(/^t=\d+,v1=[0-9a-f]{64}$/);
  const anomaly = messages.find(({ kind }) => kind === 'anomaly');
  expect(anomaly.text).toMatch(
    /^\$4\d\.\d\d were spent in the last hour; at this hour of the day it is usually \$0\.00 to \$\d\.\d\d \(middle \$1\.00 of 14 earlier hours\)\. .*Key "ci"/im,
  );

  const shown = await ask('GET', `/api/v1/projects/default/alerts/${id}`);
  expect(shown).toMatchObject({ state: 'firing', firing: [{ value: 40 }] });
  const { data } = await ask('GET', `/api/v1/projects/default/alert-events?alert=${id}`);
  expect(data).toMatchObject([{ state: 'firing', value: 40, deliveries: [{ name: 'ops', ok: true }] }]);
  const { data: found } = await ask('GET', '/api/v1/projects/default/anomalies?state=open&metric=spend');
  expect(found[0]).toMatchObject({ metric: 'spend', subject: { kind: 'project' }, state: 'open' });
  expect(found[0].history).toHaveLength(48);

  // Two hours later it is over, and that is told too.
  nowMs += 2 * hourMs;
  const before = receiver.received.length;
  await load([{ hoursAgo: 0.2, user: 'ann', nanos: 500_000_000 }]);
  await tick(() =>
    receiver.received.slice(before).some(({ body }) => body.includes('Resolved: a user spends')),
  );
  expect((await ask('GET', `/api/v1/projects/default/alerts/${id}`)).state).toBe('ok');
});

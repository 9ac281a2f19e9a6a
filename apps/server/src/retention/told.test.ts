import type { ExportLine } from '@app/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newProject } from '../../test/open-data-lab.ts';
import { openTestStore, type TestStore } from '../../test/open-test-store.ts';
import { exportTold } from './export-told.ts';
import { toldOfUser } from './told-filter.ts';

const atMs = Date.UTC(2026, 4, 1);
const ann = 'ann "\\ %';
const words = `"${ann}"`;
let shared: TestStore;

beforeAll(async () => {
  shared = await openTestStore();
});
afterAll(() => shared?.close());

type Place = { id: string; organizationId: string };

/** A rule that fired for two users, with its message, and what was unusual of them. */
async function tell({ id: projectId, organizationId }: Place, reach: 'project' | 'organization') {
  const { alerts, anomalies } = shared.store;
  const alertId = `alert_${reach}_${projectId}`;
  const scope = reach === 'project' ? projectId : undefined;
  await alerts.insertAlert(organizationId, {
    ...{ id: alertId, projectId: scope, name: 'rule', metric: 'spend', scope: {}, per: 'user' },
    ...{ direction: 'above', threshold: 1, windowMinutes: 60, callsMin: 1, cooldownMinutes: 60 },
    ...{ severity: 'warning', destinations: [], actions: [], isEnabled: true, createdAtMs: atMs },
    ...{ createdBy: undefined, cursor: undefined, installationCursor: undefined },
  });
  const texts = [ann, 'bob'].map((subject) => ({
    subject,
    explanation: `User "${subject}": $2 were spent.`,
  }));
  const told = {
    isFiring: true,
    sinceMs: atMs,
    value: 2,
    toldAtMs: atMs,
    isTold: true,
    heldUntilMs: undefined,
  };
  const outcome = {
    standing: {
      ...{
        id: alertId,
        revision: 1,
        checkedBeforeMs: undefined,
        state: 'firing' as const,
        stateSinceMs: atMs,
      },
      ...{ value: 4, checkedAtMs: atMs, cursor: undefined, installationCursor: undefined },
    },
    subjects: texts.map(({ subject }) => ({ ...told, subject, explanation: '' })),
    events: texts.map((each, at) => ({
      ...{ ...each, id: `aev_${reach}_${projectId}_${at}`, organizationId, projectId: scope, alertId },
      ...{
        alertName: 'rule',
        metric: 'spend' as const,
        severity: 'warning' as const,
        state: 'firing' as const,
      },
      ...{ value: 2, threshold: 1, atMs, messageId: `msg_${alertId}` },
    })),
    messages: [
      {
        ...{ id: `msg_${alertId}`, organizationId, alertId, destinations: [], createdAtMs: atMs },
        message: {
          text: texts.map(({ explanation }) => explanation).join('\n'),
          ...(scope && { projectId }),
        },
      },
    ],
  };
  expect(await alerts.saveOutcome(outcome)).toBe(true);
  const figures = {
    fromMs: atMs,
    toMs: atMs + 1,
    value: 9,
    expected: { low: 1, middle: 2, high: 3 },
    score: 5,
  };
  if (reach === 'organization') return outcome;
  for (const [kind, subject, explanation] of [
    ['user', ann, `User ${words}: 9 calls were made.`],
    ['project', '', `9 calls were made. User ${words} makes 90 % of the difference.`],
  ] as const) {
    await anomalies.upsertAnomaly(projectId, {
      ...{ ...figures, id: `anm_${kind}_${projectId}`, organizationId, metric: 'calls', kind, subject },
      ...{ subjectName: subject, basis: '', explanation, history: [] },
      contributors: [ann, 'bob'].map((name) => ({ kind: 'user', id: name, name, value: 4 })),
    });
  }
  return outcome;
}

async function readAll({ id }: Place, filter: object): Promise<ExportLine[]> {
  const lines: ExportLine[] = [];
  for await (const line of exportTold(shared.store.owned, id, { filter, isTestOnly: false }))
    lines.push(line);
  return lines;
}

test('what alerts and anomalies keep of a user is counted, handed out and deleted, and what they keep of others stays', async () => {
  const { owned, alerts } = shared.store;
  const project = await newProject(shared);
  const outcome = await tell(project, 'project');
  await tell(project, 'organization');
  const filter = toldOfUser({ filter: { user: ann }, isTestOnly: false });
  if (filter === undefined) throw new Error('A user is named.');
  const count = () => owned.countToldUser(project.id, { ...filter, beforeMs: atMs + 60_000 });
  // Of each rule a subject, an event and a message; and two anomalies.
  expect(await count()).toBe(8);
  const mine = await readAll(project, { user: ann });
  expect(mine.map(({ kind }) => kind)).toEqual(['alert_event', 'anomaly', 'anomaly']);
  expect(JSON.stringify(mine)).not.toContain('bob');

  expect(await owned.forgetToldUser(project.id, filter)).toBe(8);
  expect(await count()).toBe(0);
  const left = await readAll(project, {});
  expect(left.map(({ kind, explanation }) => [kind, explanation])).toEqual([
    ['alert_event', 'User "bob": $2 were spent.'],
    ['anomaly', '9 calls were made. User (deleted) makes 90 % of the difference.'],
  ]);
  expect(left[1]).toMatchObject({ contributors: [{ id: 'bob' }] });
  const search = { projectId: undefined, limit: 10 };
  const ofAll = await alerts.listAlertEvents(project.organizationId, search);
  expect(ofAll.events.map(({ subject }) => subject).sort()).toEqual(['(deleted)', 'bob']);
  // A look at the rule that began before does not bring the name back.
  expect(await alerts.saveOutcome(outcome)).toBe(false);
});

test('what another project tells of a user of the same name stays, and so does what is told at other times', async () => {
  const { owned } = shared.store;
  const [here, there] = [await newProject(shared), await newProject(shared)];
  await tell(there, 'project');
  await tell(here, 'project');
  const at = (ms: number) => new Date(ms).toISOString();
  const later = toldOfUser({ filter: { user: ann, from: at(atMs + 60_000) }, isTestOnly: false });
  const all = toldOfUser({ filter: { user: ann }, isTestOnly: false });
  if (later === undefined || all === undefined) throw new Error('A user is named.');
  expect(await owned.forgetToldUser(here.id, { ...later, toMs: atMs + 90_000 })).toBe(1);
  expect((await readAll(here, { user: ann })).length).toBe(3);
  await owned.forgetToldUser(here.id, all);
  expect(await readAll(here, { user: ann })).toEqual([]);
  expect((await readAll(there, { user: ann })).length).toBe(3);
});

test('a deletion that names a session, a tag or a trace, or is asked for by a test key, leaves what alerts tell', () => {
  for (const more of [{ session: 's' }, { tag: 't' }, { trace_id: 'a'.repeat(32) }])
    expect(toldOfUser({ filter: { user: 'ann', ...more }, isTestOnly: false })).toBeUndefined();
  expect(toldOfUser({ filter: { user: 'ann' }, isTestOnly: true })).toBeUndefined();
  expect(toldOfUser({ filter: { tag: 't' }, isTestOnly: false })).toBeUndefined();
});

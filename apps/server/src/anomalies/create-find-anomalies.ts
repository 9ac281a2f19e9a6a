import type { HourlyRow, ProjectPlace, RelationalStore, Store, StoredAnomaly } from '@app/store';
import { comparedHours } from './compared-hours.ts';
import { explainBasis, explainUnusual, type NameSubject } from './explain-unusual.ts';
import { findUnusual, nameOf, type Unusual } from './find-unusual.ts';

export type FindAnomaliesDeps = {
  anomalies: Pick<
    RelationalStore['anomalies'],
    'listProjectPlaces' | 'listCurrentAnomalies' | 'upsertAnomaly' | 'endAnomalies' | 'saveAnomalyCheck'
  >;
  readHours: Store['traces']['readHours'];
  findKeyNames: RelationalStore['alerts']['findKeyNames'];
  newId: (prefix: `${string}_`) => string;
  monotonicMs: () => number;
  onWarning: (message: string, error: unknown) => void;
};

/** So often each project is looked at. */
const EVERY_MS = 10 * 60_000;
const PROJECTS_MAX = 500;
/** One round ends after this long; the projects left over come first in the next. */
const BUDGET_MS = 20_000;
/** Of each kind, the largest of the last hour. */
const SUBJECTS_MAX = 20;
const HOUR_MS = 3_600_000;

/** Looks for what is unusual in the hour before `toMs`, project by project, those that waited longest first. */
export function createFindAnomalies(deps: FindAnomaliesDeps) {
  return async (toMs: number): Promise<void> => {
    const untilMs = deps.monotonicMs() + BUDGET_MS;
    // Half a minute of grace: rounds begin on the minute, and never quite.
    const beforeMs = toMs - EVERY_MS + 30_000;
    const places = await deps.anomalies.listProjectPlaces({ beforeMs, limit: PROJECTS_MAX });
    for (const place of places) {
      if (deps.monotonicMs() >= untilMs) return;
      try {
        await lookAtProject(deps, place, toMs);
      } catch (error) {
        deps.onWarning('A project could not be looked at for what is unusual; it is tried again.', error);
      }
      await deps.anomalies.saveAnomalyCheck(place.id, { checkedAtMs: toMs });
    }
  };
}

async function lookAtProject(deps: FindAnomaliesDeps, place: ProjectPlace, toMs: number): Promise<void> {
  const { id: projectId, organizationId } = place;
  const current = await deps.anomalies.listCurrentAnomalies(organizationId, { projectId });
  const rows = await readRows(deps, projectId, { current, toMs });
  const names = new Set(current.map((each) => nameOf(each.metric, { kind: each.kind, id: each.subject })));
  const unusual = findUnusual({ rows, current: names });
  const name = await createName(deps, place, unusual);
  for (const each of unusual) {
    await deps.anomalies.upsertAnomaly(projectId, {
      ...described(each, name),
      id: deps.newId('anm_'),
      organizationId,
      fromMs: toMs - HOUR_MS,
      toMs,
    });
  }
  const still = new Set(unusual.map(({ judged, subject }) => nameOf(judged.metric, subject)));
  const over = current.filter(
    ({ metric, kind, subject }) => !still.has(nameOf(metric, { kind, id: subject })),
  );
  if (over.length > 0) await deps.anomalies.endAnomalies(projectId, { ids: over.map(({ id }) => id), toMs });
}

/** The last hour of the largest subjects and of those that were unusual before, and the hours that they are compared with. */
async function readRows(
  { readHours }: FindAnomaliesDeps,
  projectId: string,
  { current, toMs }: { current: readonly StoredAnomaly[]; toMs: number },
): Promise<HourlyRow[]> {
  const largest = await readHours(projectId, { toMs, hoursBefore: [0], subjectsMax: SUBJECTS_MAX });
  const subjects = new Set([
    'project:',
    ...current.map(({ kind, subject }) => `${kind}:${subject}`),
    ...largest.map(({ kind, subject }) => `${kind}:${subject}`),
  ]);
  const named = [...subjects].slice(0, 100);
  return readHours(projectId, {
    toMs,
    hoursBefore: [0, ...comparedHours],
    subjects: named,
    subjectsMax: named.length,
  });
}

async function createName(
  { findKeyNames }: FindAnomaliesDeps,
  { organizationId, name }: ProjectPlace,
  unusual: readonly Unusual[],
): Promise<NameSubject> {
  const subjects = unusual.flatMap(({ subject, contributions }) => [subject, ...contributions]);
  const ids = [...new Set(subjects.filter(({ kind }) => kind === 'key').map(({ id }) => id))];
  const names = ids.length === 0 ? new Map<string, string>() : await findKeyNames(organizationId, { ids });
  return ({ kind, id }) => (kind === 'project' ? name : (names.get(id) ?? id));
}

function described(unusual: Unusual, name: NameSubject) {
  const { subject, judged, contributions } = unusual;
  const { metric, value, low, middle, high, score, history } = judged;
  return {
    metric,
    kind: subject.kind,
    subject: subject.id,
    subjectName: name(subject),
    value,
    expected: { low, middle, high },
    score,
    basis: explainBasis(unusual),
    explanation: explainUnusual(unusual, name),
    contributors: contributions.map((each) => ({ ...each, name: name(each) })),
    history,
  };
}

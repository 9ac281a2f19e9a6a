import type { ExportLine, ExportSearch } from '@app/contract';
import type { Store } from '@app/store';
import { writeAlertEvent } from '../alerts/write-alert.ts';
import { writeAnomaly } from '../anomalies/create-anomalies.ts';
import { toldFilterOf } from './told-filter.ts';

const ROWS = 200;

/** What alerts told and what was unusual, of a project or of one user in it: of the others in an anomaly nothing then. */
export async function* exportTold(
  owned: Pick<Store['owned'], 'listToldEvents' | 'listToldAnomalies'>,
  projectId: string,
  what: { filter: ExportSearch; isTestOnly: boolean },
): AsyncGenerator<ExportLine> {
  const told = toldFilterOf(what);
  if (told === undefined) return;
  const events = pagesOf((after) => owned.listToldEvents(projectId, { ...told, after, limit: ROWS }));
  for await (const event of events) yield { ...writeAlertEvent(event), kind: 'alert_event' };
  const anomalies = pagesOf((after) => owned.listToldAnomalies(projectId, { ...told, after, limit: ROWS }));
  for await (const anomaly of anomalies) {
    const { contributors, ...shown } = writeAnomaly(anomaly);
    const { user } = what.filter;
    const own = contributors.filter(({ kind, id }) => user === undefined || (kind === 'user' && id === user));
    yield { ...shown, contributors: own, kind: 'anomaly' };
  }
}

async function* pagesOf<T extends { id: string }>(
  list: (after: string) => Promise<readonly T[]>,
): AsyncGenerator<T> {
  for (let after = ''; ; ) {
    const rows = await list(after);
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < ROWS) return;
    after = last.id;
  }
}

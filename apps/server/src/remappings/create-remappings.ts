import type { NewRemapping, Remapping } from '@app/contract';
import { GatewayError } from '@app/protocol';
import type { Store, StoredRemapping } from '@app/store';
import { MAPPING_VERSION } from '@app/tracing';
import { type IdSource, newId } from '../ids.ts';
import { type RunRemappingDeps, runRemapping } from './run-remapping.ts';
import { showRemapping } from './show-remapping.ts';

export type RemappingsDeps = Omit<RunRemappingDeps, 'remappings' | 'traces'> & {
  remappings: Store['remappings'];
  traces: RunRemappingDeps['traces'] & Pick<Store['traces'], 'countRemappable'>;
  /** This process, among those that share the stores. */
  serverId: string;
  ids: IdSource;
};

type Asked = NewRemapping & { requestedBy: string | undefined };

/** Received spans that are read anew, from the wish to the report. */
export type Remappings = {
  /** Notes what is asked for. Throws `invalid_parameter` for a range that makes no sense, `conflict` while another one runs. */
  begin(project: { id: string; organizationId: string }, asked: Asked): Promise<StoredRemapping>;
  /** Runs one that has begun, or goes on with it. Resolves to where it stands; a failure is in it. */
  run(begun: StoredRemapping): Promise<StoredRemapping>;
  /** Goes on with one that lost its server; undefined when there is none. */
  resume(silentMs: number): Promise<StoredRemapping | undefined>;
  list(projectId: string): Promise<Remapping[]>;
  /** Throws `not_found`. */
  get(projectId: string, id: string): Promise<Remapping>;
};

const LISTED_MAX = 50;
const DAYS_MAX = 400;

export function createRemappings(deps: RemappingsDeps): Remappings {
  const { remappings, serverId } = deps;
  const run = async (begun: StoredRemapping): Promise<StoredRemapping> => {
    try {
      return await runRemapping(deps, begun);
    } catch (failure) {
      // A store that is away is waited for: the next round goes on where this one stopped.
      if (failure instanceof Error && 'code' in failure && failure.code === 'store_unavailable') return begun;
      const { progress, id } = (await remappings.findRemapping(begun.projectId, { id: begun.id })) ?? begun;
      const error = failure instanceof Error ? failure.message : String(failure);
      await remappings.saveRemapping(begun.projectId, { id, serverId, status: 'failed', progress, error });
      return { ...begun, progress, status: 'failed', error };
    }
  };
  return {
    begin: (project, asked) => begin(deps, project, asked),
    run,
    async resume(silentMs) {
      const claimed = await remappings.claimRemapping({ serverId, silentMs });
      return claimed === undefined ? undefined : run(claimed);
    },
    list: async (projectId) =>
      (await remappings.listRemappings(projectId, { limit: LISTED_MAX })).map(showRemapping),
    async get(projectId, id) {
      const found = await remappings.findRemapping(projectId, { id });
      if (found !== undefined) return showRemapping(found);
      throw new GatewayError('not_found', 'There is no re-mapping with this id.', { retryable: false });
    },
  };
}

async function begin(
  { remappings, traces, serverId, ids }: RemappingsDeps,
  project: { id: string; organizationId: string },
  { from, to, dry_run: isDryRun, force: isForced, requestedBy }: Asked,
): Promise<StoredRemapping> {
  const createdAtMs = ids.nowMs();
  const fromMs = Date.parse(from);
  const toMs = Math.min(to === undefined ? createdAtMs : Date.parse(to), createdAtMs);
  if (fromMs >= toMs) throw refused('The range must begin before it ends, and not in the future.');
  if (toMs - fromMs > DAYS_MAX * 86_400_000)
    throw refused(`The range must not be longer than ${DAYS_MAX} days.`);
  const belowVersion = isForced ? MAPPING_VERSION + 1 : MAPPING_VERSION;
  const begun = await remappings.insertRemapping(project.id, {
    id: newId('rem_', ids),
    organizationId: project.organizationId,
    ...{ fromMs, toMs, isDryRun, isForced, requestedBy, createdAtMs, serverId },
    spansTotal: await traces.countRemappable(project.id, { fromMs, toMs, belowVersion }),
    progress: { isOver: false, spans: 0, changed: 0, lost: 0 },
  });
  if (begun !== undefined) return begun;
  const message = 'Spans of this project are being read anew or deleted; wait until that is over.';
  throw new GatewayError('conflict', message, { retryable: true });
}

function refused(message: string): GatewayError {
  return new GatewayError('invalid_parameter', message, { param: 'from', retryable: false });
}

import type { NewRepricing, Repricing } from '@app/contract';
import { GatewayError } from '@app/protocol';
import type { RepricingProgress, Store, StoredRepricing } from '@app/store';
import { type IdSource, newId } from '../ids.ts';
import { type RunRepricingDeps, runRepricing } from './run-repricing.ts';
import { showRepricing } from './show-repricing.ts';

export type RepricingsDeps = Omit<RunRepricingDeps, 'repricings' | 'traces'> & {
  repricings: Store['repricings'];
  traces: RunRepricingDeps['traces'] & Pick<Store['traces'], 'countBilledCalls'>;
  /** This process, among those that share the stores. */
  serverId: string;
  ids: IdSource;
};

type ProjectScope = { id: string; organizationId: string };
type Asked = NewRepricing & { requestedBy: string | undefined };

/** Calls that are priced again, from the wish to the report. */
export type Repricings = {
  /** Notes what is asked for. Throws `invalid_parameter` for a range that makes no sense, `conflict` while another one runs. */
  begin(project: ProjectScope, asked: Asked): Promise<StoredRepricing>;
  /** Runs one that has begun, or goes on with it. Resolves to where it stands; a failure is in it. */
  run(begun: StoredRepricing): Promise<StoredRepricing>;
  /** Goes on with one that lost its server; undefined when there is none. */
  resume(silentMs: number): Promise<StoredRepricing | undefined>;
  list(projectId: string): Promise<Repricing[]>;
  /** Throws `not_found`. */
  get(projectId: string, id: string): Promise<Repricing>;
};

const LISTED_MAX = 50;
const DAYS_MAX = 400;

export function createRepricings(deps: RepricingsDeps): Repricings {
  const { repricings } = deps;
  const run = async (begun: StoredRepricing): Promise<StoredRepricing> => {
    try {
      return await runRepricing(deps, begun);
    } catch (error) {
      return await fail(deps, begun, error);
    }
  };
  return {
    begin: (project, asked) => begin(deps, project, asked),
    run,
    async resume(silentMs) {
      const claimed = await repricings.claimRepricing({ serverId: deps.serverId, silentMs });
      return claimed === undefined ? undefined : run(claimed);
    },
    list: async (projectId) =>
      (await repricings.listRepricings(projectId, { limit: LISTED_MAX })).map(showRepricing),
    async get(projectId, id) {
      const found = await repricings.findRepricing(projectId, { id });
      if (found !== undefined) return showRepricing(found);
      throw new GatewayError('not_found', 'There is no re-price with this id.', { retryable: false });
    },
  };
}

async function begin(
  { repricings, traces, serverId, ids }: RepricingsDeps,
  project: ProjectScope,
  { from, to, apply, requestedBy }: Asked,
): Promise<StoredRepricing> {
  const nowMs = ids.nowMs();
  const fromMs = Date.parse(from);
  // A call that is not over has no cost yet.
  const toMs = Math.min(to === undefined ? nowMs : Date.parse(to), nowMs);
  if (fromMs >= toMs) throw refused('from', 'The range must begin before it ends, and not in the future.');
  if (toMs - fromMs > DAYS_MAX * 86_400_000)
    throw refused('from', `The range must not be longer than ${DAYS_MAX} days.`);
  const begun = await repricings.insertRepricing(project.id, {
    id: newId('rep_', ids),
    organizationId: project.organizationId,
    fromMs,
    toMs,
    isApplied: apply,
    requestedBy,
    createdAtMs: nowMs,
    serverId,
    callsTotal: await traces.countBilledCalls(project.id, { fromMs, toMs }),
    progress: NOTHING,
  });
  if (begun !== undefined) return begun;
  const message = 'Calls of this project are being priced again; wait until that is over.';
  throw new GatewayError('conflict', message, { retryable: true });
}

const NOTHING: RepricingProgress = { batches: 0, calls: 0, changedCalls: 0, models: [] };

function refused(param: string, message: string): GatewayError {
  return new GatewayError('invalid_parameter', message, { param, retryable: false });
}

/** A store that is away is waited for: the next round goes on where this one stopped. Anything else ends it. */
async function fail(
  { repricings, serverId }: RepricingsDeps,
  begun: StoredRepricing,
  error: unknown,
): Promise<StoredRepricing> {
  if (isAway(error)) return begun;
  const found = (await repricings.findRepricing(begun.projectId, { id: begun.id })) ?? begun;
  const message = error instanceof Error ? error.message : String(error);
  const { id, progress } = found;
  await repricings.saveRepricing(begun.projectId, {
    id,
    serverId,
    status: 'failed',
    progress,
    error: message,
  });
  return { ...found, status: 'failed', error: message };
}

function isAway(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'store_unavailable';
}

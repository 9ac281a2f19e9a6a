import type { Limit, LimitChange, LimitList, LimitSearch, NewLimit } from '@app/contract';
import { NewLimit as NewLimitShape } from '@app/contract';
import { GatewayError } from '@app/protocol';
import type { RelationalStore, StoredLimit } from '@app/store';
import { insertCounted } from './insert-counted.ts';
import {
  invalid,
  type LimitActor,
  type LimitPlace,
  refuseFileSource,
  refuseTestMode,
} from './limit-place.ts';
import { findBound, readBound, readPeriod } from './read-bound.ts';
import { readScope, type ScopeDeps } from './read-scope.ts';
import type { ReadStandings } from './read-standings.ts';
import { writeLimit } from './write-limit.ts';

export type LimitsDeps = ScopeDeps & {
  limits: Pick<
    RelationalStore['limits'],
    | 'insertLimit'
    | 'findLimit'
    | 'listLimits'
    | 'countLimits'
    | 'updateLimit'
    | 'deleteLimit'
    | 'waitForAcknowledgement'
  >;
  readStandings: ReadStandings;
  nowMs: () => number;
  newId: (prefix: `${string}_`) => string;
};

export type Limits = {
  /** Throws a 4xx `GatewayError` for what cannot be. */
  create(place: LimitPlace, input: NewLimit, actor?: LimitActor): Promise<Limit>;
  list(place: LimitPlace, search: LimitSearch): Promise<LimitList>;
  /** Throws `not_found` when there is none in this place; so do those below. */
  get(place: LimitPlace, id: string): Promise<Limit>;
  change(place: LimitPlace, given: { id: string; change: LimitChange }, actor?: LimitActor): Promise<Limit>;
  delete(place: LimitPlace, id: string, actor?: LimitActor): Promise<Limit>;
};

/** A write answers once the live servers know of it, but waits for a server that hangs no longer than this. */
export const ACKNOWLEDGE_MS = 2_000;

/** Limits of projects and organizations. Without an actor it is the operator who acts, on the machine itself. */
export function createLimits(deps: LimitsDeps): Limits {
  const { limits } = deps;
  const show = async (limit: StoredLimit): Promise<Limit> => {
    const standings = await deps.readStandings([limit]);
    return writeLimit(limit, standings.get(limit.id) ?? []);
  };
  const get = async ({ organizationId, projectId }: LimitPlace, id: string) => {
    const found = await limits.findLimit(organizationId, { projectId, id, isBudget: false });
    if (found === undefined) throw noLimit();
    return found;
  };
  /** The write was done unless somebody deleted the limit meanwhile. */
  const told = async (written: { limit: StoredLimit; sequence: number } | undefined) => {
    if (written === undefined) throw noLimit();
    await limits.waitForAcknowledgement(written.sequence, ACKNOWLEDGE_MS);
    return show(written.limit);
  };
  return {
    create: async (place, input, actor) => {
      refuseTestMode(actor);
      const { scope, ...given } = NewLimitShape.parse(input);
      const row = {
        id: deps.newId('lim_'),
        projectId: place.projectId,
        name: given.name,
        measure: given.measure,
        period: readPeriod(given.measure, given.period),
        max: readBound(given.measure, given),
        scope: await readScope(deps, place, scope),
        enforcement: given.enforcement,
        source: 'api' as const,
        budget: undefined,
        createdAtMs: deps.nowMs(),
        createdBy: actor?.id,
      };
      return told(await insertCounted(limits, place, row));
    },
    list: async ({ organizationId, projectId }, search) => {
      const page = await limits.listLimits(organizationId, { ...search, projectId, isBudget: false });
      const standings = await deps.readStandings(page.limits);
      return {
        data: page.limits.map((limit) => writeLimit(limit, standings.get(limit.id) ?? [])),
        next_cursor: page.nextCursor,
      };
    },
    get: async (place, id) => show(await get(place, id)),
    change: async (place, { id, change }, actor) => {
      refuseTestMode(actor);
      const found = await get(place, id);
      refuseFileSource(found);
      if (Object.values(change).every((value) => value === undefined))
        throw invalid('name', 'There is nothing to change: give name, max, max_usd or enforcement.');
      return told(
        await limits.updateLimit(place.organizationId, {
          projectId: place.projectId,
          id,
          isBudget: false,
          name: change.name,
          max: findBound(found.measure, change),
          enforcement: change.enforcement,
        }),
      );
    },
    delete: async (place, id, actor) => {
      refuseTestMode(actor);
      refuseFileSource(await get(place, id));
      const { organizationId, projectId } = place;
      const asked = { projectId, id, isBudget: false, deletedAtMs: deps.nowMs() };
      return told(await limits.deleteLimit(organizationId, asked));
    },
  };
}

function noLimit(): GatewayError {
  return new GatewayError('not_found', 'There is no such limit here.', { retryable: false });
}

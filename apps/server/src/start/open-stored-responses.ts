import type { Clock, Schedule } from '@app/gateway';
import { type Store, serverSeenWithinMs } from '@app/store';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { type IdSource, idTimeMs } from '../ids.ts';
import { openResponseUpkeep } from '../jobs/open-response-upkeep.ts';
import { openResponses, type Responses } from '../responses/open-responses.ts';
import type { Owner } from '../responses/stored-turn.ts';
import type { ErasedFilter } from '../retention/create-erased-filter.ts';
import type { ClosingStack } from './closing-stack.ts';
import type { Gateway } from './open-gateway.ts';

export type StoredResponsesDeps = Pick<Gateway, 'backgroundJourney' | 'serverId'> & {
  config: Config;
  store: Store;
  /** Seals what is kept; 32 bytes. */
  responseKey: Buffer;
  clock: Clock;
  schedule: Schedule;
  ids: IdSource;
  /** Whether what a call is about was deleted meanwhile. */
  erased: Pick<ErasedFilter, 'isErased'>;
  log: Logger;
};

const DAY_MS = 86_400_000;

/** What the Responses API keeps, and the job that deletes it in time. */
export function openStoredResponses(deps: StoredResponsesDeps, stack: ClosingStack): Responses {
  const { config, store, clock, schedule, ids, log, serverId } = deps;
  const { defaults, retention } = config.file;
  const onWarning = (message: string, error?: unknown) => log.warn({ err: error }, message);
  const responses = openResponses({
    tables: store,
    key: deps.responseKey,
    journey: deps.backgroundJourney,
    serverId,
    clock,
    schedule,
    ids,
    storeByDefault: defaults.store_responses,
    isAdmitted: (secret) => deps.backgroundJourney.authenticate(secret, undefined).ok,
    retentionMs: retention.stored_responses_days * DAY_MS,
    isErased: ({ projectId, mode }, call) => deps.erased.isErased({ projectId, mode, ...call }),
    inputBytesMax: defaults.body_bytes,
    wasRecorded: (owner, requestId) => wasRecorded(store, owner, requestId),
    onWarning,
  });
  stack.add(() => responses.close());
  const upkeep = openResponseUpkeep({
    tables: store,
    serverId,
    serverSeenWithinMs,
    conversationsMs:
      retention.conversations_days === undefined ? undefined : retention.conversations_days * DAY_MS,
    nowMs: clock.nowMs,
    schedule,
    onWarning,
  });
  stack.add(() => upkeep.close());
  return responses;
}

/** A call's record has its request's id, and the id knows about when it was. */
async function wasRecorded(store: Pick<Store, 'traces'>, owner: Owner, requestId: string): Promise<boolean> {
  const atMs = idTimeMs(requestId);
  if (atMs === undefined) return false;
  const { data } = await store.traces.listTraces(owner.projectId, {
    search: requestId,
    mode: owner.mode,
    from: new Date(atMs - AROUND_MS).toISOString(),
    to: new Date(atMs + AROUND_MS).toISOString(),
    limit: 1,
  });
  return data[0]?.request_id === requestId;
}

const AROUND_MS = 60_000;

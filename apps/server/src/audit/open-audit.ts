import { mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Schedule } from '@app/gateway';
import { GatewayError } from '@app/protocol';
import type { Log, RelationalStore, StoredAuditEvent } from '@app/store';
import { type IdSource, newId } from '../ids.ts';
import { adoptOutboxes } from './adopt-outboxes.ts';
import type { Audit, AuditEntry, NewAuditEvent } from './audit.ts';
import type { AuditKeys } from './audit-keys.ts';
import { createRefusalCounts } from './count-refusals.ts';
import { createAppend } from './create-append.ts';
import { type DraftedEvent, draftEvent } from './draft-event.ts';
import { openOutbox } from './open-outbox.ts';
import { openShipping, type ShippingState } from './open-shipping.ts';

export type OpenAuditDeps = {
  audit: RelationalStore['audit'];
  keys: AuditKeys;
  dataDir: string;
  /** `server-...` or `cli-...`: names this process among those that ever wrote into the data folder. */
  processName: string;
  /** Whether a change that cannot be written down is refused. */
  required: boolean;
  ids: IdSource;
  schedule: Schedule;
  log: Log;
};

type AuditListener = (organizationId: string, events: readonly StoredAuditEvent[]) => void;

export type OpenAudit = Audit & {
  /** Has `listener` called with what this process adds to chains from then on. */
  onAppended(listener: AuditListener): void;
  /** What binds the links of a chain. */
  getChainKey(organizationId: string): Promise<Buffer>;
  /** Brings what processes left that are gone into the chains. */
  adopt(): Promise<void>;
  state(): ShippingState;
};

/** How long whoever changed something waits until it can be read in the chain. It is on the disk by then. */
const CHAIN_WAIT_MS = 1_000;
const STOPPED = 'The server stopped before it was known what became of it.';

/** Opens what people and keys do is written down in. Resolves once what earlier processes left is in the chains. */
export async function openAudit(deps: OpenAuditDeps): Promise<OpenAudit> {
  const { keys, ids, schedule, log } = deps;
  const { nowMs } = ids;
  const root = join(deps.dataDir, 'audit');
  mkdirSync(root, { recursive: true, mode: 0o700 });
  const listeners: AuditListener[] = [];
  const onAppended: AuditListener = (organizationId, events) => {
    for (const listener of listeners) listener(organizationId, events);
  };
  const { append, getChainKey } = createAppend({ audit: deps.audit, keys, nowMs, onAppended });
  const dir = join(root, deps.processName);
  const place = { key: keys.outboxKey, append, nowMs, schedule, log };
  const outbox = openOutbox({ ...place, dir });
  const shipping = openShipping({ outbox, append, nowMs, schedule, log });
  const isOwn = (name: string) => name === deps.processName;
  const isServer = deps.processName.startsWith('server-');
  const adopt = async () => void (await adoptOutboxes({ ...place, root, isOwn, isServer }));
  await adopt().catch((err: unknown) =>
    log.error({ err }, 'What an earlier process wrote down is not in its audit chain yet.'),
  );
  const draft = (event: NewAuditEvent, told: Omit<Parameters<typeof draftEvent>[1], 'digest'>) =>
    draftEvent(event, { ...told, digest: keys.digest });
  const newEventId = () => newId('aud_', ids);
  const end = (event: DraftedEvent) => tell(event, { shipping, schedule });
  const refusals = createRefusalCounts({
    newId: newEventId,
    nowMs,
    schedule,
    onFirst: ({ event, ...told }) =>
      void shipping.write({ kind: 'intent', event: draft(event, { ...told, outcome: 'refused' }) }),
    onMinute: (all) => {
      for (const { event, ...told } of all) shipping.keep(draft(event, { ...told, outcome: 'refused' }));
      shipping.shipSoon();
    },
  });
  return {
    begin: async (event) => {
      if (deps.required && shipping.isTooLate()) throw refusal();
      const known = { id: newEventId(), atMs: nowMs() };
      const intent = draft(event, { ...known, outcome: 'failed', reason: STOPPED });
      const isKept = shipping.write({ kind: 'intent', event: intent }) && (await shipping.sync());
      if (deps.required && !isKept) {
        shipping.forget(intent.id);
        throw refusal();
      }
      return entryOf(event, { end: (ended, told) => end(draft(ended, { ...known, ...told })) });
    },
    record: async ({ outcome = 'done', reason, ...event }) =>
      end(draft(event, { id: newEventId(), atMs: nowMs(), outcome, reason })),
    noteRefusal: refusals.note,
    onAppended: (listener) => void listeners.push(listener),
    getChainKey,
    adopt,
    state: shipping.state,
    close: async () => {
      refusals.close();
      const isEmpty = await shipping.close();
      await outbox.close();
      if (isEmpty) await rm(dir, { recursive: true, force: true });
    },
  };
}

type Ending = {
  end(event: NewAuditEvent, told: { outcome: 'done' | 'failed'; reason?: string }): Promise<void>;
};

function entryOf(intent: NewAuditEvent, { end }: Ending): AuditEntry {
  return {
    done: (event) => end(event, { outcome: 'done' }),
    failed: (reason) => end(intent, { outcome: 'failed', reason }),
  };
}

type Telling = { shipping: ReturnType<typeof openShipping>; schedule: Schedule };

/** On the disk first; then it is waited for the chain, for a moment. Never rejects. */
async function tell(event: DraftedEvent, { shipping, schedule }: Telling): Promise<void> {
  shipping.keep(event);
  await shipping.sync();
  await new Promise<void>((resolve) => {
    const cancel = schedule(CHAIN_WAIT_MS, resolve);
    void shipping.shipSoon().then(() => {
      cancel();
      resolve();
    });
  });
}

function refusal(): GatewayError {
  const message = 'Nothing was changed: changes have to be written down here, and that cannot be done now.';
  return new GatewayError('store_unavailable', message, { retryAfterS: 5 });
}

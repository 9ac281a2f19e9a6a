import type { AuditEvent, AuditList, AuditSearch, AuditVerification } from '@app/contract';
import { GatewayError } from '@app/protocol';
import type { AuditFilter, RelationalStore } from '@app/store';
import { showEvent } from './show-event.ts';
import { type VerifyStoredDeps, verifyStoredChain } from './verify-stored-chain.ts';

export type AuditLogDeps = Omit<VerifyStoredDeps, 'audit'> & {
  audit: VerifyStoredDeps['audit'] &
    Pick<RelationalStore['audit'], 'listAuditEvents' | 'listAuditEventsUpwards'>;
};

type Filter = Omit<AuditSearch, 'chain' | 'cursor' | 'limit'>;

/** What is written down, for those who read it. A chain is named by its organization. */
export type AuditLog = {
  list(chain: string, search: Omit<AuditSearch, 'chain'>): Promise<AuditList>;
  /** Oldest first, up to what there is when it begins. */
  export(chain: string, filter: Filter): AsyncIterable<AuditEvent>;
  /** Throws `overloaded` when several chains are verified already. */
  verify(chain: string, onProgress?: (checked: number) => void): Promise<AuditVerification>;
};

const EXPORT_PAGE = 500;
/** A verification reads a whole chain. */
const VERIFICATIONS_MAX = 2;

export function createAuditLog(deps: AuditLogDeps): AuditLog {
  const running = new Map<string, Promise<AuditVerification>>();
  return {
    list: (chain, search) => list(deps, chain, search),
    export: (chain, filter) => exportAll(deps, chain, filter),
    verify(chain, onProgress) {
      const underWay = running.get(chain);
      // Who asks for the same gets the same answer.
      if (underWay !== undefined) return underWay;
      if (running.size >= VERIFICATIONS_MAX) {
        const message = 'Other audit logs are being verified. Try again soon.';
        return Promise.reject(new GatewayError('overloaded', message, { retryAfterS: 10 }));
      }
      const begun = verifyStoredChain(deps, chain, onProgress).finally(() => running.delete(chain));
      running.set(chain, begun);
      return begun;
    },
  };
}

async function list(
  { audit }: AuditLogDeps,
  chain: string,
  { cursor, limit, ...filter }: Omit<AuditSearch, 'chain'>,
): Promise<AuditList> {
  const beforeSequence = cursor === undefined ? undefined : readCursor(cursor);
  // One more than the page tells whether another page follows.
  const found = await audit.listAuditEvents(chain, { ...rowsOf(filter), beforeSequence, limit: limit + 1 });
  const page = found.slice(0, limit);
  const last = found.length > limit ? page.at(-1) : undefined;
  return { data: page.map(showEvent), next_cursor: last === undefined ? null : String(last.sequence) };
}

async function* exportAll(
  { audit }: AuditLogDeps,
  chain: string,
  filter: Filter,
): AsyncGenerator<AuditEvent> {
  const upToSequence = (await audit.findAuditChain(chain))?.sequence ?? 0;
  let afterSequence = 0;
  for (;;) {
    const wanted = { ...rowsOf(filter), afterSequence, upToSequence, limit: EXPORT_PAGE };
    const page = await audit.listAuditEventsUpwards(chain, wanted);
    for (const event of page) yield showEvent(event);
    const last = page.at(-1);
    if (last === undefined || page.length < EXPORT_PAGE) return;
    afterSequence = last.sequence;
  }
}

function rowsOf({ target, project, from, to, ...rest }: Filter): AuditFilter {
  return {
    ...rest,
    targetId: target,
    projectId: project,
    fromMs: from === undefined ? undefined : Date.parse(from),
    toMs: to === undefined ? undefined : Date.parse(to),
  };
}

function readCursor(cursor: string): number {
  const sequence = /^\d{1,15}$/.test(cursor) ? Number(cursor) : Number.NaN;
  if (Number.isSafeInteger(sequence)) return sequence;
  throw new GatewayError('invalid_parameter', 'cursor: this is not a cursor of this list.', {
    param: 'cursor',
  });
}

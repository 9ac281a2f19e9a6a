import { chmod, open } from 'node:fs/promises';
import type { Schedule } from '@app/gateway';
import type { Log, RelationalStore, StoredAuditChain, StoredAuditEvent } from '@app/store';
import { createGroupCommit } from '@app/tracing';
import { type Anchor, digestOfLine, NO_PREVIOUS, signAnchor } from './anchor-record.ts';
import type { AuditKeys } from './audit-keys.ts';
import { headMacOf, isSameMac } from './bind-events.ts';
import { type AnchorTail, readAnchorTail } from './read-anchors.ts';

export type AnchorsDeps = {
  audit: Pick<RelationalStore['audit'], 'listAuditChains' | 'markAuditAnchor'>;
  keys: AuditKeys;
  getChainKey(organizationId: string): Promise<Buffer>;
  /** Where the copies are kept, outside the database. */
  path: string;
  everyEvents: number;
  everyMs: number;
  /** Has each copy sent somewhere else too, without waiting. */
  send?: ((anchor: Anchor) => void) | undefined;
  nowMs: () => number;
  schedule: Schedule;
  log: Log;
};

export type OpenAnchors = {
  /** Hears of links that were added. */
  note(organizationId: string, events: readonly StoredAuditEvent[]): void;
  /** Copies where each chain ends now. Rejects when that cannot be written. */
  anchor(): Promise<void>;
  close(): Promise<void>;
};

/** Copies where each chain ends out of the database, signed, after so many events or minutes and at the end. */
export async function openAnchors(deps: AnchorsDeps): Promise<OpenAnchors> {
  const { schedule, log, everyEvents, everyMs } = deps;
  const tail = await readAnchorTail(deps.path);
  const { newest } = tail;
  const write = createAnchorWriter(deps, tail);
  const since = new Map<string, number>();
  let cancel = () => {};
  let isClosed = false;

  const anchor = createGroupCommit(async () => {
    let after = '';
    for (;;) {
      const chains = await deps.audit.listAuditChains({ after });
      const moved = chains.filter(
        ({ organizationId, sequence }) => sequence > (newest.get(organizationId) ?? 0),
      );
      const proven: StoredAuditChain[] = [];
      for (const chain of moved) if (await isProven(chain, deps)) proven.push(chain);
      if (proven.length > 0) await write(proven);
      for (const { organizationId } of proven) since.delete(organizationId);
      if (chains.length < CHAINS_PAGE) return;
      after = chains.at(-1)?.organizationId ?? '';
    }
  });
  const tryToAnchor = () =>
    anchor().catch((err: unknown) =>
      log.error({ err }, 'Where the audit chains end could not be signed and copied.'),
    );
  const beat = () => {
    if (!isClosed) cancel = schedule(everyMs, () => void tryToAnchor().then(beat));
  };
  beat();
  return {
    note(organizationId, events) {
      const count = (since.get(organizationId) ?? 0) + events.length;
      since.set(organizationId, count);
      if (count >= everyEvents) void tryToAnchor();
    },
    anchor,
    close: async () => {
      isClosed = true;
      cancel();
      await tryToAnchor();
    },
  };
}

const CHAINS_PAGE = 1_000;

/** Signs where chains end, each line bound to the one before. */
function createAnchorWriter(deps: AnchorsDeps, { newest, last: atOpening }: AnchorTail) {
  let last = atOpening;
  return async (ends: readonly StoredAuditChain[]): Promise<void> => {
    const lines: string[] = [];
    const anchors: Anchor[] = [];
    let before = last;
    for (const { organizationId, sequence, mac } of ends) {
      const anchor = signAnchor(deps.keys, {
        organization_id: organizationId,
        sequence,
        mac: mac.toString('hex'),
        at: new Date(deps.nowMs()).toISOString(),
        number: (before?.number ?? 0) + 1,
        previous: before?.digest ?? NO_PREVIOUS,
      });
      const line = JSON.stringify(anchor);
      before = { number: anchor.number, digest: digestOfLine(line) };
      lines.push(line);
      anchors.push(anchor);
    }
    await appendLines(deps.path, lines);
    last = before;
    for (const anchor of anchors) {
      newest.set(anchor.organization_id, anchor.sequence);
      deps.send?.(anchor);
    }
    for (const { organizationId, sequence } of ends)
      await deps.audit.markAuditAnchor(organizationId, { sequence });
  };
}

/** What somebody wrote into the table is not signed: a copy would vouch for it. */
async function isProven(chain: StoredAuditChain, { getChainKey, log }: AnchorsDeps): Promise<boolean> {
  const { organizationId } = chain;
  const key = await getChainKey(organizationId).catch(() => undefined);
  if (key !== undefined && isSameMac(chain.headMac, headMacOf(key, organizationId, chain))) return true;
  log.error(
    { organizationId },
    'An audit chain was changed by somebody else: "tokenrouter audit verify" tells where.',
  );
  return false;
}

/** A line that was cut off is ended first, so that it spoils no other. */
async function appendLines(path: string, lines: readonly string[]): Promise<void> {
  const file = await open(path, 'a+', 0o600);
  try {
    const { size } = await file.stat();
    if (size === 0) await chmod(path, 0o600);
    const end = Buffer.alloc(1);
    if (size > 0) await file.read(end, 0, 1, size - 1);
    const isCut = size > 0 && end.toString('latin1') !== '\n';
    await file.appendFile(`${isCut ? '\n' : ''}${lines.join('\n')}\n`);
    await file.datasync();
  } finally {
    await file.close();
  }
}

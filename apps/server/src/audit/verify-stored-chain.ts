import type { AuditVerification } from '@app/contract';
import type { RelationalStore, StoredAuditEvent } from '@app/store';
import { z } from 'zod';
import type { AuditKeys } from './audit-keys.ts';
import { isSameMac, macOf } from './bind-events.ts';
import { readAnchors } from './read-anchors.ts';
import { type ChainFloor, type Verified, verifyChain } from './verify-chain.ts';

export type VerifyStoredDeps = {
  audit: Pick<RelationalStore['audit'], 'findAuditChain' | 'findAuditPrune' | 'readAuditEvents'>;
  keys: AuditKeys;
  /** Where signed copies are kept. */
  anchorsPath: string;
  nowMs: () => number;
};

const PAGE = 1_000;
const TRIES = 3;

/** What a link says whose chain begins later since its beginning was taken out. */
const Pruned = z.object({ from_sequence: z.int().min(1), previous_mac: z.string().regex(/^[0-9a-f]{64}$/) });

/** Looks at a whole chain as it is kept, and compares it with its signed copies. Whole is also one that never began. */
export async function verifyStoredChain(
  deps: VerifyStoredDeps,
  organizationId: string,
  onProgress?: (checked: number) => void,
): Promise<AuditVerification> {
  const { audit, keys } = deps;
  const at = new Date(deps.nowMs()).toISOString();
  const anchors = await readAnchors({ path: deps.anchorsPath, publicKey: keys.publicKey, organizationId });
  const told = { at, anchors: anchors.links.length, last_anchor_at: timeOf(anchors.lastAtMs) };
  const chain = await audit.findAuditChain(organizationId);
  const nothing = { checked: 0, firstSequence: undefined, lastSequence: undefined };
  if (chain === undefined) {
    const gone = {
      kind: 'truncated' as const,
      sequence: null,
      message: 'Signed copies exist of a chain that is gone.',
    };
    return show(told, { ...nothing, faults: anchors.links.length > 0 ? [gone] : [] }, anchors.faults);
  }
  const key = keys.openChainKey(organizationId, chain.sealedKey);
  if (key === undefined) {
    const message = 'The key of the chain was put in by somebody else: nothing of it can be proven.';
    return show(told, { ...nothing, faults: [{ kind: 'forked', sequence: null, message }] }, anchors.faults);
  }
  if (chain.anchoredSequence > 0 && anchors.links.length === 0) {
    const message = `A copy of event ${chain.anchoredSequence} was signed, but there is none at ${deps.anchorsPath}.`;
    anchors.faults.push({ kind: 'anchor_missing', sequence: chain.anchoredSequence, message });
  }
  for (let tries = 1; ; tries += 1) {
    const floor = await findFloor(audit, key, organizationId);
    const verified = await verifyChain({
      organizationId,
      key,
      events: readAll(audit, organizationId),
      readHead: () => audit.findAuditChain(organizationId),
      floor,
      anchors: anchors.links,
      ...(onProgress === undefined ? {} : { onProgress }),
    });
    // What was taken out by the rules while it was looked at is not missing.
    const floorNow = await findFloor(audit, key, organizationId);
    if (floorNow?.sequence === floor?.sequence || tries === TRIES)
      return show(told, verified, anchors.faults);
  }
}

/** From where the chain begins, if a link that proves itself says so. */
async function findFloor(
  audit: VerifyStoredDeps['audit'],
  key: Buffer,
  organizationId: string,
): Promise<ChainFloor | undefined> {
  const prune = await audit.findAuditPrune(organizationId);
  if (prune === undefined || !isSameMac(macOf(key, organizationId, prune), prune.mac)) return undefined;
  try {
    const { from_sequence, previous_mac } = Pruned.parse(JSON.parse(prune.after ?? ''));
    return { sequence: from_sequence, previous: Buffer.from(previous_mac, 'hex') };
  } catch {
    return undefined;
  }
}

async function* readAll(
  { readAuditEvents }: VerifyStoredDeps['audit'],
  organizationId: string,
): AsyncGenerator<StoredAuditEvent> {
  let afterSequence = 0;
  for (;;) {
    const page = await readAuditEvents(organizationId, { afterSequence, limit: PAGE });
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    afterSequence = last.sequence;
  }
}

function show(
  told: Pick<AuditVerification, 'at' | 'anchors' | 'last_anchor_at'>,
  { checked, firstSequence, lastSequence, faults }: Verified,
  anchorFaults: Verified['faults'],
): AuditVerification {
  const all = [...faults, ...anchorFaults];
  return {
    ...told,
    is_whole: all.length === 0,
    checked,
    first_sequence: firstSequence ?? null,
    last_sequence: lastSequence ?? null,
    faults: all,
  };
}

const timeOf = (ms: number | undefined): string | null =>
  ms === undefined ? null : new Date(ms).toISOString();

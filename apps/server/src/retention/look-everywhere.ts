import type { Store, StoredDeletion } from '@app/store';
import { ownedFilterOf } from './owned-filter.ts';
import { RoundFailure } from './round-failure.ts';
import { toldOfUser } from './told-filter.ts';

export type LookEverywhereDeps = {
  traces: Pick<
    Store['traces'],
    'countMatchingCalls' | 'countReplacedParts' | 'clearReplacedParts' | 'readClock'
  >;
  owned: Pick<Store['owned'], 'countOwnedRows' | 'countToldUser'>;
  pause: (delayMs: number) => Promise<void>;
  isStopping: () => boolean;
  partLooksMax?: number;
};

export type SweptPlace = { place: string; left: number };

/** Most is gone within a second or two; what is not is looked at less often. */
const SOON_MS = 200;
const SOON_LOOKS = 25;
const LATER_MS = 2_000;
/** Ten minutes: a server of one's own keeps what was replaced for eight unless told otherwise. */
const LOOKS_MAX = 325;

/** Looks in every place for what was meant, and says what is left there. */
export async function lookEverywhere(
  deps: LookEverywhereDeps,
  { projectId, filter, requestedAtMs, isTestOnly }: StoredDeletion,
  { contentsLeft, toldBeforeMs }: { contentsLeft: number; toldBeforeMs: number },
): Promise<SweptPlace[]> {
  const asked = { filter, beforeMs: requestedAtMs, isTestOnly };
  const parts = await untilPartsAreGone(deps);
  const calls = await deps.traces.countMatchingCalls(projectId, asked);
  const owned = ownedFilterOf(asked);
  const rows =
    owned === undefined ? { responses: 0, items: 0 } : await deps.owned.countOwnedRows(projectId, owned);
  const told = toldOfUser(asked);
  const alerts =
    told === undefined ? 0 : await deps.owned.countToldUser(projectId, { ...told, beforeMs: toldBeforeMs });
  return [
    { place: 'records not loaded yet', left: 0 },
    { place: 'traces', left: calls },
    { place: 'contents of messages', left: contentsLeft },
    { place: 'replaced parts of the trace store', left: parts },
    { place: 'stored responses', left: rows.responses },
    { place: 'items of conversations', left: rows.items },
    { place: 'alerts and anomalies', left: alerts },
  ];
}

/** ClickHouse writes parts anew without what was deleted, and removes the old ones a little later. */
async function untilPartsAreGone({
  traces,
  pause,
  isStopping,
  partLooksMax = LOOKS_MAX,
}: LookEverywhereDeps) {
  const beforeS = Math.ceil((await traces.readClock()) / 1_000);
  let left = await traces.countReplacedParts(beforeS);
  for (let look = 0; left > 0 && look < partLooksMax; look += 1) {
    if (isStopping()) throw new RoundFailure();
    await traces.clearReplacedParts();
    await pause(look < SOON_LOOKS ? SOON_MS : LATER_MS);
    left = await traces.countReplacedParts(beforeS);
  }
  return left;
}

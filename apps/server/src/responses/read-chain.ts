import type { ChainLink, RelationalStore } from '@app/store';
import type { Owner, StoredTurn } from './stored-turn.ts';

/** A turn and those before it, the oldest first; or the turn that is missing, or the bound that they exceed. */
export type Chain =
  | { ok: true; turns: StoredTurn[] }
  | { ok: false; gone: string }
  | { ok: false; exceeded: 'depth' | 'bytes' };

export type ChainBounds = {
  depthMax: number;
  bytesMax: number;
  /** Takes room for what is read; false when there is none. */
  take: (bytes: number) => boolean;
};

export type ChainDeps = {
  /** A turn that the database may not have yet, and its size. */
  findWaiting: (owner: Owner, id: string) => { turn: StoredTurn; bytes: number } | undefined;
  listLinks: RelationalStore['responses']['listResponseChain'];
  list: (owner: Owner, ids: readonly string[]) => Promise<StoredTurn[]>;
  nowMs: () => number;
};

type Waiting = { turns: StoredTurn[]; bytes: number; next: string | undefined };

/** First what waits in memory, which is the newest; then the rest in two queries: how much it is, and what it says. */
export function createReadChain(deps: ChainDeps) {
  return async (owner: Owner, id: string, bounds: ChainBounds): Promise<Chain> => {
    const waiting = readWaiting(deps, owner, { id, bounds });
    const { turns, next } = waiting;
    const links =
      next === undefined || exceeded(waiting, [], bounds) !== undefined
        ? []
        : await listLinks(deps, owner, { ...waiting, next, bounds });
    const fault = exceeded(waiting, links, bounds) ?? findGap(next, links);
    if (fault !== undefined) return fault;
    if (!bounds.take(waiting.bytes + sizeOf(links))) return { ok: false, exceeded: 'bytes' };
    const ids = links.map((link) => link.id);
    const listed = ids.length === 0 ? [] : await deps.list(owner, ids);
    const byId = new Map(listed.map((turn) => [turn.id, turn]));
    for (const name of ids) {
      const turn = byId.get(name);
      if (turn === undefined) return { ok: false, gone: name };
      turns.push(turn);
    }
    return { ok: true, turns: turns.reverse() };
  };
}

type From = { id: string; bounds: ChainBounds };

/** One more than may be, so that too many are seen to be so. */
function readWaiting({ findWaiting }: ChainDeps, owner: Owner, { id, bounds }: From): Waiting {
  const waiting: Waiting = { turns: [], bytes: 0, next: id };
  while (waiting.next !== undefined && exceeded(waiting, [], bounds) === undefined) {
    const found = findWaiting(owner, waiting.next);
    if (found === undefined) break;
    waiting.turns.push(found.turn);
    waiting.bytes += found.bytes;
    waiting.next = found.turn.previousId;
  }
  return waiting;
}

function listLinks(
  { listLinks: list, nowMs }: ChainDeps,
  owner: Owner,
  { turns, bytes, next, bounds }: Waiting & { next: string; bounds: ChainBounds },
): Promise<ChainLink[]> {
  return list(owner.projectId, {
    mode: owner.mode,
    id: next,
    depthMax: bounds.depthMax + 1 - turns.length,
    bytesMax: bounds.bytesMax - bytes,
    nowMs: nowMs(),
  });
}

function exceeded(
  { turns, bytes }: Waiting,
  links: readonly ChainLink[],
  { depthMax, bytesMax }: ChainBounds,
): (Chain & { ok: false }) | undefined {
  if (turns.length + links.length > depthMax) return { ok: false, exceeded: 'depth' };
  return bytes + sizeOf(links) > bytesMax ? { ok: false, exceeded: 'bytes' } : undefined;
}

/** What the oldest turn goes on from must be there as well. */
function findGap(next: string | undefined, links: readonly ChainLink[]): (Chain & { ok: false }) | undefined {
  if (next === undefined) return undefined;
  const last = links.at(-1);
  const gone = last === undefined ? next : last.previousId;
  return gone === undefined ? undefined : { ok: false, gone };
}

function sizeOf(links: readonly ChainLink[]): number {
  return links.reduce((sum, link) => sum + link.bytes, 0);
}

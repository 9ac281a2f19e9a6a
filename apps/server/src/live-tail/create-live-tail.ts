import type { TraceSummary } from '@app/contract';
import { GatewayError } from '@app/protocol';
import type { Store } from '@app/store';

type LiveSearch = Parameters<Store['traces']['listFinished']>[1]['search'];
/** `ready` comes first; `heartbeat` keeps the connection alive; `lost` says that others came too fast to be shown. */
export type LiveEvent = { event: 'ready' | 'trace' | 'lost' | 'heartbeat'; data: TraceSummary | null };

export type LiveTailDeps = {
  listFinished: Store['traces']['listFinished'];
  nowMs: () => number;
  /** Resolves after so many milliseconds, or when the signal says so. */
  wait: (ms: number, signal: AbortSignal) => Promise<void>;
};

export type Follow = {
  projectId: string;
  search: LiveSearch;
  /** Rejects when whoever follows may not any more: a key was revoked, a session ended. */
  stillMay: () => Promise<unknown>;
};

export const LIVE_TAIL = {
  everyMs: 1_000,
  /** Records reach the store a moment after they end, and those of others later still. */
  overlapMs: 15_000,
  rowsMax: 200,
  /** Of all projects together, on this server. */
  followersMax: 100,
  /** Of one project, so that no one of them takes every place. */
  followersOfProjectMax: 20,
  /** Polls between two events of the kind that keeps a connection alive. */
  heartbeatPolls: 15,
  /** No longer than this is sent to somebody who may not follow any more, however slowly they read. */
  checkedMsMax: 15_000,
  knownMax: 20_000,
};

/**
 * Follows the calls of a project as they end. It asks the store, which has what every server recorded; whoever reads
 * slowly gets the newest, and hears that others were left out.
 */
export function createLiveTail(deps: LiveTailDeps): (follow: Follow) => AsyncIterable<LiveEvent> {
  const followers = new Map<string, number>();
  return (follow) => {
    const leave = takePlace(followers, follow.projectId);
    const ended = new AbortController();
    const events = followOne(deps, follow, ended.signal);
    let isOpen = true;
    const close = () => {
      if (isOpen) leave();
      isOpen = false;
      ended.abort();
    };
    return {
      [Symbol.asyncIterator]: () => ({
        next: async () => {
          const step = await events.next().catch((error: unknown) => {
            close();
            throw error;
          });
          if (step.done === true) close();
          return step;
        },
        return: async () => {
          close();
          await events.return(undefined);
          return { done: true, value: undefined };
        },
      }),
    };
  };
}

/** Throws when there is none; what it returns gives the place back, once. */
function takePlace(followers: Map<string, number>, projectId: string): () => void {
  const mine = followers.get(projectId) ?? 0;
  const all = [...followers.values()].reduce((sum, count) => sum + count, 0);
  if (mine >= LIVE_TAIL.followersOfProjectMax) {
    const message = `${mine} are following this project already. Close another page first.`;
    throw new GatewayError('concurrency_limit_exceeded', message, { retryAfterS: 10 });
  }
  if (all >= LIVE_TAIL.followersMax) {
    const message = 'Too many are following on this server. Close another page, or try again later.';
    throw new GatewayError('overloaded', message, { retryAfterS: 10 });
  }
  followers.set(projectId, mine + 1);
  return () => {
    const left = (followers.get(projectId) ?? 1) - 1;
    if (left === 0) followers.delete(projectId);
    else followers.set(projectId, left);
  };
}

async function* followOne(
  { listFinished, nowMs, wait }: LiveTailDeps,
  { projectId, search, stillMay }: Follow,
  signal: AbortSignal,
): AsyncGenerator<LiveEvent, undefined> {
  const known = new Map<string, number>();
  const beganMs = nowMs();
  let checkedMs = beganMs;
  yield { event: 'ready', data: null };
  for (let poll = 1; !signal.aborted; poll += 1) {
    await wait(LIVE_TAIL.everyMs, signal);
    if (signal.aborted) return undefined;
    const isHeartbeat = poll % LIVE_TAIL.heartbeatPolls === 0;
    // A reader that reads slowly makes few polls, and time passes all the same.
    if (isHeartbeat || nowMs() - checkedMs >= LIVE_TAIL.checkedMsMax) {
      await stillMay();
      checkedMs = nowMs();
    }
    if (isHeartbeat) yield { event: 'heartbeat', data: null };
    const sinceMs = Math.max(beganMs, nowMs() - LIVE_TAIL.overlapMs);
    const rows = await listFinished(projectId, { search, sinceMs, rowsMax: LIVE_TAIL.rowsMax });
    const fresh = rows.filter((row) => !known.has(row.trace_id + row.span_id));
    for (const row of fresh) known.set(row.trace_id + row.span_id, poll);
    forget(known);
    // A page full of news had others before it, which nobody counted.
    if (fresh.length === LIVE_TAIL.rowsMax) yield { event: 'lost', data: null };
    for (const row of fresh) {
      if (nowMs() - checkedMs >= LIVE_TAIL.checkedMsMax) {
        await stillMay();
        checkedMs = nowMs();
      }
      yield { event: 'trace', data: row };
    }
  }
  return undefined;
}

/** The oldest go first: a map keeps the order of its keys. */
function forget(known: Map<string, number>): void {
  for (const name of known.keys()) {
    if (known.size <= LIVE_TAIL.knownMax) return;
    known.delete(name);
  }
}

import type { Schedule } from '@app/gateway';
import type { RelationalStore } from '@app/store';
import { repeat } from '../snapshot/repeat.ts';
import { singleFlight } from '../snapshot/single-flight.ts';

export type MemberActivityDeps = {
  touchMemberActivity: RelationalStore['members']['touchMemberActivity'];
  nowMs: () => number;
  schedule: Schedule;
  onWarning: (message: string, error: unknown) => void;
};

export type MemberActivity = {
  /** Notes in memory that somebody is at work in an organization. Never waits and never throws. */
  note(organizationId: string, userId: string): void;
  /** Writes what was noted so far. */
  flush(): Promise<void>;
  /** Writes the rest and stops. */
  close(): Promise<void>;
};

const FLUSH_MS = 10_000;
/** The same person in the same organization is written no more often. */
const AGAIN_MS = 60_000;
const PEOPLE_MAX = 20_000;
const BATCH = 1_000;

type Seen = { organizationId: string; userId: string; atMs: number; isWritten: boolean };

/** When people were last active in which organization: kept in memory, written every few seconds, many at a time. */
export function openMemberActivity(deps: MemberActivityDeps): MemberActivity {
  const seen = new Map<string, Seen>();
  let isDown = false;

  const writeAll = async () => {
    const waiting = [...seen.values()].filter(({ isWritten }) => !isWritten);
    for (let at = 0; at < waiting.length; at += BATCH) {
      const batch = waiting.slice(at, at + BATCH);
      try {
        await deps.touchMemberActivity(batch);
        isDown = false;
      } catch (error) {
        if (!isDown) deps.onWarning('When members were last active cannot be written; trying again.', error);
        isDown = true;
        return;
      }
      for (const each of batch) each.isWritten = true;
    }
    forgetOld(seen, deps.nowMs());
  };
  const once = singleFlight(writeAll);
  const flush = () => once(false);
  const stop = repeat(deps.schedule, FLUSH_MS, flush);
  return {
    note: (organizationId, userId) => {
      const key = `${organizationId} ${userId}`;
      const atMs = deps.nowMs();
      const before = seen.get(key);
      if (before !== undefined && atMs - before.atMs < AGAIN_MS) return;
      // While the database is away, who does not fit is forgotten: memory stays bounded.
      if (before === undefined && seen.size >= PEOPLE_MAX) return;
      seen.set(key, { organizationId, userId, atMs, isWritten: false });
    },
    flush,
    close: async () => {
      stop();
      await flush();
    },
  };
}

function forgetOld(seen: Map<string, Seen>, nowMs: number): void {
  for (const [key, { atMs, isWritten }] of seen) if (isWritten && nowMs - atMs >= AGAIN_MS) seen.delete(key);
}

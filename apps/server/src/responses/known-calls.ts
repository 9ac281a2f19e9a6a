import type { Owner } from './stored-turn.ts';

/** Calls of which nothing was kept: there is nothing to fetch, but they were made. */
export type KnownCalls = {
  note(owner: Owner, id: string): void;
  /** Whether this reply's call was made by the owner, as far as anybody remembers. */
  has(owner: Owner, id: string): Promise<boolean>;
};

export type KnownCallsDeps = {
  /** Asks what was recorded of calls. */
  wasRecorded: (owner: Owner, requestId: string) => Promise<boolean>;
};

const CALLS_MAX = 20_000;

/** Remembers the latest calls, which are not recorded for good at once, and asks the record for the others. */
export function createKnownCalls({ wasRecorded }: KnownCallsDeps): KnownCalls {
  const latest = new Set<string>();
  return {
    note: (owner, id) => {
      latest.add(keyOf(owner, id));
      if (latest.size <= CALLS_MAX) return;
      const [oldest] = latest;
      if (oldest !== undefined) latest.delete(oldest);
    },
    has: async (owner, id) => {
      if (latest.has(keyOf(owner, id))) return true;
      // Without the record the call is one that nobody knows.
      return wasRecorded(owner, `req_${id.slice(id.indexOf('_') + 1)}`).catch(() => false);
    },
  };
}

function keyOf({ projectId, mode }: Owner, id: string): string {
  return `${projectId} ${mode} ${id}`;
}

import type { Schedule } from '@app/gateway';
import { type RelationalStore, serverSeenWithinMs } from '@app/store';
import { repeat } from '../snapshot/repeat.ts';

export type ServerWatchDeps = {
  listLiveServers: RelationalStore['limitUsage']['listLiveServers'];
  serverId: string;
  schedule: Schedule;
  onWarning: (message: string, error: unknown) => void;
};

/** Longer than a server is seen that was killed and followed by this one. */
const EVERY_MS = 1.5 * serverSeenWithinMs;

/**
 * Warns when another server lives on the same database, for a server that counts in its own memory: every limit then
 * is as many times its number as there are servers. The returned function stops looking.
 */
export function openServerWatch({
  listLiveServers,
  serverId,
  schedule,
  onWarning,
}: ServerWatchDeps): () => void {
  let told = 0;
  const look = async () => {
    const live = await listLiveServers({ seenWithinMs: serverSeenWithinMs });
    const others = live.filter((id) => id !== serverId);
    if (others.length > told) {
      const message =
        'Another server uses the same database, and each counts limits for itself. Set REDIS_URL, or run one server.';
      onWarning(message, new Error(`Other live servers: ${others.join(', ')}.`));
    }
    told = others.length;
  };
  return repeat(schedule, EVERY_MS, () => look().catch(() => undefined));
}

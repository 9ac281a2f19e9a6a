import type { AppliedLimit, Count } from '@app/gateway';
import type { LimitScripts } from './limit-scripts.ts';
import type { RedisConnection, ScriptReply } from './open-redis-connection.ts';
import type { SharedCounting } from './shared-counting.ts';
import { journalClaimOf, resetOf, type WireClaim, type WireCount, writeClaim } from './wire-claim.ts';

export type Taking = { isTaken: boolean; nowMs: number; numbers: (WireCount & { step: number })[] };

/** What `reserve` answers when it took or refused: the time, and four numbers for each claim. */
export function readTaking(reply: ScriptReply): Taking {
  const numbers: Taking['numbers'] = [];
  for (let at = 2; at + 3 < reply.length; at += 4) {
    const [exceeded, used, spent, step] = reply.slice(at, at + 4).map(Number);
    numbers.push({ isExceeded: exceeded === 1, used: used ?? 0, spent: spent ?? 0, step: step ?? 0 });
  }
  return { isTaken: reply[0] === 'taken', nowMs: Number(reply[1]), numbers };
}

export type StandingDeps = Pick<
  SharedCounting,
  'findPeriod' | 'findSpent' | 'lease' | 'redisTime' | 'schedule' | 'deadlineMs'
> & {
  connection: RedisConnection;
  scripts: LimitScripts;
};

/** How a count stands, from Redis and, where Redis does not have it, from what is durable; undefined when neither answers. */
export async function readStanding(
  deps: StandingDeps,
  { limit, subject }: AppliedLimit,
): Promise<Count | undefined> {
  const { redisTime, findPeriod } = deps;
  // Twice when this server's time was another period's.
  for (let tries = 0; tries < 2; tries += 1) {
    const wire = writeClaim({ limit, subject, amount: 0, floor: 0 }, findPeriod, redisTime.nowMs());
    const reply = await askStanding(deps, wire);
    if (reply === undefined) return undefined;
    redisTime.heard(Number(reply[0]));
    if (reply.length > 1) return standingOf(deps, wire, reply);
  }
  return undefined;
}

async function standingOf(deps: StandingDeps, wire: WireClaim, reply: ScriptReply): Promise<Count> {
  const [nowMs = 0, counted = 0, reserved = 0, isSeeded] = reply.map(Number);
  const { claim, kind, max, until } = wire;
  const [spent = 0] =
    kind === 'c' && isSeeded === 0 ? await deps.findSpent([journalClaimOf(wire)]).catch(() => []) : [];
  const used = counted + spent;
  const { limit, subject } = claim;
  const resetMs = resetOf(kind, { used, max, until, nowMs });
  const count: Count = { limit, subject, max, used, resetMs, retryAfterMs: 0, isExceeded: used >= max };
  if (kind === 'c') count.reserved = reserved;
  return count;
}

function askStanding(deps: StandingDeps, wire: WireClaim): Promise<ScriptReply | undefined> {
  const { connection, scripts, schedule, deadlineMs } = deps;
  const { key, kind, max, startMs, until } = wire;
  const { promise, resolve } = Promise.withResolvers<ScriptReply | undefined>();
  const cancel = schedule(deadlineMs, () => resolve(undefined));
  const args = [kind, ...[max, startMs, until].map(String)];
  connection.run(scripts.read, { keys: [deps.lease.keyOf(key)], args }, (reply) => {
    cancel();
    resolve(reply instanceof Error ? undefined : reply);
  });
  return promise;
}

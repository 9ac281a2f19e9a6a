import type { Count, FindSpent, Schedule } from '@app/gateway';
import type { LimitScripts } from './limit-scripts.ts';
import type { RedisConnection, ScriptReply } from './open-redis-connection.ts';
import { journalClaimOf, resetOf, type WireClaim, type WireCount } from './wire-claim.ts';

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

export type StandingDeps = {
  connection: RedisConnection;
  scripts: LimitScripts;
  schedule: Schedule;
  deadlineMs: number;
  findSpent: FindSpent;
};

/** How a count stands, from Redis and, where Redis does not have it, from what is durable; undefined when neither answers. */
export async function readStanding(
  deps: StandingDeps,
  wire: WireClaim,
  nowMs: number,
): Promise<Count | undefined> {
  const reply = await askStanding(deps, wire);
  if (reply === undefined) return undefined;
  const { claim, kind, max, until } = wire;
  const reserved = Number(reply[1]);
  let used = Number(reply[0]);
  if (kind === 'c' && reply[2] === '0') {
    const [spent = 0] = await deps.findSpent([journalClaimOf(wire)]).catch(() => []);
    used += spent;
  }
  const { limit, subject } = claim;
  const resetMs = resetOf(kind, { used, max, until, nowMs });
  const count: Count = { limit, subject, max, used, resetMs, retryAfterMs: 0, isExceeded: used >= max };
  if (kind === 'c') count.reserved = reserved;
  return count;
}

function askStanding(
  deps: StandingDeps,
  { key, kind, max, until }: WireClaim,
): Promise<ScriptReply | undefined> {
  const { connection, scripts, schedule, deadlineMs } = deps;
  const { promise, resolve } = Promise.withResolvers<ScriptReply | undefined>();
  const cancel = schedule(deadlineMs, () => resolve(undefined));
  connection.run(scripts.read, { keys: [key], args: [kind, String(max), String(until)] }, (reply) => {
    cancel();
    resolve(reply instanceof Error ? undefined : reply);
  });
  return promise;
}

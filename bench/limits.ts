import { existsSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  type Claim,
  createMemoryLimits,
  type Hold,
  type Limit,
  type LimitStore,
  type MemoryLimits,
} from '@app/gateway';
import { Secret } from '@app/providers';
import { openTestRedis } from '@app/testkit';
import { openRedisConnection } from '../apps/server/src/limits/redis/open-redis-connection.ts';
import { openRedisLimits } from '../apps/server/src/limits/redis/open-redis-limits.ts';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

const clock = { nowMs: () => Date.now(), monotonicMs: () => performance.now() };

/**
 * What counting costs: reserving and settling four claims (requests, tokens, a month's budget, calls under way), by how
 * many keys and budgets there are; memory for each; and the same over one Redis.
 */
export async function benchLimits(): Promise<string> {
  const lines = ['Limits: reserve and settle four claims', ''];
  lines.push('| counts in memory | µs of CPU each | counts | bytes per count |', '| --- | --- | --- | --- |');
  for (const keys of [1_000, 100_000, 1_000_000]) lines.push(memoryRow(keys));
  lines.push('', ...(await redisRows()), '');
  return lines.join('\n');
}

const BUDGETS = 10_000;
const SLICES = 7;
const ROUNDS = 100_000;
/** Of these, nothing is refused. */
const PLENTY = 10 ** 15;
/** A request that was made stays in its bucket for six minutes. */
const FEW = 10;

function memoryRow(keys: number): string {
  const empty = heapBytes();
  const limits = createMemoryLimits({ clock });
  // Every key has called, and has a call under way.
  for (let key = 0; key < keys; key += 1) limits.reserve(keptClaims(key), () => undefined);
  const bytes = heapBytes() - empty;
  const chosen = Array.from({ length: 1_000 }, (_, at) => claimsOf((at * 7_919) % keys));
  const slices = Array.from({ length: SLICES }, () => spin(limits, chosen));
  const budgets = Math.min(keys, BUDGETS);
  const row = [
    `${keys} keys, ${budgets} budgets`,
    Math.min(...slices).toFixed(2),
    limits.size(),
    Math.round(bytes / limits.size()),
  ];
  return `| ${row.join(' | ')} |`;
}

/** CPU time, of which the fastest of several slices is told: others work on the same machine. */
function spin(limits: MemoryLimits, chosen: readonly Claim[][]): number {
  const from = process.cpuUsage();
  for (let round = 0; round < ROUNDS; round += 1) {
    const claims = chosen[round % chosen.length];
    if (claims === undefined) continue;
    limits.reserve(claims, (taken) => {
      if (taken.kind !== 'taken') throw new Error(`a claim of the bench was ${taken.kind}`);
      limits.settle(taken.hold, [1, 400, 4_000, 0]);
    });
  }
  return process.cpuUsage(from).user / ROUNDS;
}

function claimsOf(key: number): Claim[] {
  const keyId = `key_${String(key).padStart(22, '0')}`;
  const budget = `bud_${String(key % BUDGETS).padStart(22, '0')}`;
  return [
    claim(limitOf(`${keyId}/requests`, { measure: 'requests', period: 'minute', max: PLENTY }), 1),
    claim(limitOf(`lim_${key % BUDGETS}`, { measure: 'tokens', period: 'minute', max: PLENTY }), 1_000),
    claim(limitOf(budget, { measure: 'cost', period: 'month', max: PLENTY }), 10_000),
    claim(limitOf(`${keyId}/concurrency`, { measure: 'concurrency', period: undefined, max: PLENTY }), 1),
  ];
}

/** Counts that stay: a request in its hour, and money in its month. */
function keptClaims(key: number): Claim[] {
  const kept = limitOf(`key_${String(key).padStart(22, '0')}/hour`, {
    measure: 'requests',
    period: 'hour',
    max: FEW,
  });
  return [claim(kept, 1), ...claimsOf(key).slice(2)];
}

function limitOf(id: string, bound: Pick<Limit, 'measure' | 'period' | 'max'>): Limit {
  const scope = { kind: 'key', id } as const;
  const about = {
    organizationId: 'org_1',
    projectId: undefined,
    enforcement: 'enforce',
    zone: 'UTC',
  } as const;
  return { id, name: id, ...about, scope, ...bound };
}

function claim(limit: Limit, amount: number): Claim {
  return { limit, subject: '', amount, floor: 0 };
}

function heapBytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

async function redisRows(): Promise<string[]> {
  if (!existsSync('/usr/bin/redis-server')) return ['Redis: not installed here.'];
  const redis = await openTestRedis();
  const limits = openRedisLimits({
    connection: openRedisConnection({
      url: new Secret(redis.url),
      connectTimeoutMs: 1_000,
      reconnectMsMax: 1_000,
    }),
    clock,
    schedule: (delayMs, run) => {
      const timer = setTimeout(run, delayMs);
      return () => clearTimeout(timer);
    },
    newLeaseId: () => 'bench',
    findSpent: async (counts) => counts.map(() => 0),
    whenAway: 'closed',
    deadlineMs: 10_000,
  });
  try {
    while (limits.isAway()) await new Promise((resolve) => setTimeout(resolve, 10));
    const claims = Array.from({ length: 1_000 }, (_, key) => claimsOf(key));
    await throughRedis(limits, claims, 32);
    const alone = await throughRedis(limits, claims, 1);
    const many = await throughRedis(limits, claims, 32);
    return [
      '| counts in Redis, four claims | µs each |',
      '| --- | --- |',
      `| one call at a time | ${alone.toFixed(0)} |`,
      `| 32 calls at a time | ${many.toFixed(0)} |`,
    ];
  } finally {
    limits.close();
    await redis.close();
  }
}

async function throughRedis(
  limits: LimitStore,
  claims: readonly Claim[][],
  atATime: number,
): Promise<number> {
  const waiting = [...claims];
  const worker = async (): Promise<void> => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const hold = await take(limits, next);
      limits.settle(hold, [1, 400, 4_000, 0]);
    }
  };
  const from = performance.now();
  await Promise.all(Array.from({ length: atATime }, worker));
  return ((performance.now() - from) * 1_000) / claims.length;
}

function take(limits: LimitStore, claims: readonly Claim[]): Promise<Hold> {
  return new Promise((resolve, reject) => {
    limits.reserve(claims, (taken) => {
      if (taken.kind === 'taken') resolve(taken.hold);
      else reject(new Error(`a claim of the bench was ${taken.kind}`));
    });
  });
}

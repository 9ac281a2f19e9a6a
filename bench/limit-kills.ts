import { existsSync } from 'node:fs';
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

const clock = { nowMs: () => Date.now(), monotonicMs: () => performance.now() };

/**
 * What counting costs: reserving and settling four claims (requests, tokens, a month's budget, calls under way), by how
 * many keys and budgets there are; memory for each; and the same over one Redis.
 */
export async function benchLimits(): Promise<string> {
  const lines = ['Limits: reserve and settle four claims', ''];
  lines.push('| counts in memory | µs each | MB | bytes per key |', '| --- | --- | --- | --- |');
  for (const keys of [10, 1_000, 100_000, 1_000_000]) lines.push(memoryRow(keys));
  lines.push('', ...(await redisRows()), '');
  return lines.join('\n');
}

const BUDGETS = 10_000;
const ROUNDS = 300_000;

function memoryRow(keys: number): string {
  const empty = heapBytes();
  const limits = createMemoryLimits({ clock });
  fill(limits, keys);
  const counted = heapBytes();
  // Once more unmeasured, for the compiler.
  spin(limits, keys);
  const micros = spin(limits, keys);
  const bytes = counted - empty;
  const perKey = Math.round(bytes / keys);
  return `| ${keys} keys, ${Math.min(keys, BUDGETS)} budgets | ${micros.toFixed(2)} | ${(bytes / 2 ** 20).toFixed(0)} | ${perKey} |`;
}

/** Every key has called in this minute, and has spent. */
function fill(limits: MemoryLimits, keys: number): void {
  for (let key = 0; key < keys; key += 1) once(limits, claimsOf(key), key < BUDGETS);
}

function spin(limits: MemoryLimits, keys: number): number {
  const rounds = Math.min(ROUNDS, keys * 100_000);
  // Limits are found by the snapshot, once for each key and not here.
  const chosen = Array.from({ length: 1_000 }, (_, at) => claimsOf((at * 7_919) % keys));
  const from = performance.now();
  for (let round = 0; round < rounds; round += 1) {
    const claims = chosen[round % chosen.length];
    if (claims !== undefined) once(limits, claims, true);
  }
  return ((performance.now() - from) * 1_000) / rounds;
}

function once(limits: LimitStore, claims: readonly Claim[], isSettled: boolean): void {
  limits.reserve(claims, (taken) => {
    if (taken.kind !== 'taken') throw new Error(`a claim of the bench was ${taken.kind}`);
    if (isSettled) limits.settle(taken.hold, [1, 400, 4_000, 0]);
    else limits.settle(taken.hold, [1, 400, 0, 0]);
  });
}

function claimsOf(key: number): Claim[] {
  const keyId = `key_${String(key).padStart(22, '0')}`;
  const budget = `bud_${String(key % BUDGETS).padStart(22, '0')}`;
  return [
    claim(limitOf(`${keyId}/requests`, { measure: 'requests', period: 'minute' }), 1),
    claim(limitOf(`lim_tokens_${key % BUDGETS}`, { measure: 'tokens', period: 'minute' }), 1_000),
    claim(limitOf(budget, { measure: 'cost', period: 'month' }), 10_000),
    claim(limitOf(`${keyId}/concurrency`, { measure: 'concurrency', period: undefined }), 1),
  ];
}

function limitOf(id: string, { measure, period }: Pick<Limit, 'measure' | 'period'>): Limit {
  const scope = { kind: 'key', id } as const;
  const about = {
    organizationId: 'org_1',
    projectId: undefined,
    enforcement: 'enforce',
    zone: 'UTC',
  } as const;
  return { id, name: id, ...about, scope, measure, period, max: 10 ** 15 };
}

function claim(limit: Limit, amount: number): Claim {
  return { limit, subject: '', amount, floor: 0 };
}

function heapBytes(): number {
  globalThis.gc?.();
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

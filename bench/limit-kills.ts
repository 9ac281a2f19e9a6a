import { parseArgs } from 'node:util';
import { openDebianRedis } from '../apps/server/test/debian-redis.ts';
import { INPUT_NANOS, OUTPUT_NANOS } from '../apps/server/test/open-billing-upstream.ts';
import { openLimitLab } from '../apps/server/test/open-limit-lab.ts';
import { heardOf, spendTheRest, storm, TOKENS } from '../apps/server/test/storm.ts';
import { waitUntil } from '../apps/server/test/wait-until.ts';

/**
 * Two servers over one Redis and one PostgreSQL; each round callers of both share a new budget while a server is killed,
 * Redis hangs, or Redis loses everything. `npm run soak -- --limits 20`. Ends with status 1 when a provider billed more,
 * of what anybody heard, than the budget.
 */
const { values: options } = parseArgs({
  options: { limits: { type: 'string', default: '20' }, seed: { type: 'string', default: '1' } },
});
const rounds = Number(options.limits);
const random = createRandom(Number(options.seed));
const print = (line: string) => process.stdout.write(`${line}\n`);

const WORST_NANOS = (80 / 2 + 16) * INPUT_NANOS + TOKENS * OUTPUT_NANOS;
const BOTH = [0, 1];
const FAILURES = ['kill', 'hang', 'lose', 'none'] as const;

const redis = await openDebianRedis();
const setting = ['when_counters_are_away: closed', 'counters_timeout_ms: 1000'];
const lab = await openLimitLab({ redisUrl: redis.url, servers: [setting, setting] });
const pause = (waitMs: number) => new Promise((resolve) => setTimeout(resolve, waitMs));
const isShared = async () => (await Promise.all(BOTH.map(lab.counters))).every((each) => each === 'shared');
let faults = 0;

for (let round = 0; round < rounds; round += 1) {
  await waitUntil(isShared);
  const failure = FAILURES[Math.floor(random() * FAILURES.length)] ?? 'none';
  const label = `round ${round}`;
  const key = await lab.makeKey(label);
  const max = (20 + Math.floor(random() * 200)) * WORST_NANOS;
  await lab.limit(key.id, { measure: 'cost', period: 'day', max });
  const run = { key: key.secret, label, servers: BOTH };
  const callers = storm(lab, { ...run, count: 400 });
  await pause(random() * 1_500);
  await fail(failure);
  const { statuses } = await callers;
  const rest = await spendTheRest(lab, run);
  const heard = heardOf(lab.upstream.bill(label), 'cost');
  // Whatever fails: nothing that anybody heard is beyond the budget.
  const isGood = heard <= max && rest.last?.status === 402;
  if (!isGood) faults += 1;
  const figures = { failure, max, heard, statuses, last: rest.last?.status };
  print(`${isGood ? 'good' : 'BAD '} ${label} ${JSON.stringify(figures)}`);
}
await lab.close();
await redis.close();
print(`${rounds} rounds, ${faults} bad`);
process.exitCode = faults === 0 ? 0 : 1;

async function fail(failure: (typeof FAILURES)[number]): Promise<void> {
  if (failure === 'kill') {
    const server = Math.floor(random() * 2);
    await lab.kill(server);
    await lab.start(server);
  } else if (failure === 'hang') {
    redis.hang();
    await pause(500 + random() * 2_000);
    redis.goOn();
    await waitUntil(isShared);
  } else if (failure === 'lose') {
    await redis.kill();
    await pause(random() * 1_000);
    await redis.start();
    await waitUntil(isShared);
  }
}

function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

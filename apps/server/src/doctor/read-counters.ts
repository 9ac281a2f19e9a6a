import type { createClient } from '@redis/client';
import type { Environment } from '../config.ts';
import { readRedisAddress, redisClientOptions } from '../limits/redis/redis-address.ts';

/** What the shared counters say of themselves. */
export type CountersFact = {
  answers: boolean;
  /** What Redis throws away when its memory is full; undefined when it did not say. */
  evictionPolicy: string | undefined;
};

const TIMEOUT_MS = 2_000;
const AWAY: CountersFact = { answers: false, evictionPolicy: undefined };

/** Asks the Redis at `url`; one that does not answer within two seconds is away. Never rejects. */
export async function readCounters(
  url: string,
  environment: Pick<Environment, 'REDIS_CA_FILE'> = {},
): Promise<CountersFact> {
  const waits = { connectTimeout: TIMEOUT_MS, socketTimeout: TIMEOUT_MS, reconnectStrategy: false as const };
  const redis = await import('@redis/client');
  let client: ReturnType<typeof createClient>;
  try {
    const options = redisClientOptions(readRedisAddress(url, environment), waits);
    client = redis.createClient({ ...options, disableOfflineQueue: true });
  } catch {
    return AWAY;
  }
  client.on('error', () => undefined);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('too slow')), TIMEOUT_MS);
  });
  try {
    const asked = client.connect().then(() => client.info('memory'));
    const text = await Promise.race([asked, late]);
    return { answers: true, evictionPolicy: /^maxmemory_policy:(\S+)/m.exec(text)?.[1] };
  } catch {
    return AWAY;
  } finally {
    clearTimeout(timer);
    client.destroy();
  }
}

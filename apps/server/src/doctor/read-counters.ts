import { createClient } from '@redis/client';

/** What the shared counters say of themselves. */
export type CountersFact = {
  answers: boolean;
  /** What Redis throws away when its memory is full; undefined when it did not say. */
  evictionPolicy: string | undefined;
};

const TIMEOUT_MS = 2_000;

/** Asks the Redis at `url`; one that does not answer within two seconds is away. Never rejects. */
export async function readCounters(url: string): Promise<CountersFact> {
  const client = createClient({
    url,
    disableOfflineQueue: true,
    socket: { connectTimeout: TIMEOUT_MS, socketTimeout: TIMEOUT_MS, reconnectStrategy: false },
  });
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
    return { answers: false, evictionPolicy: undefined };
  } finally {
    clearTimeout(timer);
    client.destroy();
  }
}

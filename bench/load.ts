import { Pool } from 'undici';

export type Load = {
  origin: string;
  path: string;
  headers: Record<string, string>;
  body: string;
  requests: number;
  concurrency: number;
};

/** Milliseconds to the first byte of each reply's body, sorted, and of the whole run. */
export type Timing = { firstByteMs: number[]; wallMs: number };

/** Sends `requests` calls, `concurrency` at a time. Rejects when one is not answered by 200. */
export async function runLoad(load: Load): Promise<Timing> {
  const pool = new Pool(load.origin, { connections: load.concurrency, pipelining: 1 });
  const firstByteMs: number[] = [];
  let left = load.requests;
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      firstByteMs.push(await callOnce(pool, load));
    }
  };
  const startedMs = performance.now();
  try {
    await Promise.all(Array.from({ length: load.concurrency }, worker));
  } finally {
    await pool.destroy();
  }
  return { firstByteMs: firstByteMs.sort((a, b) => a - b), wallMs: performance.now() - startedMs };
}

export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return quantile(
    [...values].sort((a, b) => a - b),
    0.5,
  );
}

function callOnce(pool: Pool, load: Load): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const sentMs = performance.now();
  let firstMs: number | undefined;
  let status = 0;
  pool.dispatch(
    { path: load.path, method: 'POST', headers: load.headers, body: load.body },
    {
      onRequestStart: () => undefined,
      onResponseStart: (_controller, code) => {
        status = code;
      },
      onResponseData: () => {
        firstMs ??= performance.now() - sentMs;
      },
      onResponseEnd: () => {
        if (status === 200) resolve(firstMs ?? performance.now() - sentMs);
        else reject(new Error(`${load.origin}${load.path} answered ${status}`));
      },
      onResponseError: (_controller, error) => reject(error),
    },
  );
  return promise;
}

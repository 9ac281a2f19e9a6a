import { AsyncLocalStorage } from 'node:async_hooks';
import { createHmac } from 'node:crypto';
import pg from 'pg';

export type WorkCount = {
  /** Runs a request, and tells what it made the process do: digests of keys and queries, in their order. */
  run<T>(work: () => Promise<T>): Promise<{ value: T; did: string[] }>;
  close(): void;
};

/** Counts for each request what it costs, apart from what a server does by itself. */
export function openWorkCount(): WorkCount {
  const doing = new AsyncLocalStorage<string[]>();
  const hmac: unknown = Object.getPrototypeOf(createHmac('sha256', ''));
  const spies = [spyOn(hmac, 'digest'), spyOn(pg.Client.prototype, 'query')];
  function spyOn(owner: unknown, name: 'digest' | 'query'): () => void {
    if (typeof owner !== 'object' || owner === null) throw new Error(`Nothing has ${name}.`);
    const known: unknown = Reflect.get(owner, name);
    if (typeof known !== 'function') throw new Error(`There is no ${name}.`);
    Reflect.set(owner, name, function counted(this: unknown, ...args: unknown[]): unknown {
      doing.getStore()?.push(name);
      return Reflect.apply(known, this, args);
    });
    return () => Reflect.set(owner, name, known);
  }
  return {
    run: async (work) => {
      const did: string[] = [];
      const value = await doing.run(did, work);
      // What the request left behind goes on counting, and is not part of its answer.
      return { value, did: [...did] };
    },
    close: () => {
      for (const restore of spies) restore();
    },
  };
}

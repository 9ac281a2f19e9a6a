import type { HostProcess } from './host-runtime.ts';

/** What has to be done before the process ends. */
export type Leaving = {
  /** How much was recorded so far. */
  recorded(): number;
  /** Sends what waits, within the time. */
  flush(): Promise<unknown>;
  /** The last moment, in which nothing can be waited for. */
  giveUp(): void;
};

const CELL = Symbol.for('tokentrace.leaving');
const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'];

/** One set for all tracers of the process: several listeners would each take the others for the app's. */
type Host = { [CELL]?: Set<Leaving> };

/**
 * Flushes before the process ends by itself or by a signal, and leaves how it ends as it was: the exit code stays, a
 * signal that only we listen to is raised again afterwards, and one that the app listens to is the app's to answer.
 * Calling what comes back takes the hook away.
 */
export function addExitHook(host: HostProcess | undefined, leaving: Leaving): () => void {
  if (typeof host?.on !== 'function') return () => {};
  const cell = globalThis as Host;
  const all = cell[CELL] ?? listen(host);
  cell[CELL] = all;
  all.add(leaving);
  return () => all.delete(leaving);
}

function listen(host: HostProcess): Set<Leaving> {
  const all = new Set<Leaving>();
  const flushAll = (): Promise<unknown> => Promise.all([...all].map((leaving) => leaving.flush()));
  const flushed = new Map<Leaving, number>();
  // The process comes here again after what we send: what could not be delivered then does not keep it alive for ever.
  host.on?.('beforeExit', () => {
    for (const leaving of all) {
      const recorded = leaving.recorded();
      if (flushed.get(leaving) === recorded) continue;
      flushed.set(leaving, recorded);
      void leaving.flush();
    }
  });
  host.on?.('exit', () => {
    for (const leaving of all) leaving.giveUp();
  });
  for (const signal of SIGNALS) listenTo(host, signal, flushAll);
  return all;
}

function listenTo(host: HostProcess, signal: string, flushAll: () => Promise<unknown>): void {
  const onSignal = async (): Promise<void> => {
    const isOurs = host.listenerCount?.(signal) === 1;
    // A second signal while we flush ends the process at once, as it would without us.
    if (isOurs) host.removeListener?.(signal, onSignal);
    await flushAll();
    if (isOurs && host.pid !== undefined) host.kill?.(host.pid, signal);
  };
  try {
    host.on?.(signal, onSignal);
  } catch {
    // A signal that this system does not have.
  }
}

import { EngineError } from './engine-error.ts';
import { type EngineSession, openSession } from './open-session.ts';
import { quoteText } from './quote-sql.ts';
import type { JobSummary, SessionJob, SessionSettings } from './session-job.ts';

export interface PoolLimits {
  sessions: number;
  queueMax: number;
  queueWaitMs: number;
}

interface QueryRun {
  /** The `log_comment` the job carries: by it the query is found when it must be killed. */
  mark: string;
  job: SessionJob;
  write: (bytes: Uint8Array) => Promise<void>;
  /** Gives the query up: it leaves the queue, or is killed in the engine. */
  signal: AbortSignal;
}

export interface SessionPool {
  /** Runs a query on the next free session. Rejects with an EngineError, 202 when too many are waiting. */
  run(query: QueryRun): Promise<JobSummary>;
  /** Rejects when the engine does not answer. */
  check(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the engine on one data folder: a session that is kept free for health checks and for killing queries, and as
 * many others as are needed at the same time, up to the limit. `onBroken` is told when the engine can no longer be
 * trusted.
 */
export async function openSessionPool(
  settings: SessionSettings,
  limits: PoolLimits,
  onBroken: (message: string) => void,
): Promise<SessionPool> {
  const control = createControl(await openSession(settings, onBroken));
  const queue = createQueue(() => openSession(settings, onBroken), limits);
  return {
    async run(query) {
      const session = await queue.take(query.signal);
      try {
        return await runWatched(() => runKillable(session, query, control), onBroken);
      } finally {
        queue.give(session);
      }
    },
    check: () => control.execute('SELECT 1'),
    async close() {
      await Promise.all(queue.opened().map((session) => session.close()));
      await control.close();
    },
  };
}

/** Far beyond every limit of a query: an engine that is still at it hangs, and the session would be lost. */
const hangMs = 30 * 60_000;

async function runWatched<T>(run: () => Promise<T>, onBroken: (message: string) => void): Promise<T> {
  const watch = setTimeout(() => onBroken('A query does not end.'), hangMs);
  try {
    return await run();
  } finally {
    clearTimeout(watch);
  }
}

async function runKillable(session: EngineSession, query: QueryRun, control: Control): Promise<JobSummary> {
  const over = new AbortController();
  const onAbort = () => {
    session.cancel();
    void killUntil(over.signal, query.mark, control);
  };
  if (query.signal.aborted) throw cancelled();
  query.signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await session.run(query.job, query.write);
  } finally {
    query.signal.removeEventListener('abort', onAbort);
    over.abort();
  }
}

/** Repeats, because a query that is still being planned is not yet in the list that KILL searches. */
async function killUntil(over: AbortSignal, mark: string, control: Control): Promise<void> {
  const sql = `KILL QUERY WHERE Settings['log_comment'] = ${quoteText(mark)} ASYNC`;
  while (!over.aborted) {
    await control.execute(sql).catch(() => undefined);
    if (!over.aborted) await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

interface Control {
  execute(sql: string): Promise<void>;
  close(): Promise<void>;
}

/** A session that takes statements one after the other. */
function createControl(session: EngineSession): Control {
  let last: Promise<unknown> = Promise.resolve();
  return {
    execute(sql) {
      const job: SessionJob = { kind: 'whole', sql, format: 'TSV', before: [], after: [] };
      const done = last.then(() => session.run(job, async () => undefined));
      last = done.catch(() => undefined);
      return done.then(() => undefined);
    },
    close: () => session.close(),
  };
}

/** Hands out sessions: a free one, else a new one up to the limit, else the next that becomes free. */
function createQueue(open: () => Promise<EngineSession>, { sessions, queueMax, queueWaitMs }: PoolLimits) {
  const free: EngineSession[] = [];
  const opened: EngineSession[] = [];
  const waiting: ((session: EngineSession) => void)[] = [];
  let opening = 0;
  const openAnother = async (): Promise<EngineSession> => {
    opening += 1;
    try {
      const session = await open();
      opened.push(session);
      return session;
    } finally {
      opening -= 1;
    }
  };
  return {
    opened: () => opened,
    give(session: EngineSession): void {
      const next = waiting.shift();
      if (next) next(session);
      else free.push(session);
    },
    async take(signal: AbortSignal): Promise<EngineSession> {
      if (signal.aborted) throw cancelled();
      const session = free.pop();
      if (session) return session;
      if (opened.length + opening < sessions) return openAnother();
      if (waiting.length >= queueMax) throw tooMany(`${queueMax} are waiting already`);
      return waitForTurn(waiting, { signal, queueWaitMs });
    },
  };
}

function waitForTurn(
  waiting: ((session: EngineSession) => void)[],
  { signal, queueWaitMs }: { signal: AbortSignal; queueWaitMs: number },
): Promise<EngineSession> {
  const { promise, resolve, reject } = Promise.withResolvers<EngineSession>();
  const leave = (error: EngineError) => {
    const place = waiting.indexOf(resolve);
    if (place >= 0) waiting.splice(place, 1);
    reject(error);
  };
  const onAbort = () => leave(cancelled());
  const timer = setTimeout(() => leave(tooMany(`none became free within ${queueWaitMs} ms`)), queueWaitMs);
  signal.addEventListener('abort', onAbort, { once: true });
  waiting.push(resolve);
  return promise.finally(() => {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  });
}

const cancelled = () => new EngineError(394, 'QUERY_WAS_CANCELLED', 'Query was cancelled.');

const tooMany = (why: string) =>
  new EngineError(202, 'TOO_MANY_SIMULTANEOUS_QUERIES', `Too many simultaneous queries: ${why}.`);

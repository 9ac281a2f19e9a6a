import { EngineError } from './engine-error.ts';
import { type EngineSession, openSession } from './open-session.ts';
import { quoteText } from './quote-sql.ts';
import type { JobSummary, SessionJob, SessionSettings } from './session-job.ts';

export interface PoolLimits {
  sessions: number;
  queueMax: number;
  queueWaitMs: number;
}

export interface QueryRun {
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
 * Opens several sessions of the engine on one data folder, and one more that is kept free for health checks and for
 * killing queries. `onBroken` is told when the engine can no longer be trusted.
 */
export async function openSessionPool(
  settings: SessionSettings,
  limits: PoolLimits,
  onBroken: (message: string) => void,
): Promise<SessionPool> {
  // The first session loads the data folder; the others join it.
  const control = createControl(await openSession(settings, onBroken));
  const sessions = await Promise.all(
    Array.from({ length: limits.sessions }, () => openSession(settings, onBroken)),
  );
  const queue = createQueue(sessions, limits);
  return {
    async run(query) {
      const session = await queue.take(query.signal);
      try {
        return await runKillable(session, query, control);
      } finally {
        queue.give(session);
      }
    },
    check: () => control.execute('SELECT 1'),
    async close() {
      await Promise.all(sessions.map((session) => session.close()));
      await control.close();
    },
  };
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

function createQueue(sessions: EngineSession[], { queueMax, queueWaitMs }: PoolLimits) {
  const free = [...sessions];
  const waiting: ((session: EngineSession) => void)[] = [];
  return {
    give(session: EngineSession): void {
      const next = waiting.shift();
      if (next) next(session);
      else free.push(session);
    },
    async take(signal: AbortSignal): Promise<EngineSession> {
      if (signal.aborted) throw cancelled();
      const session = free.pop();
      if (session) return session;
      if (waiting.length >= queueMax) throw tooMany(`${queueMax} are waiting already`);
      const { promise, resolve, reject } = Promise.withResolvers<EngineSession>();
      const leave = (error: EngineError) => {
        const place = waiting.indexOf(resolve);
        if (place >= 0) waiting.splice(place, 1);
        reject(error);
      };
      const onAbort = () => leave(cancelled());
      const timer = setTimeout(
        () => leave(tooMany(`none became free within ${queueWaitMs} ms`)),
        queueWaitMs,
      );
      signal.addEventListener('abort', onAbort, { once: true });
      waiting.push(resolve);
      return promise.finally(() => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
      });
    },
  };
}

const cancelled = () => new EngineError(394, 'QUERY_WAS_CANCELLED', 'Query was cancelled.');

const tooMany = (why: string) =>
  new EngineError(202, 'TOO_MANY_SIMULTANEOUS_QUERIES', `Too many simultaneous queries: ${why}.`);

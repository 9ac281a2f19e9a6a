import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { type ChdbQueryStream, Session } from 'chdb';
import { drainSession } from './drain-session.ts';
import type { FromSession, JobSummary, SessionJob, SessionSettings, ToSession } from './session-job.ts';

/**
 * One session of the engine in a thread of its own. Planning a query blocks the thread that asks for it (subqueries
 * run right there), and that must not be the thread that answers health checks and delivers cancellations.
 */
if (parentPort) serveSession(parentPort, readSettings(workerData));

function readSettings(data: SessionSettings): SessionSettings {
  return data;
}

function serveSession(port: MessagePort, settings: SessionSettings): void {
  const open = () =>
    new Session(settings.dataPath, { connectionArgs: [`--config-file=${settings.configFile}`] });
  const send = (message: FromSession) => port.postMessage(message);
  const state = { session: open(), flow: createFlow() };
  port.on('message', (message: ToSession) => {
    if (message.kind === 'credit') state.flow.add();
    else if (message.kind === 'cancel') state.flow.cancel();
    else if (message.kind === 'close') {
      state.session.close();
      send({ kind: 'closed' });
    } else {
      state.flow = createFlow();
      void serveJob(message.job).catch((error: unknown) => send({ kind: 'broken', message: String(error) }));
    }
  });
  send({ kind: 'ready' });

  async function serveJob(job: SessionJob): Promise<void> {
    const { flow } = state;
    let isClean = false;
    try {
      const summary = await runJob(state.session, job, { flow, send });
      isClean = !flow.isCancelled();
      send({ kind: 'end', summary });
    } catch (error) {
      send({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
    }
    if (!isClean && settings.isDrained) await cleanUp(job.after);
    send({ kind: 'free' });
  }

  async function cleanUp(after: string[]): Promise<void> {
    // Settings go back first as well: with the old mark the draining itself could be killed.
    await restore(state.session, after);
    if ((await drainSession(state.session)) && (await restore(state.session, after))) return;
    state.session.close();
    state.session = open();
    if (!(await drainSession(state.session)))
      throw new Error('A fresh session of the engine does not answer.');
  }
}

interface Flow {
  add(): void;
  cancel(): void;
  isCancelled(): boolean;
  /** Resolves when one more chunk may be sent, or at once after `cancel`. */
  take(): Promise<void>;
}

function createFlow(): Flow {
  let credits = 2;
  let isCancelled = false;
  let wake: (() => void) | undefined;
  const notify = () => {
    wake?.();
    wake = undefined;
  };
  return {
    add() {
      credits += 1;
      notify();
    },
    cancel() {
      isCancelled = true;
      notify();
    },
    isCancelled: () => isCancelled,
    async take() {
      while (credits === 0 && !isCancelled) await new Promise<void>((resolve) => (wake = resolve));
      credits -= 1;
    },
  };
}

async function runJob(
  session: Session,
  job: SessionJob,
  { flow, send }: { flow: Flow; send: (message: FromSession) => void },
): Promise<JobSummary> {
  for (const sql of job.before) await session.queryAsync(sql, { format: 'TSV' });
  const summary = await runStatement(session, job, { flow, send });
  for (const sql of job.after) await session.queryAsync(sql, { format: 'TSV' });
  return summary;
}

async function runStatement(
  session: Session,
  job: SessionJob,
  { flow, send }: { flow: Flow; send: (message: FromSession) => void },
): Promise<JobSummary> {
  if (job.kind === 'insert') return insert(session, job);
  if (job.kind === 'whole') {
    const result = await session.queryAsync(job.sql, { format: job.format });
    const bytes = result.bytes();
    if (bytes.length > 0) send({ kind: 'chunk', bytes });
    return { readRows: result.rowsRead, readBytes: result.bytesRead, writtenRows: 0, writtenBytes: 0 };
  }
  return stream(session.queryStream(job.sql, { format: job.format }), { flow, send });
}

async function stream(
  chunks: ChdbQueryStream,
  { flow, send }: { flow: Flow; send: (message: FromSession) => void },
): Promise<JobSummary> {
  const summary = { readRows: 0, readBytes: 0, writtenRows: 0, writtenBytes: 0 };
  for await (const chunk of chunks) {
    if (flow.isCancelled()) break;
    const bytes = chunk.raw();
    summary.readRows += chunk.numRows;
    summary.readBytes += bytes.length;
    if (bytes.length === 0) continue;
    await flow.take();
    if (flow.isCancelled()) break;
    send({ kind: 'chunk', bytes });
  }
  return summary;
}

async function insert(session: Session, job: SessionJob & { kind: 'insert' }): Promise<JobSummary> {
  const { table, columns, format, settings } = job;
  const values = Buffer.from(job.values.buffer, job.values.byteOffset, job.values.byteLength);
  const result = await session.insert({ table, format, settings, values, ...(columns && { columns }) });
  return {
    readRows: result.rowsSent ?? 0,
    readBytes: result.bytesSent,
    writtenRows: result.rowsWritten,
    writtenBytes: result.bytesWritten,
  };
}

async function restore(session: Session, after: string[]): Promise<boolean> {
  try {
    for (const sql of after) await session.queryAsync(sql, { format: 'TSV' });
    return true;
  } catch {
    return false;
  }
}

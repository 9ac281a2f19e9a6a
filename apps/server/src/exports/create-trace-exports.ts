import type { TraceExport } from '@app/contract';
import { GatewayError } from '@app/protocol';
import type { FileAnswer } from '../http/answer-file.ts';
import type { FindSpanDetails } from '../traces/create-find-span-details.ts';
import { type ListTraces, readPages } from './read-pages.ts';
import { writePages } from './write-pages.ts';

type AskedFile = {
  projectId: string;
  search: TraceExport;
  /** Rejects once whoever asked may not ask any more; looked at before every page. */
  stillMay: () => Promise<void>;
};

export type TraceExports = {
  /**
   * Everything that is found, as a file. Rejects with `concurrency_limit_exceeded` or `overloaded` while as many run as may, and as the store does when its
   * first page cannot be read; later failures cut the file off, for no status can tell them any more.
   */
  begin(asked: AskedFile): Promise<FileAnswer>;
};

export type TraceExportsDeps = {
  listTracesToExport: ListTraces;
  findDetails: FindSpanDetails;
  nowMs: () => number;
};

const RUNNING_MAX = { ofProject: 2, ofAll: 8 };

const types = {
  ndjson: 'application/x-ndjson; charset=utf-8',
  csv: 'text/csv; charset=utf-8; header=present',
  parquet: 'application/vnd.apache.parquet',
} as const;

export function createTraceExports({
  listTracesToExport,
  findDetails,
  nowMs,
}: TraceExportsDeps): TraceExports {
  const running = new Map<string, number>();
  return {
    begin: async ({ projectId, search, stillMay }) => {
      const { format, content, of = 'calls' } = search;
      refuseImpossible(search);
      const release = takePlace(running, projectId);
      try {
        const list: ListTraces = async (...asked) => {
          await stillMay();
          return listTracesToExport(...asked);
        };
        const pages = readPages(list, projectId, search);
        // What cannot be asked at all is told with a status, before the first byte.
        const first = await pages.next();
        const bytes = writePages(startingWith(first, pages), { format, content }, { findDetails, projectId });
        const day = new Date(nowMs()).toISOString().slice(0, 10);
        return { type: types[format], name: `${of}-${day}.${format}`, bytes: releasing(bytes, release) };
      } catch (error) {
        release();
        throw error;
      }
    },
  };
}

function refuseImpossible({ format, content, of }: TraceExport): void {
  if (!content) return;
  if (format !== 'ndjson')
    throw invalid('Content is only written as NDJSON: leave content out, or ask for format=ndjson.');
  if (of === 'traces')
    throw invalid('A whole trace has the content of many spans: ask with of=calls or of=spans.');
}

const invalid = (message: string) =>
  new GatewayError('invalid_parameter', message, { param: 'content', retryable: false });

function takePlace(running: Map<string, number>, projectId: string): () => void {
  const mine = running.get(projectId) ?? 0;
  const all = [...running.values()].reduce((sum, count) => sum + count, 0);
  if (mine >= RUNNING_MAX.ofProject) {
    const message = `This project has ${mine} exports running already. Ask again when one has ended.`;
    throw new GatewayError('concurrency_limit_exceeded', message, { retryAfterS: 10 });
  }
  if (all >= RUNNING_MAX.ofAll) {
    const message = 'As many exports run as may at once. Ask again when one has ended.';
    throw new GatewayError('overloaded', message, { retryAfterS: 30 });
  }
  running.set(projectId, mine + 1);
  let isHeld = true;
  return () => {
    if (!isHeld) return;
    isHeld = false;
    const left = (running.get(projectId) ?? 1) - 1;
    if (left === 0) running.delete(projectId);
    else running.set(projectId, left);
  };
}

async function* startingWith<T>(
  first: IteratorResult<T, void>,
  rest: AsyncGenerator<T, void, undefined>,
): AsyncGenerator<T, void, undefined> {
  if (first.done !== true) yield first.value;
  yield* rest;
}

/** A reader that leaves before the first byte never starts a generator, whose own `finally` then does not run. */
function releasing<T>(steps: AsyncGenerator<T, void, undefined>, release: () => void): AsyncIterable<T> {
  return {
    [Symbol.asyncIterator]: () => ({
      next: async () => {
        try {
          const step = await steps.next();
          if (step.done === true) release();
          return step;
        } catch (error) {
          release();
          throw error;
        }
      },
      return: async () => {
        release();
        await steps.return();
        return { done: true, value: undefined };
      },
    }),
  };
}

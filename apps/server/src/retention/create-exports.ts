import type { ExportLine } from '@app/contract';
import { GatewayError } from '@app/protocol';
import type { Store } from '@app/store';
import { type AskedExport, type ExportDeps, exportProject } from './export-project.ts';

/** Exports under way: one of a project, and few of all, for each reads through everything. */
export type Exports = {
  /**
   * Throws `conflict` while one of the project runs, `overloaded` while as many run as may, and `store_unavailable` when
   * the trace store does not answer: once lines are on their way no status can tell.
   */
  begin(asked: AskedExport): Promise<AsyncIterable<ExportLine>>;
};

const RUNNING_MAX = 4;

export type ExportsDeps = ExportDeps & { traces: Pick<Store['traces'], 'readClock'> };

export function createExports(deps: ExportsDeps): Exports {
  const running = new Set<string>();
  return {
    begin: async (asked) => {
      const { id } = asked.project;
      if (running.has(id)) {
        const message = 'Everything of this project is being exported already; ask again when that is over.';
        throw new GatewayError('conflict', message, { retryable: true });
      }
      if (running.size >= RUNNING_MAX) {
        const message = 'As many exports run as may at once. Try again soon.';
        throw new GatewayError('overloaded', message, { retryAfterS: 30 });
      }
      running.add(id);
      try {
        await deps.traces.readClock();
      } catch (error) {
        running.delete(id);
        throw error;
      }
      return releasing(exportProject(deps, asked), () => running.delete(id));
    },
  };
}

/** A reader that leaves before its first line never starts a generator, whose own `finally` then does not run. */
function releasing<T>(lines: AsyncGenerator<T, void, undefined>, release: () => void): AsyncIterable<T> {
  const ending = async (step: Promise<IteratorResult<T, void>>): Promise<IteratorResult<T, void>> => {
    try {
      const result = await step;
      if (result.done) release();
      return result;
    } catch (error) {
      release();
      throw error;
    }
  };
  return {
    [Symbol.asyncIterator]: () => ({
      next: () => ending(lines.next()),
      return: () => ending(lines.return()),
      throw: (error) => ending(lines.throw(error)),
    }),
  };
}

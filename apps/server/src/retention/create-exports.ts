import type { ExportLine } from '@app/contract';
import { GatewayError } from '@app/protocol';
import { type AskedExport, type ExportDeps, exportProject } from './export-project.ts';

/** Exports under way: one of a project, and few of all, for each reads through everything. */
export type Exports = {
  /** Throws `conflict` while one of the project runs, and `overloaded` while as many run as may. */
  begin(asked: AskedExport): AsyncIterable<ExportLine>;
};

const RUNNING_MAX = 4;

export function createExports(deps: ExportDeps): Exports {
  const running = new Set<string>();
  return {
    begin: (asked) => {
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
